import Core
import JSON

/// What is said to a text, as a reply's JSON.
struct Told: Sendable, Hashable {
    var json: JSON
    /// What may be kept of it and be seen by others; nil where that is all of it.
    var kept: JSON?
    /// Where the conversation keeps it: its id, and the number of the message.
    var conversation: String?
    var number: Int?

    init(_ json: JSON) { self.json = json }

    /// Empty where there is nothing to say.
    var text: String { json["text"]?.string ?? "" }

    init(_ text: String) { json = ["text": .string(text)] }

    /// What went wrong, as it is told.
    init(_ error: GatehouseError) {
        let hint = error.hint.map { " Next: \($0)." } ?? ""
        self.init("That did not work: \(error.message).\(hint)")
    }
}

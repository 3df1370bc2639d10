/// All that can be said: the intents that Gatehouse brings along, and one for each workflow of the library.
struct Catalogue: Sendable {
    let intents: [ConversationIntent]
    /// Texts of none.
    let outOfScope: [String]
    private let byName: [String: Int]

    init(_ intents: [ConversationIntent], outOfScope: [String]) {
        self.intents = intents
        self.outOfScope = outOfScope
        var byName: [String: Int] = [:]
        for (index, intent) in intents.enumerated() { byName[intent.name] = index }
        self.byName = byName
    }

    subscript(name: String) -> ConversationIntent? { byName[name].map { intents[$0] } }
}

import Core
import JSON

/// What the house says of its own accord.
enum Sentence {
    static let greeting =
        "Hello. Say what you want to know or have done, in your own words; \"what can you do\" lists it."
    static let welcome = "You are welcome."
    static let inWriting =
        "What is spoken agrees to nothing. Say yes in writing, in this conversation on the console's chat page."
    static let help = """
        Say what you want in your own words, such as "assess /srv/shop" or "what should I fix first". What only reads is done \
        at once. What changes something I first say as a plan, and do after a clear yes. "undo that" takes the last change \
        back, "status of that" says where it stands. Whatever you ask for passes the gate as your own request: what you \
        may not do, I do not do for you.
        """

    static func notUnderstood(_ nearest: [String], _ catalogue: Catalogue) -> String {
        let offers = nearest.compactMap { catalogue[$0]?.title }.map { "\"\(inner($0))\"" }
        let offer = offers.isEmpty ? "" : " The nearest that I can do: \(offers.joined(separator: ", "))."
        return "I did not understand that.\(offer) I speak of this house only: findings, assessments, fixes, threats, "
            + "approvals, workflows, integrations and the record."
    }

    /// A plan in words, with each argument as it will be given.
    static func echo(_ plan: PlannedDeed) -> String {
        let deed = plan.deed
        let what =
            switch deed.work {
            case .submit(let tool, let target, let arguments):
                "\(tool) on \(PlainText.line(target, limit: 200))\(with(arguments))"
            case .undo(let action): "take back action \(action)"
            case .look(let action): "look at action \(action)"
            }
        return "This is my plan, to \(inner(deed.title)): \(what). \(consequence(plan.effect)) Shall I? Say yes or no."
    }

    private static func consequence(_ effect: Effect) -> String {
        switch effect {
        case .read: "It only reads."
        case .reveal: "It reveals something secret."
        case .change: "It changes something."
        case .destroy: "It alters something for good."
        }
    }

    private static func with(_ arguments: JSON) -> String {
        let told = (arguments.object ?? [:]).compactMap { key, value -> String? in
            value.object?.isEmpty == true ? nil : "\(key) = \(PlainText.line(shown(value), limit: 300))"
        }
        return told.isEmpty ? "" : " with \(told.joined(separator: ", "))"
    }

    private static func shown(_ value: JSON) -> String {
        guard case .object(let members) = value else { return value.text() }
        return members.map { "\($0.key) = \($0.value.text())" }.joined(separator: ", ")
    }

    static func failure(_ error: GatehouseError) -> String {
        let opening = error.code == .denied ? "That is denied: " : "That did not work: "
        let cause = error.code == .denied ? error.cause.map { " (\($0))" } ?? "" : ""
        let hint = error.hint.map { " Next: \($0)." } ?? ""
        return "\(opening)\(error.message)\(cause).\(hint)"
    }

    /// A title in the midst of a sentence: "Show open findings" → "show open findings".
    static func inner(_ title: String) -> String { title.prefix(1).lowercased() + title.dropFirst() }

    /// Whether a text speaks of what was spoken of before.
    static func pointsBack(_ text: String) -> Bool {
        let words: Set<String> = ["it", "that", "this", "there", "them", "again", "its", "same", "these", "those"]
        return Wording(text).words.contains { words.contains($0.plain) }
    }
}

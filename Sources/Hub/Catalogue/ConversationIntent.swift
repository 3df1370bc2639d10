import JSON

/// Something that people say, and what it leads to.
struct ConversationIntent: Sendable, Hashable {
    /// What the conversation does by itself; all else is a tool's.
    enum Reflex: String, Sendable, Hashable {
        case help, abilities, greeting, thanks, undo, status, cancel
        /// Explains the last refusal, or else the last action.
        case why
    }

    static let workflowPrefix = "workflow:"

    /// `findings.show`; `workflow:NAME` for those that workflows bring along.
    var name: String
    /// What it does, in words: "Show open findings".
    var title: String
    var phrases: [String]
    /// How it is suggested: the first of which all slots are known.
    var sayings: [String]
    var reflex: Reflex?
    /// Nil for a reflex that needs none.
    var call: ToolCall?
    var slots: [SlotNeed] = []
    var telling = Telling()
    /// Where to look further: a path, made of slots and of the answer.
    var link: String?
    /// Intents that usually follow.
    var next: [String] = []
    /// Whether a workflow's own intent takes over, once it is known which.
    var becomesWorkflow = false

    func slot(_ name: String) -> SlotNeed? { slots.first { $0.name == name } }
}

/// A tool and how its arguments are made of slots.
struct ToolCall: Sendable, Hashable {
    var tool: String
    var target: ArgumentTemplate
    var arguments: ArgumentTemplate
}

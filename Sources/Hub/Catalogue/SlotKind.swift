import Intent

/// What a slot holds: how its value is found in a text, and what it is as an argument.
enum SlotKind: String, Sendable, Hashable, CaseIterable {
    case repository, workflow, destination, tool, rule, environment, severity
    case number, time, flag, text
    case run, action, finding, approval

    /// What ``SlotTagger`` calls it.
    var tags: Set<String> {
        switch self {
        case .repository: ["repository", "path", "url"]
        case .number: ["number", "quantity"]
        case .time: ["time", "duration"]
        case .flag, .text: []
        default: [rawValue]
        }
    }

    /// Prefixes of ids, for the tagger.
    static let identifiers: [String: String] = [
        "act": "action", "apr": "approval", "fnd": "finding", "run": "run",
    ]

    /// The prefix of its ids; nil for what is no id.
    var prefix: String? { Self.identifiers.first { $0.value == rawValue }?.key }

    /// Whether only names that the house knows are values.
    var isClosed: Bool { [.workflow, .destination, .tool, .rule].contains(self) }

    /// What stands in training for a value that no tagger could tell.
    var samples: [String] {
        switch self {
        case .repository: ["shop", "payments-api", "our backend"]
        case .text: ["the build is broken", "injection", "login"]
        default: []
        }
    }
}

/// What an intent wants to know.
struct SlotNeed: Sendable, Hashable {
    /// Where a value comes from that was not said.
    enum Source: String, Sendable, Hashable {
        case lastRun = "last_run"
        case lastAction = "last_action"
    }

    var name: String
    var kind: SlotKind
    var isRequired = false
    /// How it is asked for.
    var question: String
    var source: Source?
    /// Where the value has to be one of these.
    var choices: [String] = []
}

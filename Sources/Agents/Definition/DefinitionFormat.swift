import Config

/// What a value in an agent's file may be. Reading and the JSON Schema come from these.
indirect enum DefinitionKind: Sendable {
    /// Any single value, as its text, of 1 to so many bytes.
    case text(most: Int)
    case word(DefinitionWord)
    case words(DefinitionWord, most: Int)
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case duration(ClosedRange<Duration>)
    /// A JSON Schema of an object.
    case schema
    case object([DefinitionField])
}

/// A key of an agent's file.
struct DefinitionField: Sendable {
    let name: String
    let kind: DefinitionKind
    /// One sentence for editors.
    let summary: String
    let isRequired: Bool

    init(_ name: String, _ kind: DefinitionKind, _ summary: String, required: Bool = false) {
        (self.name, self.kind, self.summary, isRequired) = (name, kind, summary, required)
    }
}

/// The format of an agent's file, docs/agents.md.
enum DefinitionFormat {
    static let fields: [DefinitionField] = [
        DefinitionField("name", .word(.name), "How callers and workflows call it.", required: true),
        DefinitionField("title", .text(most: 200), "One line for people.", required: true),
        DefinitionField("duty", .text(most: 8000), "What it is for; its model is told.", required: true),
        DefinitionField("procedure", .word(.name), "What it does without a model, by name.", required: true),
        DefinitionField(
            "models", .words(.model, most: 16), "Models that it asks, the preferred one first; none if absent."),
        DefinitionField(
            "tools", .words(.tool, most: 64), "All that it may call; scan.* for a room, nothing if absent."),
        DefinitionField(
            "labels", .words(.label, most: 32), "Labels of what its model may see; none if absent."),
        DefinitionField("budget", .object(budget), "What one run may use."),
        DefinitionField("input", .schema, "JSON Schema of what it is given.", required: true),
        DefinitionField("output", .schema, "JSON Schema of what it yields.", required: true),
    ]

    private static let budget: [DefinitionField] = [
        DefinitionField("steps", .whole(1...100), "Turns of the model and calls that it asks for; 12 if absent."),
        DefinitionField("tokens", .whole(0...10_000_000), "Of all calls to models; 60000 if absent."),
        DefinitionField("cost", .number(0...1000), "In US dollars; 1 if absent."),
        DefinitionField("time", .duration(.seconds(1) ... .seconds(3600)), "From first to last; 10m if absent."),
        DefinitionField("idle", .whole(1...20), "Turns in a row that bring nothing new; 3 if absent."),
    ]
}

/// What a word of an agent's file may look like.
enum DefinitionWord: Sendable {
    /// Of an agent or a procedure.
    case name
    /// A model with its provider, or a group of models; an effort may follow.
    case model
    /// A tool's id, or all of a room.
    case tool
    case label

    /// In ECMA-262, for the JSON Schema.
    var pattern: String {
        switch self {
        case .name: "^[a-z][a-z0-9-]{0,63}$"
        case .model: "^[^\\u0000-\\u001f\\u007f]{1,256}$"
        case .tool: "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$|^[a-z][a-z0-9_]*\\.\\*$"
        case .label: "^[a-z][a-z0-9_-]{0,63}$"
        }
    }

    var hint: String {
        switch self {
        case .name: "use lower-case letters, digits and hyphens, beginning with a letter, 64 at most"
        case .model: "write provider/model, as in \"openai/gpt-5.4 (high)\", or the name of a group"
        case .tool: "write the id of a tool, such as scan.assess, or scan.* for all of a room"
        case .label: "write a label such as pii or untrusted"
        }
    }

    func allows(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= (self == .model ? 256 : 128) else { return false }
        switch self {
        case .name, .label:
            return bytes.count <= 64 && Self.isLetter(first)
                && bytes.allSatisfy { Self.isWord($0) || $0 == 0x2D || self == .label && $0 == 0x5F }
        case .model: return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        case .tool:
            let words = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
            if words.count == 2, words[1].elementsEqual([0x2A]) { return Self.isToolWord(words[0]) }
            return words.count > 1 && words.allSatisfy(Self.isToolWord)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) }

    private static func isToolWord(_ word: Substring.UTF8View.SubSequence) -> Bool {
        guard let first = word.first, isLetter(first) else { return false }
        return word.allSatisfy { isWord($0) || $0 == 0x5F }
    }
}

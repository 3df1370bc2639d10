import Config

/// What a value in a workflow's file may be. Reading, checking and the JSON Schema come from these.
indirect enum FormatKind: Sendable {
    /// Any single value, as its text, of so many bytes at the most.
    case text(most: Int)
    case name(NameRule)
    case flag
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case duration(ClosedRange<Duration>)
    case word([String])
    /// With or without the braces around it.
    case expression
    case template(TemplateShape)
    /// JSON that is taken as it stands.
    case constant
    case list(of: FormatKind, most: Int)
    case map(of: FormatKind, keys: NameRule, most: Int)
    case object(FormatObject)
    /// One of them, told by how it is written.
    case shaped(scalar: FormatKind? = nil, list: FormatKind? = nil, map: FormatKind? = nil)

    /// What a template has to be; an expression in its place may yield it.
    enum TemplateShape: Sendable {
        case any, text, list, object
    }
}

/// What a name may look like.
enum NameRule: Sendable {
    /// Of a workflow.
    case workflow
    /// Of a step, an input or an output: what expressions can say after a point.
    case id
    case tool
    /// Of a role, a branch, an event, a person.
    case word

    /// In ECMA-262, for the JSON Schema.
    var pattern: String {
        switch self {
        case .workflow: "^[a-z0-9][a-z0-9-]{0,63}$"
        case .id: "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"
        case .tool: "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$"
        case .word: "^[^\\s\\u0000-\\u001f\\u007f]{1,200}$"
        }
    }

    var hint: String {
        switch self {
        case .workflow: "use lower-case letters, digits and hyphens, 64 at most"
        case .id: "begin with a letter, then letters, digits, hyphens and underscores, 64 at most"
        case .tool: "use lower-case words joined by dots, such as scan.assess"
        case .word: "use 1 to 200 characters without white space"
        }
    }

    func allows(_ name: String) -> Bool {
        let utf8 = name.utf8
        switch self {
        case .workflow: return (1...64).contains(utf8.count) && utf8.first != 0x2D && utf8.allSatisfy(Self.isInSlug)
        case .id:
            return (1...64).contains(utf8.count) && utf8.allSatisfy(Self.isInID)
                && utf8.first.map { !(0x30...0x39).contains($0) && $0 != 0x2D } == true
        case .tool:
            let words = utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return words.count > 1 && utf8.count <= 128 && words.allSatisfy(Self.isToolWord)
        case .word:
            let scalars = name.unicodeScalars
            return (1...200).contains(scalars.count)
                && scalars.allSatisfy { !$0.properties.isWhitespace && $0.value >= 0x20 && $0.value != 0x7F }
        }
    }

    private static func isInSlug(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func isInID(_ byte: UInt8) -> Bool {
        isInSlug(byte) || (0x41...0x5A).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func isToolWord(_ word: Substring.UTF8View.SubSequence) -> Bool {
        guard let first = word.first, (0x61...0x7A).contains(first) else { return false }
        return word.allSatisfy { isInSlug($0) && $0 != UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
}

/// A key of one of the format's objects.
struct FormatField: Sendable {
    var name: String
    var kind: FormatKind
    /// One sentence for editors.
    var summary: String
    var isRequired: Bool

    init(_ name: String, _ kind: FormatKind, _ summary: String, required: Bool = false) {
        (self.name, self.kind, self.summary, self.isRequired) = (name, kind, summary, required)
    }
}

/// A key of which exactly one has to be there, with the others that say something beside it.
struct FormatChoice: Sendable {
    var name: String
    var beside: Set<String>

    init(_ name: String, beside: Set<String>) { (self.name, self.beside) = (name, beside) }
}

public import JSON

/// What a configuration value may be. Rooms declare kinds as values; reading, checking, the JSON Schema and the
/// reference page all come from them.
public indirect enum Kind: Sendable {
    case string
    case int(ClosedRange<Int>)
    /// `true` or `false`, and nothing else: YAML 1.1's yes, no, on and off are refused with a hint.
    case bool
    /// `30s`, `5m`, `2h`, `90_days`, `1_year`; see ``Units/duration(_:)``.
    case duration
    /// `10MB`, `64KiB`, `512`; see ``Units/bytes(_:)``.
    case bytes
    /// `12.50 EUR`; see ``Money``.
    case money
    /// An absolute http or https address.
    case url
    case enumeration([String])
    /// A string that is held as `Core.Secret`. Best given as `${NAME}` or `file:/path`.
    case secret
    case list(of: Kind)
    /// Free keys, all with values of one kind.
    case map(of: Kind, keys: KeyRule = .name)
    case object([Field])
    /// The first kind that fits.
    case oneOf([Kind])
    /// A key of earlier versions. Whatever its value, it is an error with this hint.
    case removed(String)
}

/// What the free keys of a map may look like.
public enum KeyRule: Sendable {
    /// A letter or digit, then letters, digits, `.`, `_` and `-`, 64 at most.
    case name
    /// Any text of 1 to 256 characters without control characters.
    case any

    var pattern: String {
        switch self {
        case .name: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
        case .any: "^[^\\u0000-\\u001f\\u007f]{1,256}$"
        }
    }

    func allows(_ key: String) -> Bool {
        switch self {
        case .any:
            return (1...256).contains(key.unicodeScalars.count)
                && key.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        case .name:
            guard let first = key.utf8.first, key.utf8.count <= 64 else { return false }
            let isAlphanumeric = { (byte: UInt8) in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            }
            return isAlphanumeric(first)
                && key.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2e || $0 == 0x5f || $0 == 0x2d }
        }
    }
}

/// A named value of a section or of the whole file.
public struct Field: Sendable {
    public var name: String
    public var kind: Kind
    /// One sentence for the reference page.
    public var description: String
    /// What holds where the key is absent, spelled as in the file. Without one the value is absent as well.
    public var defaultValue: JSON?
    public var example: JSON?
    public var isRequired: Bool
    /// What to use instead; a file with the key gets a warning that says so.
    public var deprecated: String?
    /// The value may stand in a file of its own: `agents: file:./agents.json`.
    public var allowsFile: Bool

    public init(
        _ name: String, _ kind: Kind, _ description: String, default defaultValue: JSON? = nil, example: JSON? = nil,
        required: Bool = false, deprecated: String? = nil, allowsFile: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.description = description
        self.defaultValue = defaultValue
        self.example = example
        self.isRequired = required
        self.deprecated = deprecated
        self.allowsFile = allowsFile
    }
}

/// The whole file: the sections that rooms declare.
public struct ConfigSchema: Sendable {
    public var title: String
    public var sections: [Field]

    public init(title: String, sections: [Field]) {
        self.title = title
        self.sections = sections
    }
}

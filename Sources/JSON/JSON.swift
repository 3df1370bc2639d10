/// A JSON value (RFC 8259) held in memory: for configuration, policy input, records and API answers.
///
/// Numbers keep the spelling they came with and objects keep the order of their members, so that writing a value that
/// was read changes nothing but white space and escapes. Texts are compared by code point, never by Unicode
/// equivalence: two spellings of "é" are two texts, as they are two byte strings.
///
/// For data that only passes through, ``JSONDocument`` reads the same grammar without building values.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON: Hashable {
    /// Numbers are equal when spelled alike, objects whatever the order of their members.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): ExactText(left) == ExactText(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let bool): hasher.combine(bool)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(ExactText(text))
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSON {
    public init(_ text: String) { self = .string(text) }
    public init(_ bool: Bool) { self = .bool(bool) }
    public init(_ integer: Int) { self = .number(JSONNumber(integer)) }
    public init(_ integer: Int64) { self = .number(JSONNumber(integer)) }
    public init(_ elements: [JSON]) { self = .array(elements) }
    public init(_ object: JSONObject) { self = .object(object) }

    /// Nil for a double that is not finite, which JSON cannot say.
    public init?(_ double: Double) {
        guard let number = JSONNumber(double) else { return nil }
        self = .number(number)
    }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    /// A literal too large for a double is null, as in ECMAScript.
    public init(floatLiteral value: Double) { self = JSON(value) ?? .null }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// Of members with the same key the last wins.
    public init(dictionaryLiteral members: (String, JSON)...) { self = .object(JSONObject(members)) }
}

extension JSON: CustomStringConvertible {
    /// The value as JSON text on one line.
    public var description: String { text() }
}

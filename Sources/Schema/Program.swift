import JSON
import Matching

/// A schema that was read: its subschemas, numbered, and what to look at in each.
struct Program: Sendable {
    var nodes: [Node] = []
    var root = 0
    /// Where the references lead, by their number.
    var targets: [Int] = []
    /// Of each schema resource, the subschemas with a `$dynamicAnchor` by their names.
    var dynamicAnchors: [[String: Int]] = []
    /// Whether any subschema has an `unevaluated…` keyword, so that it must be known what others looked at.
    var tracksEvaluation = false
    var limits = JSONSchema.Limits()
}

/// One subschema.
struct Node: Sendable {
    /// Which schema resource it belongs to: the root, or an embedded schema with its own `$id`.
    var resource: Int
    /// Where it stands, for messages.
    var place: String
    /// In the order in which they are looked at: `unevaluated…` last.
    var rules: [Rule] = []
}

/// A keyword, or keywords that only make sense together.
struct Rule: Sendable {
    var keyword: String
    var check: Check
}

/// Numbers are places in ``Program/nodes``, unless a label says otherwise.
enum Check: Sendable {
    /// The schema `false`.
    case never
    case type(TypeSet)
    case value(ValueCheck)
    case number(NumberCheck)
    case text(TextCheck)
    case count(CountCheck)
    case required([String])
    case dependentRequired([(name: String, needed: [String])])
    case uniqueItems

    case reference(slot: Int)
    /// - Parameter anchor: the name that is looked for from the outermost resource inwards.
    case dynamicReference(slot: Int, anchor: String)
    case allOf([Int])
    case anyOf([Int])
    case oneOf([Int])
    case not(Int)
    case condition(Condition)
    case dependentSchemas([(name: String, schema: Int)])

    case members(Members)
    case propertyNames(Int)
    case items(first: [Int], rest: Int?)
    case contains(Int, least: Int, most: Int)
    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)

    struct Condition: Sendable {
        var condition: Int
        var then: Int?
        var otherwise: Int?
    }

    /// `properties`, `patternProperties` and `additionalProperties`.
    struct Members: Sendable {
        var named: [ExactText: Int] = [:]
        var patterns: [(pattern: TextPattern, schema: Int)] = []
        var rest: Int?
    }
}

/// `enum` and `const`.
struct ValueCheck: Sendable {
    var allowed: [JSON]
    /// How many values they hold together: what a comparison may cost.
    var weight: Int
}

enum NumberCheck: Sendable {
    case multipleOf(Decimal)
    case maximum(Decimal, isExclusive: Bool)
    case minimum(Decimal, isExclusive: Bool)
}

enum TextCheck: Sendable {
    case longest(Int)
    case shortest(Int)
    case pattern(TextPattern)
    case format(Format)
}

/// `maxItems` and its kin.
enum CountCheck: Sendable {
    case items(least: Int, most: Int)
    case properties(least: Int, most: Int)
}

struct TypeSet: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1)
    static let boolean = TypeSet(rawValue: 2)
    static let integer = TypeSet(rawValue: 4)
    /// Also the integers.
    static let number = TypeSet(rawValue: 12)
    static let string = TypeSet(rawValue: 16)
    static let array = TypeSet(rawValue: 32)
    static let object = TypeSet(rawValue: 64)

    static let names: [(name: String, type: TypeSet)] = [
        ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .number), ("string", .string),
        ("array", .array), ("object", .object),
    ]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(named name: String) {
        guard let found = Self.names.first(where: { $0.name == name }) else { return nil }
        self = found.type
    }

    /// The type of a value; a number without a fraction is an integer, however it is spelled.
    init(of value: JSON) {
        switch value {
        case .null: self = .null
        case .bool: self = .boolean
        case .number(let number): self = number.int != nil || number.decimal.isInteger ? .integer : Self(rawValue: 8)
        case .string: self = .string
        case .array: self = .array
        case .object: self = .object
        }
    }

    /// `string or null`.
    var words: String {
        let isNumber = contains(TypeSet(rawValue: 8))
        let words = Self.names.filter { name, type in
            type == .number ? isNumber : type == .integer ? contains(type) && !isNumber : contains(type)
        }
        return words.map(\.name).joined(separator: " or ")
    }
}

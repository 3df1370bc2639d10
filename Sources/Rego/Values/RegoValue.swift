/// A value of Rego.
///
/// Texts and containers are shared, never copied when passed on; they are values nevertheless: changing one that
/// others hold changes a copy. Equality and order are OPA's: numbers by what they denote (`1 == 1.0`), texts by code
/// point, and null < false < true < number < string < array < object < set.
public enum RegoValue: Sendable {
    case null
    case bool(Bool)
    case number(RegoNumber)
    case string(RegoString)
    case array(RegoArray)
    case object(RegoObject)
    case set(RegoSet)
}

extension RegoValue {
    public init(_ text: String) { self = .string(RegoString(text)) }
    public init(_ integer: Int) { self = .number(RegoNumber(integer)) }
    public init(_ bool: Bool) { self = .bool(bool) }

    public var isNull: Bool { if case .null = self { true } else { false } }
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    public var number: RegoNumber? { if case .number(let number) = self { number } else { nil } }
    public var string: RegoString? { if case .string(let string) = self { string } else { nil } }
    public var text: String? { if case .string(let string) = self { string.text } else { nil } }
    public var array: RegoArray? { if case .array(let array) = self { array } else { nil } }
    public var object: RegoObject? { if case .object(let object) = self { object } else { nil } }
    public var set: RegoSet? { if case .set(let set) = self { set } else { nil } }

    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        case null, boolean, number, string, array, object, set
    }

    public var kind: Kind {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        case .set: .set
        }
    }

    /// The name of the type as OPA's messages and `type_name` have it.
    public var typeName: String { "\(kind)" }

    /// The member of an object, the element of an array at an index, or the element of a set itself; nil where there
    /// is none or this has no members.
    public subscript(key: RegoValue) -> RegoValue? {
        switch self {
        case .object(let object): object[key]
        case .array(let array): key.number?.int.flatMap { array.indices.contains($0) ? array[$0] : nil }
        case .set(let set): set.contains(key) ? key : nil
        default: nil
        }
    }

    /// Containers within each other, this one included; 0 for a scalar.
    public var depth: Int {
        switch self {
        case .array(let array): array.depth
        case .object(let object): object.depth
        case .set(let set): set.depth
        default: 0
        }
    }

    /// About the bytes of the value written as JSON. What is shared counts each time it occurs.
    public var size: Int {
        switch self {
        case .null, .bool: 4
        case .number(let number): number.size
        case .string(let string): string.utf8Count + 2
        case .array(let array): array.size
        case .object(let object): object.size
        case .set(let set): set.size
        }
    }
}

extension RegoValue: Hashable {
    var fingerprint: UInt64 {
        switch self {
        case .null: Fingerprint.of(0, role: 0)
        case .bool(let bool): Fingerprint.of(bool ? 1 : 0, role: 1)
        case .number(let number): number.fingerprint
        case .string(let string): string.fingerprint
        case .array(let array): array.fingerprint
        case .object(let object): object.fingerprint
        case .set(let set): set.fingerprint
        }
    }

    public static func == (left: RegoValue, right: RegoValue) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.set(let left), .set(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null): true
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension RegoValue: Comparable {
    public static func < (left: RegoValue, right: RegoValue) -> Bool { ordering(left, right) < 0 }

    /// Negative, zero or positive in the total order.
    public static func ordering(_ left: RegoValue, _ right: RegoValue) -> Int {
        switch (left, right) {
        case (.string(let left), .string(let right)): RegoString.ordering(left, right)
        case (.number(let left), .number(let right)): RegoNumber.ordering(left, right)
        case (.array(let left), .array(let right)): RegoArray.ordering(left, right)
        case (.object(let left), .object(let right)): RegoObject.ordering(left, right)
        case (.set(let left), .set(let right)): RegoSet.ordering(left, right)
        case (.bool(let left), .bool(let right)): (left ? 1 : 0) - (right ? 1 : 0)
        default: Int(left.kind.rawValue) - Int(right.kind.rawValue)
        }
    }
}

/// There is no literal `nil`: where an optional value is meant, it would silently become null.
extension RegoValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self.init(value) }
    public init(stringLiteral value: String) { self.init(value) }
    public init(arrayLiteral elements: RegoValue...) { self = .array(RegoArray(elements)) }
    /// Of members with the same key the last wins.
    public init(dictionaryLiteral members: (RegoValue, RegoValue)...) { self = .object(RegoObject(members)) }
}

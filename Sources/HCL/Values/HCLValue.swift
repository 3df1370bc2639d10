/// A value of HCL's expressions. What is not known before something is applied is a value too.
public enum HCLValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// Whole numbers are exact up to 2^53.
    case number(Double)
    case string(String)
    /// A tuple or list.
    case list([HCLValue])
    /// Distinct elements in ascending order.
    case set([HCLValue])
    case object(HCLObject)
    case unknown(HCLUnknown)
}

/// What cannot be known from the files alone: the attribute of a resource, a variable without a value, what a function
/// reads from the machine.
public struct HCLUnknown: Sendable, Hashable {
    public static let maximumReferences = 64

    /// The text as far as it is known, with `${…}` for what is not: `${aws_s3_bucket.logs.arn}/*`.
    public var text: String
    /// What it comes from, each once, in the order in which they occur.
    public var references: [HCLReference]

    public init(text: String = "${…}", references: [HCLReference] = []) {
        self.text = text
        self.references = references
    }

    public init(_ reference: HCLReference) {
        text = "${\(reference.text)}"
        references = [reference]
    }
}

/// A traversal that leads to something of the configuration: `module.net.aws_subnet.a[0].id`.
public struct HCLReference: Sendable, Hashable {
    /// Names, and indices in brackets: `["aws_subnet", "a", "[0]", "id"]`.
    public var parts: [String]

    public init(_ parts: [String]) { self.parts = parts }

    public var text: String {
        parts.reduce(into: "") { text, part in
            if !text.isEmpty, part.utf8.first != UInt8(ascii: "[") { text += "." }
            text += part
        }
    }
}

/// Members in ascending order of their keys, as HCL iterates them.
public struct HCLObject: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: HCLValue

        public init(key: String, value: HCLValue) {
            self.key = key
            self.value = value
        }
    }

    public private(set) var members: [Member]

    public init() { members = [] }

    /// Of members with the same key the last wins.
    public init(_ members: some Sequence<(String, HCLValue)>) {
        var byKey: [String: HCLValue] = [:]
        for (key, value) in members { byKey[key] = value }
        self.members = byKey.map { Member(key: $0.key, value: $0.value) }.sorted { Self.isBefore($0.key, $1.key) }
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    public subscript(key: String) -> HCLValue? {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].key == key { return members[middle].value }
            if Self.isBefore(members[middle].key, key) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    public func merging(_ other: HCLObject) -> HCLObject {
        HCLObject((members + other.members).lazy.map { ($0.key, $0.value) })
    }
}

extension HCLValue {
    public static func text(_ text: String) -> HCLValue { .string(text) }
    public static func integer(_ value: Int) -> HCLValue { .number(Double(value)) }

    public var isUnknown: Bool { if case .unknown = self { true } else { false } }
    public var isNull: Bool { if case .null = self { true } else { false } }
    public var object: HCLObject? { if case .object(let object) = self { object } else { nil } }
    public var unknown: HCLUnknown? { if case .unknown(let unknown) = self { unknown } else { nil } }

    /// The elements of a list, tuple or set.
    public var elements: [HCLValue]? {
        switch self {
        case .list(let elements), .set(let elements): elements
        default: nil
        }
    }

    /// The words of messages.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a bool"
        case .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .set: "a set"
        case .object: "an object"
        case .unknown: "an unknown value"
        }
    }

    /// As HCL converts to a string; nil for what cannot be converted and for what is not known.
    public var stringValue: String? {
        switch self {
        case .string(let text): text
        case .number(let number): Self.spelling(number)
        case .bool(let bool): bool ? "true" : "false"
        default: nil
        }
    }

    /// As HCL converts to a number.
    public var numberValue: Double? {
        switch self {
        case .number(let number): number
        case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }

    public var integerValue: Int? { numberValue.flatMap { Int(exactly: $0) } }

    /// As HCL converts to a bool.
    public var boolValue: Bool? {
        switch self {
        case .bool(let bool): bool
        case .string("true"): true
        case .string("false"): false
        default: nil
        }
    }

    public static func spelling(_ number: Double) -> String {
        if let whole = Int(exactly: number) { return String(whole) }
        return String(number)
    }

    /// Everything in it that is not known, as one.
    public var unknowns: HCLUnknown? {
        var found: HCLUnknown?
        collect(into: &found)
        return found
    }

    private func collect(into found: inout HCLUnknown?) {
        switch self {
        case .unknown(let unknown):
            guard var sum = found else { return found = unknown }
            sum.text = "${…}"
            sum.add(unknown.references)
            found = sum
        case .list(let elements), .set(let elements): for element in elements { element.collect(into: &found) }
        case .object(let object): for member in object.members { member.value.collect(into: &found) }
        default: break
        }
    }

    /// Distinct elements in order, as a set has them.
    static func makeSet(_ elements: [HCLValue]) -> HCLValue {
        var seen: Set<HCLValue> = []
        return .set(elements.filter { seen.insert($0).inserted }.sorted { $0.sortsBefore($1) })
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .bool: 1
        case .number: 2
        case .string: 3
        default: 4
        }
    }

    private func sortsBefore(_ other: HCLValue) -> Bool {
        switch (self, other) {
        case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.number(let left), .number(let right)): left < right
        case (.bool(let left), .bool(let right)): !left && right
        default: rank < other.rank
        }
    }
}

extension HCLUnknown {
    mutating func add(_ others: [HCLReference]) {
        for reference in others where references.count < Self.maximumReferences && !references.contains(reference) {
            references.append(reference)
        }
    }
}

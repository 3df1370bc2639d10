/// Reading a value as one type (nil when it is another) and reaching into it.
extension JSON {
    public var isNull: Bool { if case .null = self { true } else { false } }
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The number when it is an integer that fits, however spelled (`10`, `10.0`, `1e1`).
    public var int: Int? { number?.int }
    /// The number as the nearest double; nil when it is out of range.
    public var double: Double? { number?.double }

    public var kind: Kind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    public enum Kind: UInt8, Sendable, Hashable {
        case null, bool, number, string, array, object
    }

    /// The member's value; nil when this is no object or has no such member.
    /// Setting nil removes the member; setting a value in what is no object makes it an object with this one member.
    public subscript(key: String) -> JSON? {
        get { object?[key] }
        set {
            var changed = object ?? JSONObject()
            if newValue == nil, object == nil { return }
            self = .null  // gives up the shared storage, so that the change is made in place
            changed[key] = newValue
            self = .object(changed)
        }
    }

    /// The element; nil when this is no array or is shorter.
    /// Setting nil removes the element; setting at `count` appends; any other index outside the array changes nothing.
    public subscript(index: Int) -> JSON? {
        get {
            guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
            return elements[index]
        }
        set {
            guard case .array(var elements) = self else { return }
            self = .null
            switch (newValue, elements.indices.contains(index)) {
            case (let value?, true): elements[index] = value
            case (nil, true): elements.remove(at: index)
            case (let value?, false) where index == elements.count: elements.append(value)
            default: break
            }
            self = .array(elements)
        }
    }
}

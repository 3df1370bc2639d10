import JSON

/// A value that is equal to another by what it says: numbers by their exact value and not by their spelling (`1`, `1.0`
/// and `1e0` are one), all else as JSON is.
struct ComparableValue: Hashable {
    let value: JSON

    init(_ value: JSON) { self.value = value }

    static func == (a: ComparableValue, b: ComparableValue) -> Bool { a.isEqual(to: b.value) }

    func isEqual(to other: JSON) -> Bool {
        switch (value, other) {
        case (.number(let left), .number(let right)): left == right || Self.isEqual(left, right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { ComparableValue($0).isEqual(to: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { ComparableValue(value).isEqual(to: $0) } ?? false }
        default: value == other
        }
    }

    private static func isEqual(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
        let (a, b) = (left.int, right.int)
        return a == nil && b == nil ? left.decimal == right.decimal : a == b
    }

    func hash(into hasher: inout Hasher) {
        switch value {
        case .number(let number):
            if let whole = number.int { hasher.combine(whole) } else { hasher.combine(number.decimal) }
        case .array(let elements): for element in elements { ComparableValue(element).hash(into: &hasher) }
        case .object(let object):
            var sum = 0
            for (key, value) in object {
                var hash = Hasher()
                hash.combine(ExactText(key))
                ComparableValue(value).hash(into: &hash)
                sum &+= hash.finalize()
            }
            hasher.combine(sum)
        default: hasher.combine(value)
        }
    }

    /// Below, at or above 0; nil for what has no order. Texts are ordered by code point.
    static func order(_ left: JSON, _ right: JSON, _ meter: inout WorkMeter) throws(ExpressionProblem) -> Int? {
        switch (left, right) {
        case (.number(let left), .number(let right)):
            try meter.spend(bytes: max(left.spelling.utf8.count, right.spelling.utf8.count))
            let (a, b) = (left.decimal, right.decimal)
            return a < b ? -1 : b < a ? 1 : 0
        case (.string(let left), .string(let right)):
            try meter.spend(bytes: min(left.utf8.count, right.utf8.count))
            if left.utf8.elementsEqual(right.utf8) { return 0 }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        default: return nil
        }
    }
}

extension JSON {
    /// How messages call it.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

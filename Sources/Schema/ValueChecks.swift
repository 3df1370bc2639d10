import JSON

/// The keywords that look at one value alone.
extension Evaluator {
    func holds(_ check: NumberCheck, _ number: JSONNumber) -> Bool {
        let value = number.decimal
        return switch check {
        case .multipleOf(let step): value.isMultiple(of: step)
        case .maximum(let bound, let isExclusive): isExclusive ? value < bound : !(bound < value)
        case .minimum(let bound, let isExclusive): isExclusive ? bound < value : !(value < bound)
        }
    }

    mutating func holds(_ check: TextCheck, _ text: String) throws(Stop) -> Bool {
        try spend(text.utf8.count >> 6)
        switch check {
        case .longest(let most): return text.unicodeScalars.count <= most
        case .shortest(let least): return text.unicodeScalars.count >= least
        case .pattern(let pattern): return try matches(pattern, text)
        case .format(let format): return format.fits(text)
        }
    }

    func holds(_ check: CountCheck, _ value: JSON) -> Bool {
        switch (check, value) {
        case (.items(let least, let most), .array(let elements)): elements.count >= least && elements.count <= most
        case (.properties(let least, let most), .object(let object)): object.count >= least && object.count <= most
        default: true
        }
    }

    mutating func hasUniqueItems(_ value: JSON) throws(Stop) -> Bool {
        guard let elements = value.array, elements.count > 1 else { return true }
        try spend(Values.count(value))
        var seen = Set<JSON>(minimumCapacity: elements.count)
        return elements.allSatisfy { seen.insert(Values.normalized($0)).inserted }
    }
}

/// Values compared as JSON Schema compares them: numbers by what they are, not by how they are spelled.
enum Values {
    static func same(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left == right || left.decimal == right.decimal
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { same(value, $0) } ?? false }
        default: left == right
        }
    }

    /// The value with one spelling for each number.
    static func normalized(_ value: JSON) -> JSON {
        switch value {
        case .number(let number): JSONNumber(spelling: number.decimal.description).map(JSON.number) ?? value
        case .array(let elements): .array(elements.map(normalized))
        case .object(let object): .object(JSONObject(object.lazy.map { ($0.key, normalized($0.value)) }))
        default: value
        }
    }

    /// How many values it holds, itself included.
    static func count(_ value: JSON) -> Int {
        switch value {
        case .array(let elements): elements.reduce(1) { $0 + count($1) }
        case .object(let object): object.reduce(1) { $0 + count($1.value) }
        default: 1
        }
    }
}

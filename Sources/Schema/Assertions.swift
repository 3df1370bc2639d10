import Core
import JSON

extension Compiler {
    /// Reads the keywords that look at the value alone (JSON Schema Validation, 6 and 7).
    mutating func readAssertions(
        of schema: JSONObject, _ number: Int, at place: Place, _ vocabulary: Vocabulary
    ) throws(GatehouseError) {
        if let type = schema["type"] { append("type", .type(try types(type, at: place.adding("type"))), to: number) }
        if let values = schema["enum"] {
            guard let values = values.array else { throw failure(.invalid, place.adding("enum"), "must be a list") }
            append("enum", .value(ValueCheck(allowed: values, weight: Values.count(.array(values)))), to: number)
        }
        if let value = schema["const"] {
            append("const", .value(ValueCheck(allowed: [value], weight: Values.count(value))), to: number)
        }
        try readNumberChecks(of: schema, number, at: place)
        try readTextChecks(of: schema, number, at: place)
        try readFormat(of: schema, number, at: place, vocabulary)
        try readCounts(of: schema, number, at: place)
        if let names = schema["required"] {
            append("required", .required(try self.names(names, at: place.adding("required"))), to: number)
        }
        if !vocabulary.isDraft07, let value = schema["dependentRequired"] {
            let place = place.adding("dependentRequired")
            guard let object = value.object else { throw failure(.invalid, place, "must be an object") }
            var all: [(name: String, needed: [String])] = []
            for (name, value) in object { all.append((name, try names(value, at: place.adding(name)))) }
            append("dependentRequired", .dependentRequired(all), to: number)
        }
    }

    private mutating func readNumberChecks(
        of schema: JSONObject, _ number: Int, at place: Place
    ) throws(GatehouseError) {
        if let step = try decimal("multipleOf", of: schema, at: place) {
            guard step > Decimal.zero, step.digits.count <= 18 else {
                throw failure(.invalid, place.adding("multipleOf"), "must be above 0 and have at most 18 digits")
            }
            append("multipleOf", .number(.multipleOf(step)), to: number)
        }
        for (keyword, isExclusive) in [("maximum", false), ("exclusiveMaximum", true)] {
            guard let bound = try decimal(keyword, of: schema, at: place) else { continue }
            append(keyword, .number(.maximum(bound, isExclusive: isExclusive)), to: number)
        }
        for (keyword, isExclusive) in [("minimum", false), ("exclusiveMinimum", true)] {
            guard let bound = try decimal(keyword, of: schema, at: place) else { continue }
            append(keyword, .number(.minimum(bound, isExclusive: isExclusive)), to: number)
        }
    }

    private mutating func readTextChecks(
        of schema: JSONObject, _ number: Int, at place: Place
    ) throws(GatehouseError) {
        if let longest = try count("maxLength", of: schema, at: place) {
            append("maxLength", .text(.longest(longest)), to: number)
        }
        if let shortest = try count("minLength", of: schema, at: place) {
            append("minLength", .text(.shortest(shortest)), to: number)
        }
        if let text = schema["pattern"] {
            let place = place.adding("pattern")
            guard let text = text.string else { throw failure(.invalid, place, "must be a string") }
            append("pattern", .text(.pattern(try pattern(text, at: place))), to: number)
        }
    }

    private mutating func readFormat(
        of schema: JSONObject, _ number: Int, at place: Place, _ vocabulary: Vocabulary
    ) throws(GatehouseError) {
        guard let text = schema["format"] else { return }
        guard let name = text.string else { throw failure(.invalid, place.adding("format"), "must be a string") }
        if options.checksFormats || vocabulary.checksFormats, let format = Format(rawValue: name) {
            append("format", .text(.format(format)), to: number)
        }
    }

    private mutating func readCounts(of schema: JSONObject, _ number: Int, at place: Place) throws(GatehouseError) {
        for keyword in ["maxItems", "maxProperties"] {
            guard let most = try count(keyword, of: schema, at: place) else { continue }
            let check =
                keyword == "maxItems" ? CountCheck.items(least: 0, most: most) : .properties(least: 0, most: most)
            append(keyword, .count(check), to: number)
        }
        for keyword in ["minItems", "minProperties"] {
            guard let least = try count(keyword, of: schema, at: place) else { continue }
            let check =
                keyword == "minItems"
                ? CountCheck.items(least: least, most: .max) : .properties(least: least, most: .max)
            append(keyword, .count(check), to: number)
        }
        if let unique = schema["uniqueItems"] {
            guard let unique = unique.bool else {
                throw failure(.invalid, place.adding("uniqueItems"), "must be a boolean")
            }
            if unique { append("uniqueItems", .uniqueItems, to: number) }
        }
    }

    private func types(_ value: JSON, at place: Place) throws(GatehouseError) -> TypeSet {
        var types = TypeSet()
        for name in value.array ?? [value] {
            guard let type = name.string.flatMap(TypeSet.init(named:)) else {
                throw failure(
                    .invalid, place, "must name types of JSON: \(TypeSet.names.map(\.name).joined(separator: ", "))")
            }
            types.formUnion(type)
        }
        return types
    }

    func names(_ value: JSON, at place: Place) throws(GatehouseError) -> [String] {
        let names = value.array?.compactMap(\.string) ?? []
        guard let elements = value.array, elements.count == names.count else {
            throw failure(.invalid, place, "must be a list of strings")
        }
        return names
    }

    /// A whole number from 0; one beyond what can be counted counts as the greatest.
    func count(_ keyword: String, of schema: JSONObject, at place: Place) throws(GatehouseError) -> Int? {
        guard let value = schema[keyword] else { return nil }
        guard let number = value.number?.decimal, number.isInteger, !(number < .zero) else {
            throw failure(.invalid, place.adding(keyword), "must be a whole number from 0")
        }
        return value.int ?? .max
    }

    private func decimal(_ keyword: String, of schema: JSONObject, at place: Place) throws(GatehouseError) -> Decimal? {
        guard let value = schema[keyword] else { return nil }
        guard let number = value.number else { throw failure(.invalid, place.adding(keyword), "must be a number") }
        return number.decimal
    }

    func pattern(_ text: String, at place: Place) throws(GatehouseError) -> TextPattern {
        do throws(GatehouseError) {
            return try TextPattern(text, work: options.limits.patternWork)
        } catch {
            var failure = failure(error.code, place, "is no regular expression that can be read")
            failure.cause = error.cause ?? error.message
            throw failure
        }
    }
}

extension SchemaValidation {
    mutating func validateNumber(_ number: RegoNumber, _ schema: RegoObject, _ field: String) throws(BuiltinError) {
        if let factor = schema["multipleOf"]?.number, factor > 0 {
            let quotient = try NumberArithmetic.divide(number, factor)
            if !quotient.isInteger { try fail(field, "multiple_of", "Must be a multiple of \(factor)") }
        }
        // In draft 4 "exclusive…" says whether the bound itself is excluded; later it is a bound of its own.
        if let least = schema["minimum"]?.number {
            let isExclusive = schema["exclusiveMinimum"] == true
            if isExclusive ? number <= least : number < least {
                let words = isExclusive ? "greater than" : "greater than or equal to"
                try fail(field, isExclusive ? "number_gt" : "number_gte", "Must be \(words) \(least)")
            }
        }
        if let bound = schema["exclusiveMinimum"]?.number, number <= bound {
            try fail(field, "number_gt", "Must be greater than \(bound)")
        }
        if let most = schema["maximum"]?.number {
            let isExclusive = schema["exclusiveMaximum"] == true
            if isExclusive ? number >= most : number > most {
                let words = isExclusive ? "less than" : "less than or equal to"
                try fail(field, isExclusive ? "number_lt" : "number_lte", "Must be \(words) \(most)")
            }
        }
        if let bound = schema["exclusiveMaximum"]?.number, number >= bound {
            try fail(field, "number_lt", "Must be less than \(bound)")
        }
    }

    mutating func validateText(_ string: RegoString, _ schema: RegoObject, _ field: String) throws(BuiltinError) {
        let length = string.text.unicodeScalars.count
        if let least = schema["minLength"]?.number?.int, length < least {
            try fail(field, "string_gte", "String length must be greater than or equal to \(least)")
        }
        if let most = schema["maxLength"]?.number?.int, length > most {
            try fail(field, "string_lte", "String length must be less than or equal to \(most)")
        }
        if let pattern = schema["pattern"]?.text, try !RegularExpression.of(pattern).matches(string, context) {
            try fail(field, "pattern", "Does not match pattern '\(pattern)'")
        }
        if let format = schema["format"]?.text, try !SchemaFormat.matches(string, format, context) {
            try fail(field, "format", "Does not match format '\(format)'")
        }
    }

    mutating func validateArray(_ array: RegoArray, _ schema: RegoObject, _ field: String) throws(BuiltinError) {
        if let least = schema["minItems"]?.number?.int, array.count < least {
            try fail(field, "array_min_items", "Array must have at least \(least) items")
        }
        if let most = schema["maxItems"]?.number?.int, array.count > most {
            try fail(field, "array_max_items", "Array must have at most \(most) items")
        }
        if schema["uniqueItems"] == true { try validateUnique(array, field) }
        try validateItems(array, schema, field)
        guard let wanted = schema["contains"] else { return }
        for (index, item) in array.enumerated() {
            if try satisfies(item, wanted, path(field, String(index))) { return }
        }
        try fail(field, "contains", "At least one of the items must match")
    }

    private mutating func validateUnique(_ array: RegoArray, _ field: String) throws(BuiltinError) {
        var places: [RegoValue: Int] = [:]
        for (index, item) in array.enumerated() {
            if let first = places.updateValue(index, forKey: item) {
                try fail(field, "unique", "array items[\(first),\(index)] must be unique")
            }
        }
    }

    private mutating func validateItems(_ array: RegoArray, _ schema: RegoObject, _ field: String) throws(BuiltinError)
    {
        guard let items = schema["items"] else { return }
        guard case .array(let each) = items else {
            for (index, item) in array.enumerated() { try validate(item, items, path(field, String(index))) }
            return
        }
        for (index, item) in array.enumerated() {
            if index < each.count {
                try validate(item, each[index], path(field, String(index)))
            } else if schema["additionalItems"] == false {
                return try fail(field, "array_no_additional_items", "No additional items allowed on array")
            } else if let more = schema["additionalItems"] {
                try validate(item, more, path(field, String(index)))
            }
        }
    }

    mutating func validateObject(_ object: RegoObject, _ schema: RegoObject, _ field: String) throws(BuiltinError) {
        if let least = schema["minProperties"]?.number?.int, object.count < least {
            try fail(field, "array_min_properties", "Must have at least \(least) properties")
        }
        if let most = schema["maxProperties"]?.number?.int, object.count > most {
            try fail(field, "array_max_properties", "Must have at most \(most) properties")
        }
        for name in schema["required"]?.array?.elements ?? [] where object[name] == nil {
            try fail(field, "required", "\(name.text ?? "") is required")
        }
        for (key, wanted) in schema["dependencies"]?.object ?? RegoObject() where object[key] != nil {
            if case .array(let names) = wanted {
                for name in names where object[name] == nil {
                    try fail(field, "missing_dependency", "Has a dependency on \(name.text ?? "")")
                }
            } else {
                try validate(.object(object), wanted, field)
            }
        }
        for (key, value) in object { try validateMember(key.jsonKey, value, schema, field) }
    }

    private mutating func validateMember(
        _ name: String, _ value: RegoValue, _ schema: RegoObject, _ field: String
    ) throws(BuiltinError) {
        let place = path(field, name)
        if let names = schema["propertyNames"], try !satisfies(RegoValue(name), names, field) {
            try fail(field, "invalid_property_name", "Property name of \"\(name)\" does not match")
        }
        var isKnown = false
        if let own = schema["properties"]?.object?[name] {
            isKnown = true
            try validate(value, own, place)
        }
        for (pattern, inner) in schema["patternProperties"]?.object ?? RegoObject() {
            guard try RegularExpression.of(pattern.text ?? "").matches(RegoString(name), context) else { continue }
            isKnown = true
            try validate(value, inner, place)
        }
        guard !isKnown, let more = schema["additionalProperties"] else { return }
        if more == false {
            try fail(field, "additional_property_not_allowed", "Additional property \(name) is not allowed")
        } else {
            try validate(value, more, place)
        }
    }

    private func path(_ field: String, _ name: String) -> String { field == "(root)" ? name : "\(field).\(name)" }
}

/// The formats of texts; one that is not known matches everything.
enum SchemaFormat {
    private static let label = "([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])"
    private static let patterns = [
        "email": "^[^@\\s]+@[^@\\s]+$", "idn-email": "^[^@\\s]+@[^@\\s]+$",
        "hostname": "^\(label)(\\.\(label))*$",
        "uuid": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        "uri": "^[a-zA-Z][a-zA-Z0-9+.\\-]*:[^\\s\\\\]*$", "iri": "^[a-zA-Z][a-zA-Z0-9+.\\-]*:[^\\s\\\\]*$",
        "uri-reference": "^[^\\s\\\\]*$", "iri-reference": "^[^\\s\\\\]*$",
        "json-pointer": "^(/([^/~]|~[01])*)*$",
        "relative-json-pointer": "^(0|[1-9][0-9]*)(#|(/([^/~]|~[01])*)*)$",
    ]

    private static let layouts = [
        "date": ["2006-01-02"], "time": ["15:04:05", "15:04:05Z07:00"],
        "date-time": [
            "15:04:05", "15:04:05Z07:00", "2006-01-02", GoLayout.rfc3339, "2006-01-02T15:04:05.999999999Z07:00",
        ],
    ]

    static func matches(_ string: RegoString, _ format: String, _ context: BuiltinContext) throws(BuiltinError) -> Bool
    {
        if let pattern = patterns[format] { return try RegularExpression.of(pattern).matches(string, context) }
        let text = string.text
        switch format {
        case "ipv4": return IPAddress(text)?.isV4 == true && !text.contains(":")
        case "ipv6": return text.contains(":") && IPAddress(text) != nil
        case "regex":
            do throws(BuiltinError) { _ = try RegularExpression.of(text) } catch { return false }
            return true
        default: break
        }
        guard let layouts = layouts[format] else { return true }
        guard text.utf8.count <= 64 else { return false }
        return layouts.contains { layout in
            var parser = GoTimeParser(GoLayout(layout), text)
            do throws(BuiltinError) { _ = try parser.parse() } catch { return false }
            return true
        }
    }
}

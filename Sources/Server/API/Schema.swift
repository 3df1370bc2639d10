import JSON

/// JSON Schema (2020-12), a few words at a time.
enum Schema {
    static func string(_ description: String? = nil, format: String? = nil) -> JSON {
        var schema: JSONObject = ["type": "string"]
        if let format { schema["format"] = .string(format) }
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    static func time(_ description: String? = nil) -> JSON { string(description, format: "date-time") }

    static func choice(_ values: [String], _ description: String? = nil) -> JSON {
        var schema: JSONObject = ["type": "string", "enum": .array(values.map { .string($0) })]
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    static func integer(_ description: String? = nil, least: Int? = nil, most: Int? = nil) -> JSON {
        var schema: JSONObject = ["type": "integer"]
        if let least { schema["minimum"] = .number(JSONNumber(least)) }
        if let most { schema["maximum"] = .number(JSONNumber(most)) }
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    static func boolean(_ description: String? = nil) -> JSON {
        var schema: JSONObject = ["type": "boolean"]
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    static func list(of items: JSON) -> JSON { ["type": "array", "items": items] }

    static func ref(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// Any object: what it holds is another room's to say.
    static let anyObject: JSON = ["type": "object"]
    static let anything: JSON = [:]

    /// - Parameters:
    ///   - required: members that are always there.
    ///   - optional: members that are left out when there is nothing to say.
    static func object(
        _ required: KeyValuePairs<String, JSON>, optional: KeyValuePairs<String, JSON> = [:], description: String? = nil
    ) -> JSON {
        var properties = JSONObject()
        for (name, schema) in required { properties[name] = schema }
        for (name, schema) in optional { properties[name] = schema }
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0.key) }) }
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    /// A list under its own name, with where to go on.
    static func page(_ name: String, of items: JSON) -> JSON {
        object(
            [name: list(of: items)], optional: ["next": string("give it as `before` (or `from`) to get what follows")])
    }
}

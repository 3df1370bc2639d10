public import JSON

/// The format as JSON Schema (2020-12), for editors: docs/agent.schema.json.
public enum AgentSchema {
    public static var document: JSON {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "An agent of Gatehouse",
        ]
        for (key, value) in object(DefinitionFormat.fields) { schema[key] = value }
        return .object(schema)
    }

    private static func object(_ fields: [DefinitionField]) -> JSONObject {
        var properties: JSONObject = [:]
        for field in fields { properties[field.name] = .object(property(field)) }
        var schema: JSONObject = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        let required = fields.filter(\.isRequired)
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0.name) }) }
        return schema
    }

    private static func property(_ field: DefinitionField) -> JSONObject {
        var schema = self.schema(of: field.kind)
        // An empty value is as good as an absent one.
        if !field.isRequired { schema = ["anyOf": [.object(schema), ["type": "null"]]] }
        schema["description"] = .string(field.summary)
        return schema
    }

    private static func schema(of kind: DefinitionKind) -> JSONObject {
        switch kind {
        case .text(let most):
            ["type": ["string", "number", "boolean"], "minLength": 1, "maxLength": JSON(most)]
        case .word(let word): ["type": "string", "pattern": .string(word.pattern)]
        case .words(let word, let most):
            [
                "type": "array", "maxItems": JSON(most),
                "items": ["type": "string", "pattern": .string(word.pattern)],
            ]
        case .whole(let range):
            ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .number(let range):
            ["type": "number", "minimum": JSON(range.lowerBound) ?? 0, "maximum": JSON(range.upperBound) ?? 0]
        case .duration: ["type": "string", "pattern": "^([0-9]+[_ ]*[A-Za-z]+[_ ]*)+$"]
        case .schema: ["type": "object", "properties": ["type": ["const": "object"]], "required": ["type"]]
        case .object(let fields): object(fields)
        }
    }
}

public import JSON

/// The format as JSON Schema (2020-12), for editors: docs/workflow.schema.json. It says what a file may look like; what
/// refers to what is checked by whoever reads it.
public enum WorkflowSchema {
    public static var document: JSON {
        var definitions: JSONObject = [:]
        for object in FormatObject.allCases where object != .workflow {
            definitions[object.rawValue] = .object(schema(of: object))
        }
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A workflow of Gatehouse",
        ]
        for (key, value) in self.schema(of: .workflow) { schema[key] = value }
        schema["$defs"] = .object(definitions)
        return .object(schema)
    }

    private static func schema(of object: FormatObject) -> JSONObject {
        var properties: JSONObject = [:]
        for field in object.fields { properties[field.name] = .object(property(field)) }
        var schema: JSONObject = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        let required = object.fields.filter(\.isRequired)
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0.name) }) }
        if !object.choices.isEmpty { schema["oneOf"] = .array(object.choices.map { choice($0) }) }
        return schema
    }

    private static func choice(_ choice: FormatChoice) -> JSON {
        let names = [choice.name] + choice.beside.sorted()
        return [
            "required": [.string(choice.name)], "propertyNames": ["enum": .array(names.map { .string($0) })],
        ]
    }

    private static func property(_ field: FormatField) -> JSONObject {
        var schema = self.schema(of: field.kind)
        // An empty value is as good as an absent one.
        if !field.isRequired, !schema.isEmpty { schema = ["anyOf": [.object(schema), ["type": "null"]]] }
        schema["description"] = .string(field.summary)
        return schema
    }

    private static func schema(of kind: FormatKind) -> JSONObject {
        switch kind {
        case .text(let most): ["type": single, "maxLength": JSON(most)]
        case .name(let rule): ["type": "string", "pattern": .string(rule.pattern)]
        case .flag: ["type": "boolean"]
        case .whole(let range):
            ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .number(let range):
            ["type": "number", "minimum": JSON(range.lowerBound) ?? 0, "maximum": JSON(range.upperBound) ?? 0]
        case .duration: ["type": ["string", "integer"], "pattern": "^(0|([0-9]+[_ ]*[A-Za-z]+[_ ]*)+)$", "maximum": 0]
        case .word(let words): ["enum": .array(words.map { .string($0) })]
        case .expression: ["type": single, "maxLength": JSON(Expression.longest + 16)]
        case .template(let shape): template(shape)
        case .constant: [:]
        case .list(let element, let most):
            ["type": "array", "items": .object(schema(of: element)), "maxItems": JSON(most)]
        case .map(let element, let keys, let most):
            [
                "type": "object", "propertyNames": ["pattern": .string(keys.pattern)],
                "additionalProperties": .object(schema(of: element)), "maxProperties": JSON(most),
            ]
        case .object(let object): ["$ref": .string("#/$defs/\(object.rawValue)")]
        case .shaped(let scalar, let list, let map):
            ["anyOf": .array([scalar, list, map].compactMap { $0 }.map { .object(schema(of: $0)) })]
        }
    }

    /// Any single value is text to a key that wants text: `title: 1.10` keeps its spelling.
    private static let single: JSON = ["string", "number", "boolean"]

    private static func template(_ shape: FormatKind.TemplateShape) -> JSONObject {
        switch shape {
        case .any: [:]
        case .text: ["type": single]
        case .list: ["anyOf": [["type": "array"], alone]]
        case .object: ["anyOf": [["type": "object"], alone]]
        }
    }

    private static let alone: JSON = ["type": "string", "pattern": "^\\$\\{\\{[\\s\\S]*\\}\\}$"]
}

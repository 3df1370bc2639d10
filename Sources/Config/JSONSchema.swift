public import JSON

extension ConfigSchema {
    /// The schema as JSON Schema (draft 2020-12), for editors.
    public func jsonSchema() -> JSON {
        var schema: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": JSON(title)]
        for member in JSONSchema.object(sections) { schema[member.key] = member.value }
        schema["$defs"] = ["reference": ["type": "string", "pattern": "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}"]]
        return .object(schema)
    }
}

enum JSONSchema {
    static func object(_ fields: [Field]) -> JSONObject {
        var properties = JSONObject()
        for field in fields { properties[field.name] = .object(property(field)) }
        var schema: JSONObject = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        let required = fields.filter { $0.isRequired && $0.defaultValue == nil }.map { JSON($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return schema
    }

    private static func property(_ field: Field) -> JSONObject {
        // An empty value stands for the default, and so does an absent one.
        var alternatives = [JSON.object(of(field.kind)), ["type": "null"]]
        if field.allowsFile { alternatives.append(["type": "string", "pattern": "^file:"]) }
        if field.isRequired { alternatives.remove(at: 1) }
        var schema: JSONObject = alternatives.count == 1 ? of(field.kind) : ["anyOf": .array(alternatives)]
        schema["description"] = JSON(field.description)
        if let value = field.defaultValue { schema["default"] = value }
        if let example = field.example { schema["examples"] = [example] }
        if field.deprecated != nil { schema["deprecated"] = true }
        return schema
    }

    static func of(_ kind: Kind) -> JSONObject {
        switch kind {
        case .string, .secret: scalarText
        case .int(let range):
            orReference(["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)])
        case .bool: orReference(["type": "boolean"])
        case .enumeration(let cases): orReference(["enum": .array(cases.map { JSON($0) })])
        case .duration: orReference(["type": "string", "pattern": "^(0|([0-9]+[_ ]*[A-Za-z]+[_ ]*)+)$"], ["const": 0])
        case .bytes:
            orReference(
                ["type": "string", "pattern": "^[0-9]+[_ ]*([kKMGT]?B|[KMGT]iB)?$"], ["type": "integer", "minimum": 0])
        case .money:
            orReference([
                "type": "string", "pattern": "^(\\$[0-9]+(\\.[0-9]{1,6})?|[0-9]+(\\.[0-9]{1,6})?[_ ]*[A-Za-z]{3})$",
            ])
        case .url: orReference(["type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://"])
        case .list(let kind): ["type": "array", "items": .object(of(kind))]
        case .map(let kind, let keys):
            [
                "type": "object", "propertyNames": ["pattern": JSON(keys.pattern)],
                "additionalProperties": .object(of(kind)),
            ]
        case .object(let fields): object(fields)
        case .oneOf(let kinds): ["anyOf": .array(kinds.map { .object(of($0)) })]
        case .removed: ["not": [:]]
        }
    }

    /// Any scalar is text to a field that wants text: `version: 1.10` keeps its spelling.
    private static let scalarText: JSONObject = ["type": ["string", "number", "boolean"]]

    private static func orReference(_ schemas: JSONObject...) -> JSONObject {
        ["anyOf": .array(schemas.map { .object($0) } + [["$ref": "#/$defs/reference"]])]
    }
}

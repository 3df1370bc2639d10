import JSON
import MCP

/// What the fixtures show: the smallest picture and sound there are, and schemas.
enum Samples {
    /// A PNG of one red pixel, in base64.
    static let image =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
    /// A WAV of no samples, in base64.
    static let sound = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="

    static let noArguments: JSON = ["type": "object", "properties": [:]]

    static func object(_ properties: JSON, required: [String] = []) -> JSON {
        ["type": "object", "properties": properties, "required": .array(required.map(JSON.string))]
    }

    /// Keywords of JSON Schema 2020-12 that must reach the client as they are.
    static let richSchema: JSON = [
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": [
            "address": [
                "$anchor": "addressDef", "type": "object",
                "properties": ["street": ["type": "string"], "city": ["type": "string"]],
            ]
        ],
        "properties": [
            "name": ["type": "string"],
            "address": ["$ref": "#/$defs/address"],
            "contactMethod": ["type": "string", "enum": ["phone", "email"]],
            "phone": ["type": "string"],
            "email": ["type": "string"],
        ],
        "allOf": [["anyOf": [["required": ["phone"]], ["required": ["email"]]]]],
        "if": ["properties": ["contactMethod": ["const": "phone"]], "required": ["contactMethod"]],
        "then": ["required": ["phone"]],
        "else": ["required": ["email"]],
        "additionalProperties": false,
    ]

    /// A form with a default of each kind.
    static let defaults = object([
        "name": ["type": "string", "description": "Your name", "default": "John Doe"],
        "age": ["type": "integer", "description": "Your age", "default": 30],
        "score": ["type": "number", "description": "Your score", "default": 95.5],
        "status": [
            "type": "string", "description": "Your status", "enum": ["active", "inactive", "pending"],
            "default": "active",
        ],
        "verified": ["type": "boolean", "description": "Whether it is verified", "default": true],
    ])

    /// A form with a choice of each kind: one or many, with titles or without, and as it was spelled before.
    static let choices = object([
        "untitledSingle": ["type": "string", "enum": ["option1", "option2", "option3"]],
        "titledSingle": [
            "type": "string",
            "oneOf": [
                ["const": "value1", "title": "First Option"], ["const": "value2", "title": "Second Option"],
                ["const": "value3", "title": "Third Option"],
            ],
        ],
        "legacyEnum": [
            "type": "string", "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        ],
        "untitledMulti": [
            "type": "array", "minItems": 1, "maxItems": 3,
            "items": ["type": "string", "enum": ["option1", "option2", "option3"]],
        ],
        "titledMulti": [
            "type": "array", "minItems": 1, "maxItems": 3,
            "items": [
                "anyOf": [
                    ["const": "value1", "title": "First Choice"], ["const": "value2", "title": "Second Choice"],
                    ["const": "value3", "title": "Third Choice"],
                ]
            ],
        ],
    ])
}

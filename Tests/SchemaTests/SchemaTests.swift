import Core
import JSON
import Schema
import Testing

struct SchemaTests {
    private func violations(_ schema: JSON, _ value: JSON) throws -> [Violation] {
        try JSONSchema(schema).validate(value)
    }

    @Test func namesThePlaceInValueAndSchema() throws {
        let schema: JSON = [
            "type": "object", "required": ["name"],
            "properties": ["name": ["type": "string"], "a/b": ["items": ["$ref": "#/$defs/size"]]],
            "additionalProperties": false, "$defs": ["size": ["type": "integer", "minimum": 1]],
        ]
        let found = try violations(schema, ["a/b": [1, 0, "x"], "other": 1])
        #expect(
            found.map(\.path) == ["", "/a~1b/1", "/a~1b/2", "/other"])
        #expect(
            found.map(\.schemaPath) == [
                "/required", "/$defs/size/minimum", "/$defs/size/type", "/additionalProperties",
            ])
        #expect(
            found.map(\.message) == [
                "must have \"name\"", "must be at least 1", "must be integer, not string", "is not allowed",
            ])
    }

    @Test func saysWhyNoAlternativeFits() throws {
        let schema: JSON = ["anyOf": [["type": "string"], ["properties": ["a": ["const": 1]], "type": "object"]]]
        #expect(
            try violations(schema, 4).map(\.message) == [
                "fits no alternative: must be string, not integer; must be object, not integer"
            ])
        #expect(
            try violations(schema, ["a": 2]).map(\.message) == [
                "fits no alternative: must be string, not object; /a must be 1"
            ])
    }

    @Test func tellsNothingOfTheValueItself() throws {
        let schema: JSON = ["type": "integer", "pattern": "^a$", "enum": ["b"], "maxLength": 2, "format": "email"]
        for violation in try violations(schema, "hidden text") { #expect(!"\(violation)".contains("hidden")) }
    }

    @Test func comparesNumbersByValue() throws {
        let one = try JSON.parse("[1, 1.0, 10e-1]")
        #expect(try violations(["items": ["const": 1]], one).isEmpty)
        #expect(try violations(["uniqueItems": true], one).count == 1)
        #expect(try violations(["type": "array", "items": ["type": "integer"]], one).isEmpty)
        let great = try JSON.parse("123456789012345678901234567890.5")
        #expect(try violations(JSON.parse(#"{"maximum": 123456789012345678901234567890.4}"#), great).count == 1)
        #expect(try violations(JSON.parse(#"{"maximum": 123456789012345678901234567890.5}"#), great).isEmpty)
        #expect(try violations(["multipleOf": 0.5], great).isEmpty)
        #expect(try violations(["multipleOf": 0.3], great).count == 1)
    }

    @Test func tellsTextsApartByTheirBytes() throws {
        let schema: JSON = ["properties": ["\u{e9}": ["type": "string"]], "additionalProperties": false]
        #expect(try violations(schema, ["\u{e9}": "x"]).isEmpty)
        #expect(try violations(schema, ["e\u{301}": "x"]).count == 1)
    }

    @Test func readsDraft07WhereTheSchemaSaysSo() throws {
        let schema: JSON = [
            "$schema": "http://json-schema.org/draft-07/schema#", "items": [["type": "string"]],
            "additionalItems": ["type": "integer"], "dependencies": ["a": ["b"]],
        ]
        #expect(try violations(schema, ["x", 1]).isEmpty)
        #expect(try violations(schema, ["x", "y"]).count == 1)
        #expect(try violations(schema, ["a": 1]).count == 1)
        #expect(throws: GatehouseError.self) { try JSONSchema(["items": [["type": "string"]]]) }
    }

    @Test func checksFormatsOnlyWhenAsked() throws {
        let schema: JSON = ["format": "ipv4"]
        #expect(try violations(schema, "300.1.1.1").isEmpty)
        var options = JSONSchema.Options()
        options.checksFormats = true
        #expect(try JSONSchema(schema, options: options).validate("300.1.1.1").count == 1)
        #expect(try JSONSchema(schema, options: options).validate("30.1.1.1").isEmpty)
    }

    @Test func usesDocumentsThatAreGiven() throws {
        var options = JSONSchema.Options()
        options.documents["https://example.org/size"] = ["$defs": ["s": ["type": "integer"]]]
        let schema = try JSONSchema(["$ref": "https://example.org/size#/$defs/s"], options: options)
        #expect(schema.validate(1).isEmpty)
        #expect(schema.validate("1").map(\.schemaPath) == ["https://example.org/size/$defs/s/type"])
    }
}

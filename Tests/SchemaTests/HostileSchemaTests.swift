import Core
import JSON
import Schema
import TestSupport
import Testing

/// Schemas and values made to hurt: an error that says why, and never a long wait.
struct HostileSchemaTests {
    private func error(_ schema: JSON) -> GatehouseError? {
        #expect(throws: GatehouseError.self) { try JSONSchema(schema) }
    }

    @Test(arguments: ["https://example.org/a.json", "other.json", "file:///etc/passwd", "//example.org/a#/b"])
    func aReferenceElsewhereIsNamed(_ reference: String) {
        let found = error(["properties": ["a": ["$ref": JSON(reference)]]])
        #expect(found?.code == .unsupported)
        #expect(found?.message.hasPrefix("/properties/a/$ref refers to ") == true)
        #expect(found?.message.contains("never fetched") == true)
    }

    @Test(arguments: [
        ##"{"type": "any"}"##, ##"{"type": 1}"##, ##"{"minLength": -1}"##, ##"{"minLength": 1.5}"##,
        ##"{"required": "a"}"##,
        ##"{"required": [1]}"##, ##"{"pattern": "("}"##, ##"{"pattern": 1}"##, ##"{"properties": []}"##,
        ##"{"allOf": []}"##,
        ##"{"allOf": {}}"##, ##"{"multipleOf": 0}"##, ##"{"multipleOf": "1"}"##, ##"{"$ref": 1}"##,
        ##"{"$ref": "#/a"}"##,
        ##"{"$ref": "#a"}"##, ##"{"$ref": "#/%"}"##, ##"{"$id": 1}"##, ##"{"$anchor": 1}"##, ##"{"$schema": "urn:x"}"##,
        "1",
        ##"{"not": null}"##, ##"{"items": [true]}"##, ##"{"enum": 1}"##, ##"{"uniqueItems": 1}"##,
        ##"{"$ref": "#/type"}"##,
        ##"{"$defs": {"a": {"$id": "u:x"}, "b": {"$id": "u:x"}}}"##, ##"{"dependencies": {"a": 1}}"##,
        ##"{"pattern": "\\q"}"##, ##"{"pattern": "\\u12"}"##,
    ]) func aSchemaThatIsNoneIsRefused(_ text: String) throws {
        let found = error(try JSON.parse(text))
        #expect(found?.domain == "schema")
    }

    @Test func referencesInCirclesEnd() throws {
        for schema in [
            ["$ref": "#"], ["allOf": [["$ref": "#"]]], ["$ref": "#/$defs/a", "$defs": ["a": ["$ref": "#/$defs/a"]]],
            ["anyOf": [["$ref": "#"], true]], ["not": ["$ref": "#"]], ["$dynamicRef": "#a", "$dynamicAnchor": "a"],
        ] as [JSON] {
            let found = try JSONSchema(schema).validate(["a": 1])
            #expect(found.count == 1)
            #expect(found.first?.message.contains("without end") == true)
        }
    }

    @Test func recursionThatFollowsTheValueIsFine() throws {
        let schema = try JSONSchema([
            "properties": ["next": ["$ref": "#"], "size": ["type": "integer"]], "additionalProperties": false,
        ])
        var value: JSON = ["size": 1]
        for _ in 0..<120 { value = ["next": value] }
        #expect(schema.validate(value).isEmpty)
        var wrong: JSON = ["size": "1"]
        for _ in 0..<120 { wrong = ["next": wrong] }
        #expect(schema.validate(wrong).first?.path.hasSuffix("/next/size") == true)
    }

    @Test func deepNestingIsBounded() throws {
        var schema: JSON = true
        for _ in 0..<500 { schema = ["not": schema] }
        #expect(error(schema)?.code == .tooLarge)
        var options = JSONSchema.Options()
        options.limits.subschemas = 100
        let wide = JSON.array((0..<200).map { ["const": JSON($0)] })
        #expect(throws: GatehouseError.self) { try JSONSchema(["anyOf": wide], options: options) }
    }

    /// Each level asks twice for the next: 2^40 checks.
    @Test func workThatDoublesIsBounded() throws {
        var definitions = JSONObject()
        for level in 0..<40 {
            let next: JSON = ["$ref": JSON("#/$defs/l\(level + 1)")]
            definitions["l\(level)"] = ["anyOf": [["allOf": [next, false]], ["allOf": [next, false]]]]
        }
        definitions["l40"] = true
        var options = JSONSchema.Options()
        options.limits.steps = 100_000
        let schema = try JSONSchema(["$ref": "#/$defs/l0", "$defs": .object(definitions)], options: options)
        #expect(schema.validate(1).first?.message.contains("more than 100000 steps") == true)
    }

    /// Not even within a `not` does a bound that was reached count as a failure, which would be success.
    @Test func aPatternThatTakesTooLongDecidesNothing() throws {
        let text = JSON(String(repeating: "a", count: 200) + "!")
        let slow: JSON = ["pattern": "^(a|aa|a*)*$"]
        for schema in [slow, ["not": slow], ["anyOf": [slow, true]], ["if": slow, "then": true]] as [JSON] {
            let found = try JSONSchema(schema).validate(text)
            #expect(found.count == 1)
            #expect(found.first?.message.contains("takes too long") == true)
        }
    }

    @Test func violationsAreBounded() throws {
        let found = try JSONSchema(["items": false]).validate(.array(Array(repeating: 1, count: 5_000)))
        #expect(found.count == 32)
    }

    @Test func mutatedSchemasNeverCrash() throws {
        var random = SeededRandom(seed: 7)
        let seed = Array(
            ##"{"$id":"u:a","type":["object","null"],"properties":{"a":{"$ref":"#/$defs/x"},"b":{"pattern":"^[a-z\\d]+$"}},"$defs":{"x":{"$anchor":"n","enum":[1,2.5],"items":{"$ref":"#n"}}},"anyOf":[{"required":["a"]},{"minProperties":1}],"unevaluatedProperties":{"multipleOf":0.1},"if":{"const":1},"then":false}"##
                .utf8)
        let value: JSON = ["a": [1, [2]], "b": "x1", "c": 0.3]
        let end = ContinuousClock.now + .seconds(1)
        var read = 0
        while ContinuousClock.now < end {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = "\"{}[]:,$#/a1-.".utf8.randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(place + 6, bytes.count)], at: place)
                }
            }
            guard let json = try? JSON.parse(bytes), let schema = try? JSONSchema(json) else { continue }
            read += 1
            _ = schema.validate(value)
            _ = schema.validate(json)
        }
        #expect(read > 10)
    }
}

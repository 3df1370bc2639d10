import JSON
import MCP
import Schema

/// Example messages of MCP's specification (`DIR/VERSION/examples/DEFINITION/*.json`, with `DIR/VERSION/schema.json`).
/// Each is valid by the definition's schema, is read into the typed view or the message that it is an example of, and is
/// written again: what comes out is what went in, and valid as well.
struct MCPSchemaSuite: ConformanceSuite {
    let name = "mcp-schema"

    private static let schemaFile = "/schema.json"

    /// Each example with its schema; the schemas themselves are cases that are fine when they can be compiled.
    func cases(_ found: [ConformanceCase]) -> [ConformanceCase] {
        var schemas: [Substring: JSON] = [:]
        for file in found where file.place.hasSuffix(Self.schemaFile) {
            schemas[file.place.dropLast(Self.schemaFile.utf8.count)] = file.json
        }
        return found.map { file in
            guard let end = file.place.firstRange(of: "/examples/"), let schema = schemas[file.place[..<end.lowerBound]]
            else { return file }
            let definition = file.place[end.upperBound...].prefix { $0 != "/" }
            return ConformanceCase(
                place: file.place,
                json: ["example": file.json, "definition": JSON(String(definition)), "schema": schema])
        }
    }

    func failure(of testCase: ConformanceCase) -> String? {
        do {
            if testCase.place.hasSuffix(Self.schemaFile) {
                _ = try JSONSchema(testCase.json)
                return nil
            }
            guard let example = testCase.json["example"], let definition = testCase.json["definition"]?.string,
                let schema = testCase.json["schema"]
            else { return "not an example: no folder above it has a schema" }
            let validator = try Self.validator(of: definition, schema)
            if let violation = validator.validate(example).first { return "is not valid: \(violation.text)" }
            let rewritten = try WireDefinition.rewritten(example, as: definition)
            guard try rewritten.canonicalBytes() == example.canonicalBytes() else {
                return "came out as \(rewritten.text())"
            }
            return validator.validate(rewritten).first.map { "came out not valid: \($0.text)" }
        } catch {
            return "\(error)"
        }
    }

    /// The whole schema, with one of its definitions in front.
    private static func validator(of definition: String, _ schema: JSON) throws -> JSONSchema {
        let place = schema["$defs"] == nil ? "definitions" : "$defs"
        guard schema[place]?[definition] != nil else {
            throw CaseFiles.Failure(description: "the schema has no definition \(definition)")
        }
        var front = schema
        front["$ref"] = JSON("#/\(place)/\(definition)")
        return try JSONSchema(front)
    }
}

extension Violation {
    fileprivate var text: String { "\(path.isEmpty ? "it" : path) \(message) (\(schemaPath))" }
}

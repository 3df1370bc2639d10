import Foundation
import JSON
import Schema
import TestSupport
import Testing

@testable import MCP

/// The specification's own examples, broken in every place, against its own schema: what the schema refuses, the typed
/// views refuse, and what it takes they take.
@Suite("Examples", .enabled(if: SharedFiles.path("mcp/2026-07-28/schema.json") != nil, "\(SharedFiles.absence)"))
struct ExampleTests {
    private struct Example {
        let name: String
        let definition: String
        let json: JSON
    }

    private static func read(_ path: String) throws -> JSON {
        try JSON.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    }

    private static func examples() throws -> (schema: JSON, [Example]) {
        let root = try #require(SharedFiles.path("mcp/2026-07-28"))
        let files = FileManager.default
        var examples: [Example] = []
        for definition in try files.contentsOfDirectory(atPath: "\(root)/examples").sorted() {
            for file in try files.contentsOfDirectory(atPath: "\(root)/examples/\(definition)").sorted() {
                let json = try read("\(root)/examples/\(definition)/\(file)")
                examples.append(Example(name: "\(definition)/\(file)", definition: definition, json: json))
            }
        }
        return (try read("\(root)/schema.json"), examples)
    }

    /// The value with one thing in it changed: a member gone, or a value of another type.
    private static func broken(_ json: JSON) -> [(place: String, JSON)] {
        var all: [(String, JSON)] = [("", json.kind == .object ? [] : [:])]
        if case .object(let object) = json {
            for (key, value) in object {
                var without = object
                without[key] = nil
                all.append(("-\(key)", .object(without)))
                for (place, inner) in broken(value) {
                    var with = object
                    with[key] = inner
                    all.append((".\(key)\(place)", .object(with)))
                }
            }
        } else if case .array(let elements) = json {
            for (index, element) in elements.enumerated() {
                for (place, inner) in broken(element) {
                    var with = elements
                    with[index] = inner
                    all.append(("[\(index)]\(place)", .array(with)))
                }
            }
        }
        return all
    }

    @Test(
        "what breaks an example is refused by its schema, and by its view as far as that looks",
        .timeLimit(.minutes(3))
    )
    func refused() throws {
        let (schema, examples) = try Self.examples()
        #expect(examples.count >= 80)
        var (refused, read) = (0, 0)
        for example in examples {
            var front = schema
            front["$ref"] = JSON("#/$defs/\(example.definition)")
            let validator = try JSONSchema(front)
            #expect(validator.validate(example.json).isEmpty, "\(example.name)")
            #expect(try WireDefinition.rewritten(example.json, as: example.definition) == example.json)
            for (place, json) in Self.broken(example.json) {
                let isValid = validator.validate(json).isEmpty
                let isRead = (try? WireDefinition.rewritten(json, as: example.definition)) != nil
                if !isValid { refused += 1 }
                if !isValid, isRead { read += 1 }
                #expect(!isValid || !place.isEmpty, "\(example.name)")
                // What is one of several is read as what its name says; the schema takes it for another then.
                let isOneOfSeveral = example.definition.hasSuffix("ResultResponse")
                #expect(!isValid || isRead || isOneOfSeveral, "\(example.name)\(place)")
            }
        }
        #expect(refused >= 1700)
        // Views look at what is used here, and take what peers of earlier revisions leave out.
        #expect(read * 2 < refused)
    }
}

import Core
package import JSON

/// The part of JSON Schema (2020-12) in which tools describe their arguments, compiled once when a tool is registered.
///
/// `type`, `properties`, `required`, `additionalProperties`, `items`, `enum`, `const`, `minimum`, `maximum`,
/// `minLength`, `maxLength`, `minItems`, `maxItems`. Annotations are skipped. Any other keyword is refused, because a
/// check that is not made must not seem to be made.
package struct ArgumentSchema: Sendable {
    package indirect enum Additional: Sendable {
        case allowed
        case refused
        case schema(ArgumentSchema)
    }

    private(set) var types: Set<String> = []
    package private(set) var properties: [String: ArgumentSchema] = [:]
    package private(set) var required: [String] = []
    package private(set) var additional = Additional.allowed
    package private(set) var items: [ArgumentSchema] = []
    private(set) var choices: [JSON] = []
    private(set) var range: (least: Double?, greatest: Double?)
    private(set) var length: (least: Int?, greatest: Int?)
    private(set) var count: (least: Int?, greatest: Int?)

    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly",
        "writeOnly",
    ]
    private static let typeNames: Set<String> = ["null", "boolean", "integer", "number", "string", "array", "object"]

    /// - Parameter tool: names the tool in errors.
    /// - Throws: `unsupported` for a keyword that would not be checked, `invalid` for a malformed schema.
    package init(_ schema: JSON, of tool: String, at path: String = "arguments") throws {
        if case .bool(true) = schema { return }
        guard let object = schema.object else { throw Self.malformed(tool, path, "a schema is an object") }
        for (keyword, value) in object { try read(keyword, value, tool, path) }
    }

    /// Whether a value of this type may stand here.
    package func takes(_ type: String) -> Bool { types.isEmpty || types.contains(type) }

    private mutating func read(_ keyword: String, _ value: JSON, _ tool: String, _ path: String) throws {
        switch keyword {
        case "type": types = try Self.types(value, tool, path)
        case "properties":
            guard let members = value.object else { throw Self.malformed(tool, path, "\"properties\" is an object") }
            for (key, schema) in members {
                properties[key] = try ArgumentSchema(schema, of: tool, at: "\(path).\(key)")
            }
        case "required":
            guard let names = value.array?.map(\.string), !names.contains(nil) else {
                throw Self.malformed(tool, path, "\"required\" is an array of strings")
            }
            required = names.compactMap { $0 }
        case "additionalProperties":
            additional =
                try value.bool.map { $0 ? .allowed : .refused }
                ?? .schema(ArgumentSchema(value, of: tool, at: "\(path).*"))
        case "items": items = [try ArgumentSchema(value, of: tool, at: "\(path)[]")]
        case "enum":
            guard let list = value.array, !list.isEmpty else { throw Self.malformed(tool, path, "\"enum\" is a list") }
            choices = list
        case "const": choices = [value]
        default: try readBound(keyword, value, tool, path)
        }
    }

    private mutating func readBound(_ keyword: String, _ value: JSON, _ tool: String, _ path: String) throws {
        if Self.annotations.contains(keyword) { return }
        func whole() throws -> Int {
            guard let bound = value.int, bound >= 0 else {
                throw Self.malformed(tool, path, "\"\(keyword)\" is a whole number")
            }
            return bound
        }
        func real() throws -> Double {
            guard let bound = value.double else { throw Self.malformed(tool, path, "\"\(keyword)\" is a number") }
            return bound
        }
        switch keyword {
        case "minimum": range.least = try real()
        case "maximum": range.greatest = try real()
        case "minLength": length.least = try whole()
        case "maxLength": length.greatest = try whole()
        case "minItems": count.least = try whole()
        case "maxItems": count.greatest = try whole()
        default:
            throw GatehouseError(
                "gate", .unsupported,
                "the schema of \(tool) uses \"\(keyword)\" at \(path), which the gate does not check",
                hint: "check it in the tool's effect(of:)")
        }
    }

    private static func types(_ value: JSON, _ tool: String, _ path: String) throws -> Set<String> {
        let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        guard !names.isEmpty, typeNames.isSuperset(of: names) else {
            throw malformed(tool, path, "\"type\" names JSON types")
        }
        return Set(names)
    }

    private static func malformed(_ tool: String, _ path: String, _ what: String) -> GatehouseError {
        GatehouseError("gate", .invalid, "the schema of \(tool) is malformed at \(path): \(what)")
    }
}

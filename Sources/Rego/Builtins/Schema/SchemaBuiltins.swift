internal import JSON

/// `json.match_schema` and `json.verify_schema`.
enum SchemaBuiltins {
    private static let schema = RegoType.either(.string, .anyObject)
    private static let failure = RegoType.object(
        [.init("desc", .string), .init("error", .string), .init("field", .string), .init("type", .string)], rest: nil)

    static let all: [Builtin] = [
        Builtin("json.match_schema", [schema, schema], .array([.boolean, .array(of: failure)], rest: nil)) {
            arguments, context throws(BuiltinError) in
            let schema = try checked(arguments, 1)
            let document = try value(arguments, 0)
            var validation = SchemaValidation(root: schema, context: context)
            let failures = try validation.failures(of: document)
            return [.bool(failures.isEmpty), .array(RegoArray(failures.map(\.json)))]
        },
        Builtin("json.verify_schema", [schema], .array([.boolean, .either(.string, .null)], rest: nil)) {
            arguments, _ throws(BuiltinError) in
            do throws(BuiltinError) {
                _ = try checked(arguments, 0)
                return [true, .null]
            } catch {
                return [false, RegoValue("jsonschema: \(error.message)")]
            }
        },
    ]

    /// The value itself, or what the text says in JSON.
    private static func value(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> RegoValue {
        guard case .string(let string) = arguments[at] else { return arguments[at] }
        do {
            return try RegoValue(parsing: Array(string.text.utf8))
        } catch {
            throw .failure("invalid JSON string: \(error)")
        }
    }

    private static func checked(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> RegoValue {
        let schema = try value(arguments, at)
        try SchemaCheck.check(schema, depth: 0)
        return schema
    }
}

/// Whether a schema is one.
enum SchemaCheck {
    static let types = ["array", "boolean", "integer", "number", "null", "object", "string"]
    private static let single = [
        "not", "if", "then", "else", "contains", "propertyNames", "additionalItems", "additionalProperties",
    ]
    private static let maps = ["properties", "patternProperties", "definitions", "$defs"]
    private static let lists = ["allOf", "anyOf", "oneOf"]
    private static let counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]
    private static let numbers = ["minimum", "maximum", "multipleOf"]

    static func check(_ schema: RegoValue, depth: Int) throws(BuiltinError) {
        guard depth < 128 else { throw .failure("the schema nests too deeply") }
        if case .bool = schema { return }
        guard case .object(let object) = schema else {
            throw .failure("schema is invalid: it must be an object or a boolean")
        }
        try checkType(object["type"])
        for name in single { if let inner = object[name] { try check(inner, depth: depth + 1) } }
        for name in maps {
            guard let map = object[name] else { continue }
            guard case .object(let members) = map else { throw invalid(name, "object") }
            for (_, inner) in members { try check(inner, depth: depth + 1) }
        }
        for name in lists {
            guard let list = object[name] else { continue }
            guard case .array(let members) = list, !members.isEmpty else { throw invalid(name, "non-empty array") }
            for inner in members { try check(inner, depth: depth + 1) }
        }
        if let items = object["items"] {
            for inner in items.array?.elements ?? [items] { try check(inner, depth: depth + 1) }
        }
        try checkValues(object)
    }

    private static func checkValues(_ object: RegoObject) throws(BuiltinError) {
        for name in counts {
            guard let value = object[name] else { continue }
            guard let count = value.number?.int, count >= 0 else { throw invalid(name, "non-negative integer") }
        }
        for name in numbers { if let value = object[name], value.number == nil { throw invalid(name, "number") } }
        if let factor = object["multipleOf"]?.number, factor <= 0 {
            throw .failure("multipleOf must be greater than 0")
        }
        if let names = object["required"] {
            guard case .array(let array) = names, array.allSatisfy({ $0.string != nil }) else {
                throw invalid("required", "array of strings")
            }
        }
        if let pattern = object["pattern"] {
            guard let text = pattern.text else { throw invalid("pattern", "string") }
            do throws(BuiltinError) { _ = try RegularExpression.of(text) } catch {
                throw invalid("pattern", "valid regex")
            }
        }
        if let values = object["enum"], values.array == nil { throw invalid("enum", "array") }
        if let reference = object["$ref"], reference.string == nil { throw invalid("$ref", "string") }
    }

    private static func invalid(_ name: String, _ wanted: String) -> BuiltinError {
        .failure("Invalid type. Expected: \(wanted), given: \(name)")
    }

    private static func checkType(_ type: RegoValue?) throws(BuiltinError) {
        guard let type else { return }
        for name in type.array?.elements ?? [type] {
            guard let text = name.text else { throw invalid("type", "string or array of strings") }
            guard types.contains(text) else {
                let valid = types.joined(separator: " ")
                throw .failure(
                    "has a primitive type that is NOT VALID -- given: /\(text)/ Expected valid values are:[\(valid)]")
            }
        }
    }
}

/// Checks a value against a JSON Schema (drafts 4 to 7).
struct SchemaValidation {
    struct Failure {
        var field: String
        var type: String
        var description: String

        var json: RegoValue {
            [
                "error": RegoValue("\(field): \(description)"), "field": RegoValue(field), "type": RegoValue(type),
                "desc": RegoValue(description),
            ]
        }
    }

    let root: RegoValue
    let context: BuiltinContext
    var found: [Failure] = []
    private var depth = 0

    init(root: RegoValue, context: BuiltinContext) {
        self.root = root
        self.context = context
    }

    mutating func failures(of value: RegoValue) throws(BuiltinError) -> [Failure] {
        try validate(value, root, "(root)")
        return found
    }

    mutating func fail(_ field: String, _ type: String, _ description: String) throws(BuiltinError) {
        try context.charge(memory: 200 + field.utf8.count * 2)
        found.append(Failure(field: field, type: type, description: description))
    }

    /// Whether the value satisfies the schema, without keeping why not.
    mutating func satisfies(_ value: RegoValue, _ schema: RegoValue, _ field: String) throws(BuiltinError) -> Bool {
        let before = found.count
        try validate(value, schema, field)
        defer { found.removeLast(found.count - before) }
        return found.count == before
    }

    mutating func validate(_ value: RegoValue, _ schema: RegoValue, _ field: String) throws(BuiltinError) {
        try context.charge(steps: 20)
        depth += 1
        defer { depth -= 1 }
        guard depth < 256 else { throw .failure("the schema refers to itself too deeply") }
        if schema == false { return try fail(field, "false", "False always fails validation") }
        guard case .object(let object) = schema else { return }
        if let reference = object["$ref"]?.text {
            return try validate(value, try resolve(reference), field)
        }
        if try validateType(value, object, field) { return }
        try validateGeneral(value, object, field)
        try validateCombinations(value, object, field)
        switch value {
        case .number(let number): try validateNumber(number, object, field)
        case .string(let string): try validateText(string, object, field)
        case .array(let array): try validateArray(array, object, field)
        case .set(let set): try validateArray(RegoArray(set), object, field)
        case .object(let members): try validateObject(members, object, field)
        default: break
        }
    }

    private func resolve(_ reference: String) throws(BuiltinError) -> RegoValue {
        if reference == "#" { return root }
        guard reference.hasPrefix("#/") else { throw .failure("reference \(reference) is not within the schema") }
        let pointer = try URLQuery.unescape(Array(reference.dropFirst(2).utf8))
        var value = root
        for key in try JSONPaths.path(RegoValue(GoText.decode(pointer))) {
            let place = value.array == nil ? key : RegoValue(key.text.flatMap(Int.init) ?? -1)
            guard let inner = value[place] else { throw .failure("Object has no key '\(key.text ?? "")'") }
            value = inner
        }
        return value
    }

    // MARK: - Any type

    static func typeName(_ value: RegoValue) -> String {
        switch value {
        case .number(let number): number.isInteger ? "integer" : "number"
        case .set: "array"
        default: value.typeName
        }
    }

    /// Whether the type is wrong, which makes the rest meaningless.
    private mutating func validateType(
        _ value: RegoValue, _ schema: RegoObject, _ field: String
    ) throws(BuiltinError) -> Bool {
        guard let type = schema["type"] else { return false }
        let allowed = (type.array?.elements ?? [type]).compactMap(\.text)
        let given = Self.typeName(value)
        if allowed.contains(given) || given == "integer" && allowed.contains("number") { return false }
        let expected = allowed.joined(separator: "/")
        try fail(field, "invalid_type", "Invalid type. Expected: \(expected), given: \(given)")
        return true
    }

    private mutating func validateGeneral(
        _ value: RegoValue, _ schema: RegoObject, _ field: String
    ) throws(BuiltinError) {
        let json = GoJSON(pretty: nil)
        if let constant = schema["const"], constant != value {
            try fail(field, "const", "\(field) does not match: \(json.text(constant))")
        }
        if case .array(let values)? = schema["enum"], !values.contains(value) {
            let allowed = values.map { json.text($0) }.joined(separator: ", ")
            try fail(field, "enum", "\(field) must be one of the following: \(allowed)")
        }
    }

    private mutating func validateCombinations(
        _ value: RegoValue, _ schema: RegoObject, _ field: String
    ) throws(BuiltinError) {
        if case .array(let all)? = schema["allOf"] {
            let before = found.count
            for part in all { try validate(value, part, field) }
            if found.count > before { try fail(field, "number_all_of", "Must validate all the schemas (allOf)") }
        }
        if case .array(let any)? = schema["anyOf"], try count(any, value, field) == 0 {
            try fail(field, "number_any_of", "Must validate at least one schema (anyOf)")
        }
        if case .array(let one)? = schema["oneOf"], try count(one, value, field) != 1 {
            try fail(field, "number_one_of", "Must validate one and only one schema (oneOf)")
        }
        if let not = schema["not"], try satisfies(value, not, field) {
            try fail(field, "number_not", "Must not validate the schema (not)")
        }
        guard let condition = schema["if"] else { return }
        if try satisfies(value, condition, field) {
            guard let then = schema["then"], try !satisfies(value, then, field) else { return }
            try fail(field, "condition_then", "Must validate \"then\" as \"if\" was valid")
        } else if let otherwise = schema["else"], try !satisfies(value, otherwise, field) {
            try fail(field, "condition_else", "Must validate \"else\" as \"if\" was not valid")
        }
    }

    private mutating func count(
        _ schemas: RegoArray, _ value: RegoValue, _ field: String
    ) throws(BuiltinError) -> Int {
        var count = 0
        for schema in schemas { if try satisfies(value, schema, field) { count += 1 } }
        return count
    }
}

import Core
import JSON

extension Compiler {
    /// Reads the keywords of one subschema. Others than these are annotations, or nothing at all.
    mutating func readRules(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        let draft07 = scope.vocabulary.isDraft07
        if draft07, let reference = schema["$ref"] {
            try readDefinitions(of: schema, at: place, in: scope)
            return try readReference(reference, "$ref", number, at: place, in: scope)
        }
        if scope.vocabulary.hasValidation { try readAssertions(of: schema, number, at: place, scope.vocabulary) }
        try readDefinitions(of: schema, at: place, in: scope)
        for keyword in draft07 ? ["$ref"] : ["$ref", "$dynamicRef"] {
            if let reference = schema[keyword] {
                try readReference(reference, keyword, number, at: place, in: scope)
            }
        }
        try readCombinations(of: schema, number, at: place, in: scope)
        try readMembers(of: schema, number, at: place, in: scope)
        try readElements(of: schema, number, at: place, in: scope)
        try readDependencies(of: schema, number, at: place, in: scope)
        if !draft07 { try readUnevaluated(of: schema, number, at: place, in: scope) }
    }

    mutating func append(_ keyword: String, _ check: Check, to node: Int) {
        program.nodes[node].rules.append(Rule(keyword: keyword, check: check))
    }

    /// The subschema that a keyword holds, if it is there.
    mutating func child(
        _ keyword: String, of schema: JSONObject, at place: Place, in scope: Scope
    ) throws(GatehouseError) -> Int? {
        guard let value = schema[keyword] else { return nil }
        return try subschema(value, at: place.adding(keyword), in: scope)
    }

    /// The subschemas that a keyword lists.
    mutating func children(
        _ keyword: String, of schema: JSONObject, at place: Place, in scope: Scope
    ) throws(GatehouseError) -> [Int]? {
        guard let value = schema[keyword] else { return nil }
        let place = place.adding(keyword)
        guard let elements = value.array, !elements.isEmpty else {
            throw failure(.invalid, place, "must be a list of schemas")
        }
        var numbers: [Int] = []
        for (index, element) in elements.enumerated() {
            numbers.append(try subschema(element, at: place.adding(String(index)), in: scope))
        }
        return numbers
    }

    /// The subschemas that a keyword holds by name.
    mutating func named(
        _ keyword: String, of schema: JSONObject, at place: Place, in scope: Scope
    ) throws(GatehouseError) -> [(name: String, schema: Int)]? {
        guard let value = schema[keyword] else { return nil }
        let place = place.adding(keyword)
        guard let object = value.object else { throw failure(.invalid, place, "must be an object of schemas") }
        var numbers: [(name: String, schema: Int)] = []
        for (name, value) in object {
            numbers.append((name, try subschema(value, at: place.adding(name), in: scope)))
        }
        return numbers
    }

    private mutating func readDefinitions(
        of schema: JSONObject, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        for keyword in scope.vocabulary.definitions { _ = try named(keyword, of: schema, at: place, in: scope) }
    }

    private mutating func readReference(
        _ reference: JSON, _ keyword: String, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        let place = place.adding(keyword)
        guard let text = reference.string else { throw failure(.invalid, place, "must be a string") }
        let rule = self.reference(text, of: number, isDynamic: keyword == "$dynamicRef", at: place, in: scope)
        program.nodes[number].rules.append(rule)
    }

    private mutating func readCombinations(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        if let all = try children("allOf", of: schema, at: place, in: scope) {
            append("allOf", .allOf(all), to: number)
        }
        if let any = try children("anyOf", of: schema, at: place, in: scope) {
            append("anyOf", .anyOf(any), to: number)
        }
        if let one = try children("oneOf", of: schema, at: place, in: scope) {
            append("oneOf", .oneOf(one), to: number)
        }
        if let not = try child("not", of: schema, at: place, in: scope) { append("not", .not(not), to: number) }
        let then = try child("then", of: schema, at: place, in: scope)
        let otherwise = try child("else", of: schema, at: place, in: scope)
        if let condition = try child("if", of: schema, at: place, in: scope) {
            append("if", .condition(.init(condition: condition, then: then, otherwise: otherwise)), to: number)
        }
    }

    private mutating func readMembers(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        var members = Check.Members()
        for (name, child) in try named("properties", of: schema, at: place, in: scope) ?? [] {
            members.named[ExactText(name)] = child
        }
        for (name, child) in try named("patternProperties", of: schema, at: place, in: scope) ?? [] {
            members.patterns.append((try pattern(name, at: place.adding("patternProperties").adding(name)), child))
        }
        members.rest = try child("additionalProperties", of: schema, at: place, in: scope)
        if !members.named.isEmpty || !members.patterns.isEmpty || members.rest != nil {
            append("properties", .members(members), to: number)
        }
        if let names = try child("propertyNames", of: schema, at: place, in: scope) {
            append("propertyNames", .propertyNames(names), to: number)
        }
        if !scope.vocabulary.isDraft07, let all = try named("dependentSchemas", of: schema, at: place, in: scope) {
            append("dependentSchemas", .dependentSchemas(all), to: number)
        }
    }

    private mutating func readElements(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        let isList = scope.vocabulary.isDraft07 && schema["items"]?.array != nil
        var first: [Int] = []
        var rest: Int?
        if isList {
            if schema["items"]?.array?.isEmpty == false {
                first = try children("items", of: schema, at: place, in: scope) ?? []
            }
            rest = try child("additionalItems", of: schema, at: place, in: scope)
        } else {
            if !scope.vocabulary.isDraft07 {
                first = try children("prefixItems", of: schema, at: place, in: scope) ?? []
            }
            rest = try child("items", of: schema, at: place, in: scope)
        }
        if !first.isEmpty || rest != nil { append("items", .items(first: first, rest: rest), to: number) }
        guard let contained = try child("contains", of: schema, at: place, in: scope) else { return }
        let bounded = !scope.vocabulary.isDraft07 && scope.vocabulary.hasValidation
        let least = bounded ? try count("minContains", of: schema, at: place) : nil
        let most = bounded ? try count("maxContains", of: schema, at: place) : nil
        append("contains", .contains(contained, least: least ?? 1, most: most ?? .max), to: number)
    }

    /// Draft-07: each is a schema or a list of names. It is read in 2020-12 as well, where it may be and where many
    /// schemas that do not name their dialect have it.
    private mutating func readDependencies(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        guard let value = schema["dependencies"] else { return }
        let place = place.adding("dependencies")
        guard let object = value.object else { throw failure(.invalid, place, "must be an object") }
        var needed: [(name: String, needed: [String])] = []
        var schemas: [(name: String, schema: Int)] = []
        for (name, value) in object {
            if value.array != nil {
                needed.append((name, try names(value, at: place.adding(name))))
            } else {
                schemas.append((name, try subschema(value, at: place.adding(name), in: scope)))
            }
        }
        if !needed.isEmpty { append("dependencies", .dependentRequired(needed), to: number) }
        if !schemas.isEmpty { append("dependencies", .dependentSchemas(schemas), to: number) }
    }

    private mutating func readUnevaluated(
        of schema: JSONObject, _ number: Int, at place: Place, in scope: Scope
    ) throws(GatehouseError) {
        if let items = try child("unevaluatedItems", of: schema, at: place, in: scope) {
            append("unevaluatedItems", .unevaluatedItems(items), to: number)
            program.tracksEvaluation = true
        }
        if let members = try child("unevaluatedProperties", of: schema, at: place, in: scope) {
            append("unevaluatedProperties", .unevaluatedProperties(members), to: number)
            program.tracksEvaluation = true
        }
    }
}

import JSON

extension Evaluator {
    /// Whether the value satisfies one keyword of a node; tells what is wrong if not.
    mutating func holds(
        _ rule: Rule, of node: Int, _ value: JSON, _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        switch rule.check {
        case .never: return told(node, rule, "is not allowed")
        case .type(let types):
            let type = TypeSet(of: value)
            return types.isSuperset(of: type)
                || told(node, rule, "must be \(types.words), not \(type.words)")
        case .value(let check):
            try spend(check.weight)
            return check.allowed.contains { Values.same($0, value) } || told(node, rule, Words.of(check))
        case .number(let check):
            guard let number = value.number else { return true }
            return holds(check, number) || told(node, rule, Words.of(check))
        case .text(let check):
            guard let text = value.string else { return true }
            return try holds(check, text) || told(node, rule, Words.of(check))
        case .count(let check): return holds(check, value) || told(node, rule, Words.of(check))
        case .uniqueItems: return try hasUniqueItems(value) || told(node, rule, "must not have an element twice")
        case .required(let names): return try hasAll(names, value, node, rule)
        case .dependentRequired(let all):
            guard let object = value.object else { return true }
            var isValid = true
            for (name, needed) in all where object[name] != nil {
                if !(try hasAll(needed, value, node, rule)) { isValid = false }
            }
            return isValid
        case .members(let members): return try holds(members, value, &evaluated)
        case .propertyNames(let schema): return try namesFit(schema, value, node, rule)
        case .items(let first, let rest): return try holds(first, rest, value, &evaluated)
        case .contains(let schema, let least, let most):
            return try contains(schema, least, most, value, node, rule, &evaluated)
        case .unevaluatedItems(let schema): return try restFits(schema, value.array, &evaluated)
        case .unevaluatedProperties(let schema): return try restFits(schema, value.object, &evaluated)
        default: return try combines(rule, of: node, value, &evaluated)
        }
    }

    /// Tells what is wrong, and is false.
    mutating func told(_ node: Int, _ rule: Rule, _ message: @autoclosure () -> String) -> Bool {
        report(node, rule.keyword, message())
        return false
    }

    private mutating func combines(
        _ rule: Rule, of node: Int, _ value: JSON, _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        switch rule.check {
        case .reference(let slot): return try evaluate(program.targets[slot], value, &evaluated)
        case .dynamicReference(let slot, let anchor):
            return try evaluate(target(slot, anchor: anchor), value, &evaluated)
        case .allOf(let all):
            var isValid = true
            for schema in all where !(try evaluate(schema, value, &evaluated)) {
                isValid = false
                if isQuiet { break }
            }
            return isValid
        case .anyOf(let any): return try fitsAny(of: any, value, node, rule, &evaluated)
        case .oneOf(let one): return try fitsOne(of: one, value, node, rule, &evaluated)
        case .not(let schema):
            var ignored = Evaluated()
            return try !accepts(schema, value, &ignored) || told(node, rule, "is what the schema rules out")
        case .condition(let check):
            let branch = try accepts(check.condition, value, &evaluated) ? check.then : check.otherwise
            guard let branch else { return true }
            return try evaluate(branch, value, &evaluated)
        case .dependentSchemas(let all):
            guard let object = value.object else { return true }
            var isValid = true
            for (name, schema) in all where object[name] != nil {
                if !(try evaluate(schema, value, &evaluated)) { isValid = false }
            }
            return isValid
        default: return true
        }
    }

    private mutating func fitsAny(
        of schemas: [Int], _ value: JSON, _ node: Int, _ rule: Rule, _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        var reasons: [String] = []
        var isValid = false
        for schema in schemas where try accepts(schema, value, &evaluated, reasons: &reasons) {
            isValid = true
            // What the other alternatives look at matters only where somebody asks for it.
            if !program.tracksEvaluation { break }
        }
        return isValid || told(node, rule, "fits no alternative: \(reasons.joined(separator: "; "))")
    }

    private mutating func fitsOne(
        of schemas: [Int], _ value: JSON, _ node: Int, _ rule: Rule, _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        var reasons: [String] = []
        var fitting = 0
        for schema in schemas where try accepts(schema, value, &evaluated, reasons: &reasons) {
            fitting += 1
            if fitting > 1 { return told(node, rule, "fits more than one alternative, must fit exactly one") }
        }
        return fitting == 1 || told(node, rule, "fits no alternative: \(reasons.joined(separator: "; "))")
    }

    private mutating func hasAll(_ names: [String], _ value: JSON, _ node: Int, _ rule: Rule) throws(Stop) -> Bool {
        guard let object = value.object else { return true }
        try spend(names.count)
        let missing = names.filter { object[$0] == nil }
        guard !missing.isEmpty else { return true }
        let shown = missing.prefix(8).map { "\"\($0.prefix(80))\"" }.joined(separator: ", ")
        return told(node, rule, "must have \(shown)\(missing.count > 8 ? ", …" : "")")
    }
}

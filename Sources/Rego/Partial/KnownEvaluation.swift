/// What does not depend on anything unknown is compiled and run as always.
extension PartialSession {
    /// The value of a rule; nil when it is undefined.
    func knownValue(of node: RuleTree, _ context: PartialContext) throws -> RegoValue? {
        if let known = context.values[node.path] { return known }
        let place = node.rules[0].place
        let reference = Resolver.rooted(["data"] + node.path, [], place)
        let name = names.next()
        let equation = Literal(Term.equation(Term(.variable(name), at: place), reference, at: place))
        let value = try solve(equation, for: [name], context).first?[0]
        context.values[node.path] = .some(value)
        return value
    }

    /// The values that variables have in each answer. All other variables of the expression are its own.
    func solve(_ literal: Literal, for variables: [String], _ context: PartialContext) throws -> [[RegoValue]] {
        try charge(50)
        var literal = literal
        literal.with = context.modifiers + literal.with
        let planner = Planner(tree: tree, signatures: signatures, sources: sources)
        let outputs = variables.enumerated().map { (name: $1, spelled: "v\($0)") }
        try planner.plan(query: [literal], variables: outputs, name: "query", file: sources.count - 1)
        let program = try Program(planner.prunedPolicy(), builtins: signatures.builtins)
        let answers = try PreparedQuery(program, entryPoint: "query").evaluate(
            input: input, data: data, options: evaluationOptions)
        try charge(answers.values.count)
        return answers.values.map { answer in outputs.map { answer.object?[$0.spelled] ?? .null } }
    }

    /// The answers to an expression that needs nothing unknown; nil when it does.
    func solveIfKnown(
        _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch]? {
        var visitor = VariableVisitor()
        visitor.visit(literal)
        let mentioned = visitor.plain + visitor.closed
        let values = Dictionary(uniqueKeysWithValues: Set(mentioned).map { ($0, branch.value(of: .variable($0))) })
        guard values.values.allSatisfy({ $0.known != nil || $0.variables.allSatisfy { !branch.open.contains($0) } }),
            !isAffected(literal, context)
        else { return nil }
        // A variable may stand for another, or for a pattern, that has no value yet.
        let outputs = visitor.plain.flatMap { values[$0]?.variables ?? [] }.uniqued
        return try solve(branch.mapper.map(literal), for: outputs, context).compactMap { answer in
            var result = branch
            let agrees = zip(outputs, answer).allSatisfy {
                result.unify(.variable($0), .known($1), at: literal.place)
            }
            return agrees ? result : nil
        }
    }
}

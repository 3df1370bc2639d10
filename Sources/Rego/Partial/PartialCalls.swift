/// Calls: run where all arguments are known, taken apart where a function's bodies say, else left.
extension PartialSession {
    func evaluateCall(
        _ function: Term, _ arguments: [Term], _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch] {
        guard let path = Resolver.dotted(function), let arity = signatures.arity(of: function) else {
            throw unsupported("a call of what is no function", at: literal.place)
        }
        var branch = branch
        var values: [PartialValue] = []
        for argument in arguments {
            guard let value = try simple(argument, &branch, context) else { return [] }
            values.append(value)
        }
        let count = signatures.isVariadic(function) ? arguments.count : min(arity, arguments.count)
        let call = Call(
            path: path, function: function, arguments: values.prefix(count).map { branch.value(of: $0) },
            output: values.count > count ? values.last : nil, place: literal.place)
        if context.mocks.contains(path.joined(separator: ".")) {
            throw unsupported("unknowns where with replaces a function", at: literal.place)
        }
        return path[0] == "data" ? try callFunction(call, branch, context) : try callBuiltin(call, branch)
    }

    struct Call {
        var path: [String]
        var function: Term
        var arguments: [PartialValue]
        var output: PartialValue?
        var place: SourcePlace

        var known: [RegoValue]? {
            let known = arguments.compactMap(\.known)
            return known.count == arguments.count ? known : nil
        }

        func literal(_ function: Term) -> Literal {
            let terms = (arguments + (output.map { [$0] } ?? [])).map { $0.term(at: place) }
            return Literal(Term(.call(function, terms), at: place))
        }
    }

    /// What follows from the result of a call: nil when it is undefined, false or not what is expected.
    private func finish(_ call: Call, _ result: PartialValue, _ branch: PartialBranch) -> PartialBranch? {
        var branch = branch
        if let output = call.output {
            return branch.unify(output, result, at: call.place) ? branch : nil
        }
        switch branch.value(of: result) {
        case .known(let value): return value == false ? nil : branch
        case .variable(let name):
            branch.save(Literal(Term(.variable(name), at: call.place)))
            return branch
        default: return branch
        }
    }

    // MARK: Builtins

    private func callBuiltin(_ call: Call, _ branch: PartialBranch) throws -> [PartialBranch] {
        let name = call.path.joined(separator: ".")
        guard let builtin = signatures.builtins[name] else {
            throw unsupported("the builtin \(name)", at: call.place)
        }
        if let known = call.known, !isDeferred(name) {
            guard let result = try run(builtin, known, call.place) else { return [] }
            guard builtin.declaration.isRelation else {
                guard builtin.declaration.result != nil else { return [branch] }
                return finish(call, .known(result), branch).map { [$0] } ?? []
            }
            return (result.array.map(Array.init) ?? result.set.map(Array.init) ?? []).compactMap {
                finish(call, .known($0), branch)
            }
        }
        var branch = branch
        branch.save(call.literal(call.function))
        return [branch]
    }

    /// Nil when the call is undefined.
    func run(_ builtin: Builtin, _ arguments: [RegoValue], _ place: SourcePlace) throws -> RegoValue? {
        do throws(BuiltinError) {
            return try builtin.run(arguments, builtinContext)
        } catch {
            guard error.isFatal || options.evaluation.isStrict else { return nil }
            let code = EvaluationError.Code(rawValue: error.code.rawValue) ?? .builtin
            throw EvaluationError(code, "\(builtin.name): \(error.message)")
        }
    }

    // MARK: Functions of policies

    private func callFunction(
        _ call: Call, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch] {
        let path = Array(call.path.dropFirst())
        guard let node = tree.find(path), node.isRule else {
            throw unsupported("the function \(path.joined(separator: "."))", at: call.place)
        }
        if let known = call.known, !isAffected(node, context) {
            return try callKnown(call, known, context).compactMap { finish(call, .known($0), branch) }
        }
        if isInlined(node), let entries = try nested({ try self.entries(of: node, call, context) }) {
            return entries.compactMap { entry in
                var result = branch
                guard apply(entry.residue, to: &result, call.place) else { return nil }
                return finish(call, entry.value, result)
            }
        }
        guard case .rule(let path) = try support(for: node, context) else { return [] }
        var branch = branch
        branch.save(call.literal(Resolver.rooted(["data"] + path, [], call.place)))
        return [branch]
    }

    private func callKnown(_ call: Call, _ known: [RegoValue], _ context: PartialContext) throws -> [RegoValue] {
        let key = RegoValue.array(RegoArray([RegoValue(context.root), RegoValue(call.function.dotted)] + known))
        if let results = results[key] { return results.map { $0[0] } }
        let name = names.next()
        var solved = call
        solved.output = .variable(name)
        let answers = try solve(solved.literal(call.function), for: [name], context)
        results[key] = answers
        return answers.map { $0[0] }
    }

    /// What a call may give; nil when that is only decided by the function as a whole.
    private func entries(
        of node: RuleTree, _ call: Call, _ context: PartialContext
    ) throws -> [PartialExtent.Entry]? {
        var extent = PartialExtent()
        for rule in node.rules where !rule.isDefault {
            let links = try links(of: rule, node, context, arguments: call.arguments)
            guard let entries = Self.chosen(links) else { return nil }
            extent.entries += entries
            try checkBranches(extent.entries.count)
        }
        guard extent.isConsistent else { return nil }
        let hasFallback = node.rules.contains(where: \.isDefault)
        return hasFallback && !extent.entries.contains(where: \.isCertain) ? nil : extent.entries
    }
}

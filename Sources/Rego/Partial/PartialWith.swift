/// `with`: followed where it puts something known in the place of something known, else kept.
extension PartialSession {
    func evaluateWith(
        _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch] {
        var branch = branch
        var literal = literal
        for at in literal.with.indices where !literal.with[at].isMock {
            guard let value = try simple(literal.with[at].value, &branch, context) else { return [] }
            literal.with[at].value = branch.value(of: value).term(at: literal.with[at].value.place)
        }
        for at in literal.with.indices where literal.with[at].isMock {
            literal.with[at].value = branch.mapper.map(literal.with[at].value)
        }
        guard let inner = try followed(literal.with, context) else { return try retained(literal, branch, context) }
        var plain = literal
        plain.with = []
        return try nested { try evaluate([plain], branch, inner) }
    }

    /// What is known under the modifiers; nil where a value is not known or replaces a part of something unknown.
    private func followed(_ modifiers: [Literal.With], _ context: PartialContext) throws -> PartialContext? {
        var (unknowns, shadowed, mocks) = (context.unknowns, context.shadowed, context.mocks)
        var (input, data) = (context.input, context.data)
        for with in modifiers {
            guard case .call(let function, _) = with.target.node else {
                guard let path = Resolver.dotted(with.target), let value = with.value.constant,
                    !unknowns.contains(where: { path.starts(with: $0) && path.count > $0.count })
                else { return nil }
                unknowns.removeAll { $0.starts(with: path) }
                let rest = path.dropFirst()
                if path[0] == "input" {
                    input = input.map { $0.replacing(rest, with: value) } ?? RegoValue.null.replacing(rest, with: value)
                } else {
                    data = data.replacing(rest, with: value)
                    shadowed.insert(Array(rest))
                }
                continue
            }
            guard with.value.isMockValue else { throw unsupported("this value of with", at: with.value.place) }
            mocks.insert(function.dotted)
        }
        let all = context.modifiers + modifiers
        let key = all.map { RegoWriter.text(of: $0.target) + " as " + RegoWriter.text(of: $0.value) }
        if let known = contexts.first(where: { $0.key == key && $0.unknowns == unknowns }) { return known }
        let made = try makeContext(
            unknowns: unknowns, input: input, data: data, modifiers: all, shadowed: shadowed, mocks: mocks)
        made.key = key
        return made
    }

    /// The expression under its `with`, for which all that the modifiers replace is unknown.
    func underWith(
        _ literal: Literal, _ context: PartialContext, into result: inout [Literal]
    ) throws -> Literal {
        var kept = literal
        var unknowns = context.unknowns
        for at in kept.with.indices {
            let with = kept.with[at]
            guard !with.isMock, let path = Resolver.dotted(with.target) else {
                throw unsupported("unknowns where with replaces a function", at: literal.place)
            }
            var before: [Literal] = []
            let values = try selfContained([Literal(Term.equation(with.value, with.value, at: literal.place))], context)
            guard case .term(let term)? = values.last?.kind, case .call(_, let sides) = term.node else {
                return .never(at: literal.place)
            }
            before += values.dropLast()
            result += before
            kept.with[at].value = sides[0]
            unknowns.append(path)
        }
        let inner = try deferred(unknowns, context)
        var plain = kept
        plain.with = []
        let lines = try selfContained([plain], inner)
        result += lines.dropLast()
        guard var last = lines.last else { return kept }
        last.with = kept.with
        return last
    }

    private func deferred(_ unknowns: [[String]], _ context: PartialContext) throws -> PartialContext {
        if let known = contexts.first(where: { $0.unknowns == unknowns && $0.key == context.key }) { return known }
        let made = try makeContext(
            unknowns: unknowns, input: context.input, data: context.data, modifiers: context.modifiers,
            shadowed: context.shadowed, mocks: context.mocks)
        made.key = context.key
        return made
    }
}

extension Literal.With {
    /// Whether it replaces a function rather than a document.
    var isMock: Bool { if case .call = target.node { true } else { false } }
}

extension Term {
    /// A constant, a builtin or a path, which may be that of a function.
    fileprivate var isMockValue: Bool {
        if let name = variable { return name.hasPrefix("@") }
        if case .reference = node { return true }
        return constant != nil
    }
}

/// Expressions that stay as a whole: what is known is put in, and rules are named by their support rules.
extension PartialSession {
    func selfContained(
        _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [Literal] {
        var result: [Literal] = []
        try selfContained(branch.mapper.map(literal), context, into: &result)
        return result
    }

    func selfContained(_ body: [Literal], _ context: PartialContext) throws -> [Literal] {
        var result: [Literal] = []
        for literal in body { try selfContained(literal, context, into: &result) }
        let place = body.first?.place ?? .start
        // What cannot hold gives no variables values either.
        guard !result.contains(where: \.isNever), let fitting = fitting(result) else { return [.never(at: place)] }
        return fitting.isEmpty ? [Literal(Term(.bool(true), at: place))] : fitting
    }

    private func selfContained(
        _ literal: Literal, _ context: PartialContext, into result: inout [Literal]
    ) throws {
        try charge()
        guard literal.with.isEmpty else {
            let kept = try underWith(literal, context, into: &result)
            return result.append(kept)
        }
        guard let kind = try selfContained(literal.kind, context, into: &result) else {
            var never = Literal.never(at: literal.place)
            never.isNegated = literal.isNegated
            return result.append(never)
        }
        var kept = literal
        kept.kind = kind
        result.append(kept)
    }

    /// Nil for what is undefined.
    private func selfContained(
        _ kind: Literal.Kind, _ context: PartialContext, into result: inout [Literal]
    ) throws -> Literal.Kind? {
        switch kind {
        case .some, .someIn: return kind
        case .every(let key, let value, let domain, let body):
            guard let domain = try selfContained(domain, context, into: &result) else { return nil }
            return .every(key: key, value: value, domain: domain, body: try selfContained(body, context))
        case .term(let term):
            guard case .call(let function, let arguments) = term.node else {
                return try selfContained(term, context, into: &result).map { .term($0) }
            }
            guard let function = try self.function(function, context) else { return nil }
            var terms: [Term] = []
            for argument in arguments {
                guard let term = try selfContained(argument, context, into: &result) else { return nil }
                terms.append(term)
            }
            return .term(Term(.call(function, terms), at: term.place))
        }
    }

    private func function(_ function: Term, _ context: PartialContext) throws -> Term? {
        guard let path = Resolver.dotted(function) else { return function }
        if context.mocks.contains(path.joined(separator: ".")) {
            throw unsupported("unknowns where with replaces a function", at: function.place)
        }
        guard path[0] == "data", let node = tree.find(Array(path.dropFirst())), node.isRule else { return function }
        guard case .rule(let path) = try support(for: node, context) else { return nil }
        return Resolver.rooted(["data"] + path, [], function.place)
    }

    /// Nil where the term is undefined.
    private func selfContained(
        _ term: Term, _ context: PartialContext, into result: inout [Literal]
    ) throws -> Term? {
        switch term.node {
        case .arrayComprehension(let head, let body):
            let (heads, body) = try closure([head], body, context)
            return Term(.arrayComprehension(heads[0], body), at: term.place)
        case .setComprehension(let head, let body):
            let (heads, body) = try closure([head], body, context)
            return Term(.setComprehension(heads[0], body), at: term.place)
        case .objectComprehension(let head, let body):
            let (heads, body) = try closure([head.key, head.value], body, context)
            return Term(.objectComprehension(Term.Member(key: heads[0], value: heads[1]), body), at: term.place)
        case .reference(let head, let path):
            var steps: [Term] = []
            for step in path {
                guard let step = try selfContained(step, context, into: &result) else { return nil }
                steps.append(step)
            }
            return try reference(head, steps, context, term.place, into: &result)
        default:
            var missing = false
            var roots: [String: Term] = [:]
            for name in VariableVisitor.roots where term.mentionsRoot(name) {
                roots[name] = try reference(
                    Term(.variable(name), at: term.place), [], context, term.place, into: &result)
                missing = missing || roots[name] == nil
            }
            if missing { return nil }
            return roots.isEmpty ? term : term.replacing(roots: roots)
        }
    }

    private func closure(
        _ heads: [Term], _ body: [Literal], _ context: PartialContext
    ) throws -> ([Term], [Literal]) {
        var body = try selfContained(body, context)
        var result: [Term] = []
        for head in heads where !body.contains(where: \.isNever) {
            guard let term = try selfContained(head, context, into: &body) else { break }
            result.append(term)
        }
        if result.count == heads.count { return (result, body) }
        return (heads.map { Term(.null, at: $0.place) }, [.never(at: heads[0].place)])
    }

    // MARK: References

    private func reference(
        _ head: Term, _ path: [Term], _ context: PartialContext, _ place: SourcePlace, into result: inout [Literal]
    ) throws -> Term? {
        func term(_ head: Term, _ path: some Collection<Term>) -> Term {
            path.isEmpty ? head : Term(.reference(head, Array(path)), at: place)
        }
        guard let root = head.variable, VariableVisitor.roots.contains(root) else {
            guard let known = head.constant else { return term(head, path) }
            return member(of: known, path[...], place, into: &result)
        }
        let steps = path.map { PartialValue(simple: $0) ?? .variable("#") }
        switch try locate(root, steps, context, place) {
        case .unknown: return term(head, path)
        case .known(let document, let count):
            return document.flatMap { member(of: $0, path.dropFirst(count), place, into: &result) }
        case .rule(let node, let count):
            if !isAffected(node, context) {
                let value = try knownValue(of: node, context)
                return value.flatMap { member(of: $0, path.dropFirst(count), place, into: &result) }
            }
            guard case .rule(let support) = try support(for: node, context) else { return nil }
            return term(Resolver.rooted(["data"] + support, Array(path.dropFirst(count)), place), [])
        case .package(let node, let count):
            let name = names.next()
            let whole = Resolver.rooted(["data"] + node.path, [], place)
            let extent = Literal(Term.equation(Term(.variable(name), at: place), whole, at: place))
            guard !isAffected(extent, context) else {
                throw unsupported("the whole of package \(whole.dotted) within a closure", at: place)
            }
            let value = try solve(extent, for: [name], context).first?[0]
            return value.flatMap { member(of: $0, path.dropFirst(count), place, into: &result) }
        }
    }

    /// A constant, or a reference to a variable that is one.
    private func member(
        of value: RegoValue, _ path: ArraySlice<Term>, _ place: SourcePlace, into result: inout [Literal]
    ) -> Term? {
        var value = value
        var rest = path
        while let key = rest.first?.constant {
            guard let member = value[key] else { return nil }
            value = member
            rest = rest.dropFirst()
        }
        let constant = Term(constant: value, at: place)
        if rest.isEmpty { return constant }
        let variable = Term(.variable(names.next()), at: place)
        result.append(Literal(Term.equation(variable, constant, at: place)))
        return Term(.reference(variable, Array(rest)), at: place)
    }
}

extension Term {
    fileprivate func mentionsRoot(_ name: String) -> Bool {
        switch node {
        case .variable(name): true
        case .array(let terms), .set(let terms): terms.contains { $0.mentionsRoot(name) }
        case .object(let members): members.contains { $0.key.mentionsRoot(name) || $0.value.mentionsRoot(name) }
        default: false
        }
    }

    fileprivate func replacing(roots: [String: Term]) -> Term {
        switch node {
        case .variable(let name): roots[name] ?? self
        case .array(let terms): Term(.array(terms.map { $0.replacing(roots: roots) }), at: place)
        case .set(let terms): Term(.set(terms.map { $0.replacing(roots: roots) }), at: place)
        case .object(let members):
            Term(
                .object(
                    members.map {
                        Member(key: $0.key.replacing(roots: roots), value: $0.value.replacing(roots: roots))
                    }), at: place)
        default: self
        }
    }
}

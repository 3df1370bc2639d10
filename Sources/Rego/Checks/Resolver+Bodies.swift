extension Resolver {
    mutating func resolve(_ body: [Literal]) throws(RegoError) -> [Literal] {
        var resolved: [Literal] = []
        for expression in body {
            if let expression = try resolve(expression) { resolved.append(expression) }
        }
        return resolved
    }

    /// Nil for what has served its purpose: declarations, and `print` where it is left out.
    private mutating func resolve(_ expression: Literal) throws(RegoError) -> Literal? {
        var result = expression
        result.with = try modifiers(expression.with)
        switch expression.kind {
        case .some(let variables):
            for variable in variables {
                guard let name = variable.variable else { continue }
                _ = try declare(name, at: variable.place, by: .some)
            }
            return nil
        case .someIn(let key, let value, let collection):
            result.kind = .term(try membership(key, value, collection, expression.place))
        case .every(let key, let value, let domain, let body):
            result.kind = try every(key, value, domain, body)
        case .term(let term):
            if case .call(let function, let arguments) = term.node, let name = function.variable {
                if name == "assign", arguments.count == 2 {
                    result.kind = .term(try assignment(arguments[0], arguments[1], term.place))
                    return result
                }
                if name == "print", globals[name] == nil {
                    guard keepsPrint else { return nil }
                    result.kind = .term(try printing(arguments, term.place))
                    return result
                }
            }
            result.kind = .term(try resolve(term))
        }
        return result
    }

    private mutating func assignment(_ left: Term, _ right: Term, _ place: SourcePlace) throws(RegoError) -> Term {
        let right = try resolve(right)
        return Term.equation(try declare(pattern: left, by: .assignment), right, at: place)
    }

    private mutating func membership(
        _ key: Term?, _ value: Term, _ collection: Term, _ place: SourcePlace
    ) throws(RegoError) -> Term {
        let collection = try resolve(collection)
        let key = try key.map { key throws(RegoError) in try declare(pattern: key, by: .membership) }
        let value = try declare(pattern: value, by: .membership)
        let step = key ?? Term(.variable(names.wildcard()), at: place)
        if case .reference(let head, let path) = collection.node {
            return Term.equation(value, Term(.reference(head, path + [step]), at: collection.place), at: place)
        }
        return Term.equation(value, Term(.reference(collection, [step]), at: collection.place), at: place)
    }

    private mutating func every(
        _ key: Term?, _ value: Term, _ domain: Term, _ body: [Literal]
    ) throws(RegoError) -> Literal.Kind {
        let domain = try resolve(domain)
        return try scoped { resolver throws(RegoError) in
            let key = try key.map { key throws(RegoError) in try resolver.declare(pattern: key, by: .membership) }
            let value = try resolver.declare(pattern: value, by: .membership)
            let body = try resolver.scoped { inner throws(RegoError) in try inner.resolve(body) }
            return .every(key: key, value: value, domain: domain, body: body)
        }
    }

    /// Each argument becomes a set, so that what is undefined can be printed.
    private mutating func printing(_ arguments: [Term], _ place: SourcePlace) throws(RegoError) -> Term {
        var sets: [Term] = []
        for argument in arguments {
            let variable = Term(.variable(names.fresh()), at: argument.place)
            let equation = Literal(Term.equation(variable, argument, at: argument.place))
            sets.append(try resolve(Term(.setComprehension(variable, [equation]), at: argument.place)))
        }
        return Term.call("internal.print", [Term(.array(sets), at: place)], at: place)
    }

    // MARK: with

    private mutating func modifiers(_ modifiers: [Literal.With]) throws(RegoError) -> [Literal.With] {
        var resolved: [Literal.With] = []
        for modifier in modifiers { resolved.append(try self.modifier(modifier)) }
        return resolved
    }

    /// The target of a mock is a call without arguments; a builtin that takes its place is a variable `@name`.
    private mutating func modifier(_ with: Literal.With) throws(RegoError) -> Literal.With {
        guard let spelled = Self.dotted(with.target), let function = function(with.target) else {
            throw error(
                .type, "with keyword target must reference existing input, data, or a function", at: with.target.place)
        }
        if spelled[0] == "input" || globals[spelled[0]]?[0] == "input" {
            return Literal.With(target: try resolve(with.target), value: try resolve(with.value))
        }
        let target: Term
        switch function {
        case .rule(let path) where functions.contains(path):
            target = Term(.call(Self.rooted(["data"] + path, [], with.target.place), []), at: with.target.place)
        case .rule(let path):
            target = Self.rooted(["data"] + path, [], with.target.place)
            return Literal.With(target: target, value: try resolve(with.value))
        case .builtin(let name):
            guard builtins[name] != nil else {
                throw error(
                    .type, "with keyword target must reference existing input, data, or a function",
                    at: with.target.place)
            }
            target = Term(.call(Term(.variable(name), at: with.target.place), []), at: with.target.place)
        }
        return Literal.With(target: target, value: try replacement(with.value))
    }

    private mutating func replacement(_ value: Term) throws(RegoError) -> Term {
        if case .builtin(let name)? = function(value), builtins[name] != nil,
            Self.dotted(value).map({ name in !scopes.contains { $0.declared[name[0]] != nil } }) ?? false
        {
            return Term(.variable("@\(name)"), at: value.place)
        }
        return try resolve(value)
    }
}

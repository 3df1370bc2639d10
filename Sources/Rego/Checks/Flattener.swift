/// Takes calls, references and comprehensions out of the terms that they stand in, each into an expression of its own
/// before: `x > count(input.a)` becomes `#1 = input.a; count(#1, #2); x > #2`.
///
/// Afterwards an expression is a call of simple terms, an equation whose sides may also be a reference or a
/// comprehension, a reference, a simple term, or `every` over a variable.
struct Flattener {
    let names: NameSource
    let functions: Set<[String]>

    func flatten(_ body: [Literal]) -> [Literal] {
        var result: [Literal] = []
        for expression in body { flatten(expression, into: &result) }
        return result
    }

    /// What a head says, with what it needs at the end of the body.
    func flatten(head terms: [Term], into body: inout [Literal]) -> [Term] {
        terms.map { term in simple(term, of: Literal(.term(term), at: term.place), into: &body) }
    }

    private func flatten(_ expression: Literal, into result: inout [Literal]) {
        var expression = expression
        for at in expression.with.indices {
            guard !isFunction(expression.with[at]) else { continue }
            var bare = Literal(.term(expression.with[at].value), at: expression.with[at].value.place)
            bare.origin = expression.origin
            expression.with[at].value = simple(expression.with[at].value, of: bare, into: &result)
        }
        switch expression.kind {
        case .some, .someIn: break
        case .every(let key, let value, let domain, let body):
            let domain = variable(for: domain, of: expression, into: &result)
            expression.kind = .every(key: key, value: value, domain: domain, body: flatten(body))
        case .term(let term):
            let term = expression.isNegated ? term.asNegatedEquation : term
            expression.kind = .term(whole(term, of: expression, into: &result))
        }
        result.append(expression)
    }

    private func isFunction(_ with: Literal.With) -> Bool {
        guard case .call = with.target.node else { return false }
        if let name = with.value.variable { return name.hasPrefix("@") }
        guard let path = Resolver.dotted(with.value), path[0] == "data" else { return false }
        return functions.contains(Array(path.dropFirst()))
    }

    private func whole(_ term: Term, of expression: Literal, into result: inout [Literal]) -> Term {
        switch term.node {
        case .call(let function, let arguments):
            guard function.variable == "eq", arguments.count == 2 else {
                return Term(
                    .call(function, arguments.map { simple($0, of: expression, into: &result) }), at: term.place)
            }
            return equation(function, arguments, term.place, of: expression, into: &result)
        case .reference(let head, let path): return reference(head, path, term.place, of: expression, into: &result)
        default: return simple(term, of: expression, into: &result)
        }
    }

    /// `x = f(y)` is the call `f(y, x)`.
    private func equation(
        _ function: Term, _ sides: [Term], _ place: SourcePlace, of expression: Literal,
        into result: inout [Literal]
    ) -> Term {
        for (side, other) in [(0, 1), (1, 0)] where !expression.isNegated {
            guard case .call(let inner, let arguments) = sides[side].node, sides[other].variable != nil,
                inner.variable != "eq"
            else { continue }
            let simple = arguments.map { self.simple($0, of: expression, into: &result) }
            return Term(.call(inner, simple + [sides[other]]), at: place)
        }
        return Term(.call(function, sides.map { operand($0, of: expression, into: &result) }), at: place)
    }

    private func operand(_ term: Term, of expression: Literal, into result: inout [Literal]) -> Term {
        switch term.node {
        case .reference(let head, let path): reference(head, path, term.place, of: expression, into: &result)
        case .arrayComprehension, .setComprehension, .objectComprehension: comprehension(term)
        default: simple(term, of: expression, into: &result)
        }
    }

    private func reference(
        _ head: Term, _ path: [Term], _ place: SourcePlace, of expression: Literal, into result: inout [Literal]
    ) -> Term {
        let head = head.variable == nil ? variable(for: head, of: expression, into: &result) : head
        return Term(.reference(head, path.map { simple($0, of: expression, into: &result) }), at: place)
    }

    private func variable(for term: Term, of expression: Literal, into result: inout [Literal]) -> Term {
        let simple = simple(term, of: expression, into: &result)
        if let name = simple.variable, !VariableVisitor.roots.contains(name) { return simple }
        return bind(simple, of: expression, into: &result)
    }

    private func bind(_ term: Term, of expression: Literal, into result: inout [Literal]) -> Term {
        let variable = Term(.variable(names.fresh()), at: term.place)
        var equation = expression.derived(Term.equation(variable, term, at: term.place))
        equation.place = term.place
        result.append(equation)
        return variable
    }

    /// A variable, a constant, or a collection of such.
    private func simple(_ term: Term, of expression: Literal, into result: inout [Literal]) -> Term {
        switch term.node {
        case .null, .bool, .number, .string, .variable, .template: return term
        case .reference(let head, let path):
            return bind(reference(head, path, term.place, of: expression, into: &result), of: expression, into: &result)
        case .array(let terms):
            return Term(.array(terms.map { simple($0, of: expression, into: &result) }), at: term.place)
        case .set(let terms):
            return Term(.set(terms.map { simple($0, of: expression, into: &result) }), at: term.place)
        case .object(let members):
            return Term(
                .object(
                    members.map { member in
                        let key = simple(member.key, of: expression, into: &result)
                        return Term.Member(key: key, value: simple(member.value, of: expression, into: &result))
                    }), at: term.place)
        case .arrayComprehension, .setComprehension, .objectComprehension:
            return bind(comprehension(term), of: expression, into: &result)
        case .call(let function, let arguments):
            let simple = arguments.map { self.simple($0, of: expression, into: &result) }
            let variable = Term(.variable(names.fresh()), at: term.place)
            var call = expression.derived(Term(.call(function, simple + [variable]), at: term.place))
            call.place = term.place
            result.append(call)
            return variable
        }
    }

    private func comprehension(_ term: Term) -> Term {
        switch term.node {
        case .arrayComprehension(let head, let body):
            let (head, body) = closure([head], body)
            return Term(.arrayComprehension(head[0], body), at: term.place)
        case .setComprehension(let head, let body):
            let (head, body) = closure([head], body)
            return Term(.setComprehension(head[0], body), at: term.place)
        case .objectComprehension(let head, let body):
            let (terms, body) = closure([head.key, head.value], body)
            return Term(.objectComprehension(Term.Member(key: terms[0], value: terms[1]), body), at: term.place)
        default: return term
        }
    }

    private func closure(_ head: [Term], _ body: [Literal]) -> (head: [Term], body: [Literal]) {
        var flat = flatten(body)
        let head = flatten(head: head, into: &flat)
        return (head, flat)
    }
}

extension Term {
    /// `not input.a == 1` holds where `input.a` is undefined, as `not input.a = 1` does: both sides stay under the `not`.
    fileprivate var asNegatedEquation: Term {
        guard case .call(let function, let sides) = node, function.variable == "equal", sides.count == 2 else {
            return self
        }
        return Term.equation(sides[0], sides[1], at: place)
    }
}

/// Puts the expressions of bodies into an order in which each variable has a value before it is needed.
struct Safety {
    let signatures: Signatures
    let source: SourceText

    /// - Parameter safe: variables that have values already.
    /// - Throws: `rego_unsafe_var_error` for variables that no order gives a value.
    func order(_ body: [Literal], safe outer: KnownNames) throws(RegoErrors) -> (
        body: [Literal], safe: KnownNames
    ) {
        var safe = outer
        let outside = plainVariables(body)
        let items = body.map { Item($0) }
        let mentions = mentions(in: items)
        // Round by round from first to last; only what mentions a variable that has got a value since it was looked at
        // last is looked at again.
        var agenda = Agenda(items.count)
        var isDone = items.map { _ in false }
        var ordered: [Literal] = []
        while let at = agenda.next() {
            guard !isDone[at], let outputs = outputs(of: items[at], safe: safe, outside: outside) else { continue }
            isDone[at] = true
            for name in outputs { for other in mentions[name] ?? [] where !isDone[other] { agenda.add(other) } }
            safe.formUnion(outputs)
            ordered.append(try withOrderedClosures(items[at].expression, safe: safe))
        }
        guard ordered.count == items.count else {
            throw unsafe(items.indices.filter { !isDone[$0] }.map { items[$0] }, safe, outside)
        }
        return (ordered, safe)
    }

    private func mentions(in items: [Item]) -> [String: [Int]] {
        var mentions: [String: [Int]] = [:]
        for (at, item) in items.enumerated() {
            for name in item.closed.union(item.variables) { mentions[name, default: []].append(at) }
        }
        return mentions
    }

    private struct Item {
        let expression: Literal
        let variables: [String]
        let closed: Set<String>

        init(_ expression: Literal) {
            self.expression = expression
            var visitor = VariableVisitor()
            visitor.visit(expression)
            variables = visitor.plain
            closed = visitor.closed
        }
    }

    private func plainVariables(_ body: [Literal]) -> Set<String> {
        var visitor = VariableVisitor()
        visitor.visit(body)
        return Set(visitor.plain)
    }

    /// The variables that the expression gives values; nil when it needs some that have none yet.
    private func outputs(of item: Item, safe: KnownNames, outside: Set<String>) -> Set<String>? {
        // A closure needs what it shares with the body around it.
        guard item.closed.allSatisfy({ safe.contains($0) || !outside.contains($0) }) else { return nil }
        if item.variables.allSatisfy({ safe.contains($0) }) { return [] }
        let outputs = item.expression.isNegated ? [] : outputs(of: item.expression, safe: safe)
        return item.variables.allSatisfy { safe.contains($0) || outputs.contains($0) } ? outputs : nil
    }

    private func outputs(of expression: Literal, safe: KnownNames) -> Set<String> {
        guard case .term(let term) = expression.kind else { return [] }
        var outputs: Set<String> = []
        switch term.node {
        case .call(let function, let arguments):
            if function.variable == "eq", arguments.count == 2 {
                unify(arguments[0], arguments[1], safe, &outputs)
            } else if signatures.capturesResult(function, arguments), let last = arguments.last,
                arguments.dropLast().allSatisfy({ isSafe($0, safe) })
            {
                collect(last, safe, &outputs)
            }
        case .reference: reference(term, safe, &outputs)
        default: break
        }
        return outputs
    }

    private func isSafe(_ term: Term, _ safe: KnownNames, _ outputs: Set<String> = []) -> Bool {
        term.variables.allSatisfy { safe.contains($0) || outputs.contains($0) }
    }

    /// The variables that a reference iterates over, given a head with a value.
    private func reference(_ term: Term, _ safe: KnownNames, _ outputs: inout Set<String>) {
        guard case .reference(let head, let path) = term.node, isSafe(head, safe, outputs) else { return }
        for step in path { collect(step, safe, &outputs) }
    }

    private func unify(_ left: Term, _ right: Term, _ safe: KnownNames, _ outputs: inout Set<String>) {
        reference(left, safe, &outputs)
        reference(right, safe, &outputs)
        var pairs = [(left, right)]
        var isProgress = true
        while isProgress, !pairs.isEmpty {
            isProgress = false
            var later: [(Term, Term)] = []
            for (left, right) in pairs {
                if let inner = Self.pairs(left, right) {
                    later += inner
                    isProgress = true
                } else if isSafe(right, safe, outputs) {
                    collect(left, safe, &outputs)
                    isProgress = true
                } else if isSafe(left, safe, outputs) {
                    collect(right, safe, &outputs)
                    isProgress = true
                } else {
                    later.append((left, right))
                }
            }
            pairs = later
        }
    }

    /// Two arrays of a length, or two objects with the same constant keys, unify member by member.
    static func pairs(_ left: Term, _ right: Term) -> [(Term, Term)]? {
        switch (left.node, right.node) {
        case (.array(let left), .array(let right)) where left.count == right.count: return Array(zip(left, right))
        case (.object(let left), .object(let right)) where left.count == right.count:
            var pairs: [(Term, Term)] = []
            for member in left {
                guard let key = member.key.constant, let other = right.first(where: { $0.key.constant == key }) else {
                    return nil
                }
                pairs.append((member.value, other.value))
            }
            return pairs
        default: return nil
        }
    }

    /// The variables of a pattern that a value gives values: not those of sets, of keys or of references.
    private func collect(_ pattern: Term, _ safe: KnownNames, _ outputs: inout Set<String>) {
        switch pattern.node {
        case .variable(let name):
            if !safe.contains(name), !VariableVisitor.roots.contains(name) { outputs.insert(name) }
        case .array(let terms): for term in terms { collect(term, safe, &outputs) }
        case .object(let members): for member in members { collect(member.value, safe, &outputs) }
        default: break
        }
    }

    // MARK: Closures

    private func withOrderedClosures(_ expression: Literal, safe: KnownNames) throws(RegoErrors) -> Literal {
        var result = expression
        switch expression.kind {
        case .some, .someIn: break
        case .term(let term): result.kind = .term(try ordered(term, safe))
        case .every(let key, let value, let domain, let body):
            let own = Set((key?.variables ?? []) + value.variables)
            result.kind = .every(
                key: key, value: value, domain: domain, body: try order(body, safe: safe.inner(own)).body)
        }
        for at in result.with.indices { result.with[at].value = try ordered(result.with[at].value, safe) }
        return result
    }

    /// Closures stand on a side of an equation and nowhere else.
    private func ordered(_ term: Term, _ safe: KnownNames) throws(RegoErrors) -> Term {
        switch term.node {
        case .call(let function, let arguments) where function.variable == "eq":
            var ordered: [Term] = []
            for argument in arguments { ordered.append(try self.ordered(argument, safe)) }
            return Term(.call(function, ordered), at: term.place)
        case .arrayComprehension(let head, let body):
            return Term(.arrayComprehension(head, try closure([head], body, safe)), at: term.place)
        case .setComprehension(let head, let body):
            return Term(.setComprehension(head, try closure([head], body, safe)), at: term.place)
        case .objectComprehension(let head, let body):
            return Term(.objectComprehension(head, try closure([head.key, head.value], body, safe)), at: term.place)
        default: return term
        }
    }

    private func closure(_ head: [Term], _ body: [Literal], _ safe: KnownNames) throws(RegoErrors) -> [Literal] {
        let (body, safe) = try order(body, safe: safe.inner())
        try check(head: head, safe: safe)
        return body
    }

    /// What a head says needs values.
    func check(head terms: [Term], safe: KnownNames) throws(RegoErrors) {
        var errors: [RegoError] = []
        for term in terms {
            for name in term.variables where !safe.contains(name) { errors.append(error(name, at: term.place)) }
        }
        guard errors.isEmpty else { throw RegoErrors(errors) }
    }

    private func error(_ name: String, at place: SourcePlace) -> RegoError {
        let spelled = NameSource.isWildcard(name) ? "_" : NameSource.spelled(name)
        let message = spelled.map { "var \($0) is unsafe" } ?? "expression is unsafe"
        return RegoError(.unsafeVariable, message, in: source, at: place)
    }

    private func unsafe(_ items: [Item], _ safe: KnownNames, _ outside: Set<String>) -> RegoErrors {
        var seen: Set<String> = []
        var named: [RegoError] = []
        var unnamed: [RegoError] = []
        for item in items {
            let names = item.variables + item.closed.filter(outside.contains).sorted()
            for name in names where !safe.contains(name) && seen.insert(name).inserted {
                let error = error(name, at: item.expression.place)
                if NameSource.spelled(name) == nil, !NameSource.isWildcard(name) {
                    unnamed.append(error)
                } else {
                    named.append(error)
                }
            }
        }
        return RegoErrors(named.isEmpty ? unnamed : named)
    }
}

/// The variables that have values, those of the bodies around apart: a body within takes them along without a copy.
struct KnownNames {
    private var own: Set<String>
    private var outer: [Set<String>] = []

    init(_ names: Set<String> = []) { own = names }

    func contains(_ name: String) -> Bool { own.contains(name) || outer.contains { $0.contains(name) } }

    mutating func formUnion(_ names: Set<String>) { own.formUnion(names) }

    /// For a body within.
    func inner(_ names: Set<String> = []) -> KnownNames {
        var inner = KnownNames(names)
        inner.outer = own.isEmpty ? outer : outer + [own]
        return inner
    }
}

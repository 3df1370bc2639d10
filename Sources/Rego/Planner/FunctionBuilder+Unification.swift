extension FunctionBuilder {
    /// `left = right`: gives variables on either side values, or is undefined.
    func unify(_ left: Term, _ right: Term) throws(RegoError) {
        var pairs = [(left, right)]
        while !pairs.isEmpty {
            var later: [(Term, Term)] = []
            var isProgress = false
            for (left, right) in pairs {
                if try unifyOne(left, right, &later) { isProgress = true } else { later.append((left, right)) }
            }
            guard isProgress else { throw unsafe(later[0]) }
            pairs = later
        }
    }

    private func unsafe(_ pair: (Term, Term)) -> RegoError {
        let name = unbound(pair.0.variables + pair.1.variables).compactMap { NameSource.spelled($0) }.first
        return error(.unsafeVariable, name.map { "var \($0) is unsafe" } ?? "expression is unsafe")
    }

    /// Whether the pair was dealt with, be it by pairs of members that are to be.
    private func unifyOne(_ left: Term, _ right: Term, _ later: inout [(Term, Term)]) throws(RegoError) -> Bool {
        if isBound(left), isBound(right) {
            try compare(left, right)
            return true
        }
        if let inner = Safety.pairs(left, right) {
            later += inner
            return true
        }
        if canEvaluate(left) {
            try unify(try evaluateToLocal(left), right)
            return true
        }
        guard canEvaluate(right) else { return false }
        try unify(try evaluateToLocal(right), left)
        return true
    }

    private func compare(_ left: Term, _ right: Term) throws(RegoError) {
        let value = try evaluate(left)
        let other = try evaluate(right)
        learn([(left, value), (right, other)])
        emit(.equal(value, other))
    }

    /// Whether a term has a value: all of its variables have, or it is a reference that can iterate.
    private func canEvaluate(_ term: Term) -> Bool {
        if case .reference(let head, _) = term.node { return isBound(head) }
        return isBound(term)
    }

    /// A value meets a pattern.
    func unify(_ value: IR.Local, _ pattern: Term) throws(RegoError) {
        switch pattern.node {
        case .variable(let name) where !isBound(name):
            bind(name, to: early([.local(value)]) { make { .assignVar(source: .local(value), target: $0) } })
        case .array(let terms) where !isBound(pattern):
            emit(.isArray(.local(value)))
            try requireLength(of: value, terms.count)
            for (index, term) in terms.enumerated() {
                let key = make { .makeNumberInt(value: index, target: $0) }
                try unify(make { .dot(source: .local(value), key: .local(key), target: $0) }, term)
            }
        case .object(let members) where !isBound(pattern):
            emit(.isObject(.local(value)))
            try requireLength(of: value, members.count)
            for member in members {
                let key = try evaluate(member.key)
                try unify(make { .dot(source: .local(value), key: key, target: $0) }, member.value)
            }
        default: emit(.equal(.local(value), try evaluate(pattern)))
        }
    }

    private func requireLength(of value: IR.Local, _ count: Int) throws(RegoError) {
        let length = make { .len(source: .local(value), target: $0) }
        let wanted = make { .makeNumberInt(value: count, target: $0) }
        emit(.equal(.local(length), .local(wanted)))
    }
}

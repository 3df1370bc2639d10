/// Bodies: each expression turns each branch into the branches that are left of it.
extension PartialSession {
    func evaluate(
        _ body: [Literal], _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch] {
        let wanted = Self.wanted(by: body)
        var branches = [branch]
        for literal in body {
            var next: [PartialBranch] = []
            for branch in branches {
                try charge()
                next += try evaluate(literal, branch, context, wanted)
                try checkBranches(next.count)
            }
            branches = next
        }
        return branches
    }

    private func evaluate(
        _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext, _ wanted: [String: Wanted]
    ) throws -> [PartialBranch] {
        if !literal.with.isEmpty { return try evaluateWith(literal, branch, context) }
        if literal.isNegated { return try evaluateNegation(literal, branch, context) }
        switch literal.kind {
        case .some, .someIn: return [branch]
        case .every: return try solveIfKnown(literal, branch, context) ?? retained(literal, branch, context)
        case .term(let term):
            guard case .call(let function, let arguments) = term.node else {
                return try operand(term, branch, context, .truth).compactMap { isTrue($0, at: term.place) }
            }
            if arguments.count == 2, function.variable == "eq" || function.variable == "equal" {
                return try evaluateEquation(arguments[0], arguments[1], literal, branch, context, wanted)
            }
            return try evaluateCall(function, arguments, literal, branch, context)
        }
    }

    /// What cannot be taken apart stays, with what is known put in.
    func retained(
        _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch] {
        var result = branch
        for literal in try selfContained(literal, branch, context) {
            if literal.isNever { return [] }
            result.save(literal)
        }
        return [result]
    }

    // MARK: What a rule's value is needed for

    /// By what a rule is asked for its value.
    enum Wanted {
        case any
        /// Any value other than false.
        case truth
        case constant(RegoValue)
    }

    /// What the body as a whole wants of its variables.
    private static func wanted(by body: [Literal]) -> [String: Wanted] {
        var wanted: [String: Wanted] = [:]
        for literal in body where !literal.isNegated && literal.with.isEmpty {
            guard case .term(let term) = literal.kind else { continue }
            if let name = term.variable {
                wanted[name] = .truth
            } else if case .call(let function, let sides) = term.node, sides.count == 2,
                function.variable == "eq" || function.variable == "equal"
            {
                for (side, other) in [(0, 1), (1, 0)] {
                    guard let name = sides[side].variable, let constant = sides[other].constant else { continue }
                    wanted[name] = .constant(constant)
                }
            }
        }
        return wanted
    }

    // MARK: Equations

    private func evaluateEquation(
        _ left: Term, _ right: Term, _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext,
        _ wanted: [String: Wanted]
    ) throws -> [PartialBranch] {
        if left.isClosure || right.isClosure {
            return try solveIfKnown(literal, branch, context) ?? retained(literal, branch, context)
        }
        func need(_ other: Term) -> Wanted {
            guard let simple = PartialValue(simple: other) else { return .any }
            if let known = branch.value(of: simple).known { return .constant(known) }
            return other.variable.flatMap { wanted[$0] } ?? .any
        }
        var results: [PartialBranch] = []
        for first in try operand(left, branch, context, need(right)) {
            for second in try operand(right, first.branch, context, need(left)) {
                var result = second.branch
                if result.unify(first.value, second.value, at: literal.place) { results.append(result) }
            }
        }
        return results
    }

    private func isTrue(_ answer: PartialAnswer, at place: SourcePlace) -> PartialBranch? {
        var branch = answer.branch
        switch branch.value(of: answer.value) {
        case .known(let value): return value == false ? nil : branch
        case .variable(let name):
            branch.save(Literal(Term(.variable(name), at: place)))
            return branch
        default: return branch
        }
    }

    // MARK: Negation

    private func evaluateNegation(
        _ literal: Literal, _ branch: PartialBranch, _ context: PartialContext
    ) throws -> [PartialBranch] {
        if let known = try solveIfKnown(literal, branch, context) { return known }
        var positive = branch.mapper.map(literal)
        positive.isNegated = false
        var visitor = VariableVisitor()
        visitor.visit(positive)
        let outside = Set(visitor.plain)
        let probe = PartialBranch(rigid: outside.union(visitor.closed.intersection(branch.open)))
        let conditions = try nested { try evaluate([positive], probe, context).compactMap { try residue(of: $0) } }
        if conditions.contains(where: \.isEmpty) { return [] }
        var result = branch
        for condition in conditions {
            guard condition.count == 1, condition[0].isInvertible(given: outside) else {
                return try retained(literal, branch, context)
            }
            var inverse = condition[0]
            inverse.isNegated.toggle()
            result.save(inverse)
        }
        return [result]
    }
}

/// A branch, and the value that a term has in it.
struct PartialAnswer {
    var branch: PartialBranch
    var value: PartialValue
}

extension Term {
    var isClosure: Bool {
        switch node {
        case .arrayComprehension, .setComprehension, .objectComprehension: true
        default: false
        }
    }

    /// Whether a compiler would leave the term where it is rather than evaluate it beforehand.
    var isSimple: Bool {
        PartialValue(simple: self) != nil && variable.map { !VariableVisitor.roots.contains($0) } ?? true
    }

    /// A reference whose steps are simple, or a simple term.
    var isFlatOperand: Bool {
        guard case .reference(let head, let path) = node else { return isSimple }
        return head.variable != nil && path.allSatisfy(\.isSimple)
    }
}

extension Literal {
    static func never(at place: SourcePlace) -> Literal { Literal(Term(.bool(false), at: place)) }

    /// Whether it cannot hold.
    var isNever: Bool {
        guard !isNegated, case .term(let term) = kind else { return false }
        return term.constant == false
    }

    /// Whether the opposite holds exactly when this does not: it has no variables of its own and is one expression.
    func isInvertible(given outside: Set<String>) -> Bool {
        guard with.isEmpty, case .term(let term) = kind, term.variables.allSatisfy(outside.contains) else {
            return false
        }
        guard case .call(let function, let arguments) = term.node else { return term.isFlatOperand }
        return function.variable == "eq" ? arguments.allSatisfy(\.isFlatOperand) : arguments.allSatisfy(\.isSimple)
    }
}

/// What a branch leaves to be found out, made as short as it can be without changing what it means.
extension PartialSession {
    /// Nil when the branch cannot come true after all.
    ///
    /// - Parameter kept: variables that matter outside.
    func residue(of branch: PartialBranch, keeping kept: Set<String> = []) throws -> [Literal]? {
        let mapper = branch.mapper
        var body = branch.residue.map { mapper.map($0) }
        let kept = kept.union(branch.rigid)
        repeat {
            guard let decided = try decide(body) else { return nil }
            body = decided
        } while Self.putInPlace(&body, keeping: kept)
        return fitting(body)?.map(\.oriented).uniqued
    }

    /// Leaves out what holds by now; nil when something cannot hold.
    private func decide(_ body: [Literal]) throws -> [Literal]? {
        var result: [Literal] = []
        for literal in body {
            try charge()
            switch try outcome(of: literal) {
            case true?: continue
            case false?: return nil
            case nil: result.append(literal)
            }
        }
        return result
    }

    /// Whether an expression holds; nil when that is open.
    private func outcome(of literal: Literal) throws -> Bool? {
        guard literal.with.isEmpty, case .term(let term) = literal.kind else { return nil }
        let holds: Bool?
        if let constant = term.constant {
            holds = constant != false
        } else if case .call(let function, let arguments) = term.node, let name = function.variable {
            holds = try outcome(of: name, arguments, literal.place)
        } else {
            holds = nil
        }
        return holds.map { $0 != literal.isNegated }
    }

    private func outcome(of name: String, _ arguments: [Term], _ place: SourcePlace) throws -> Bool? {
        if name == "eq" { return Self.equality(arguments[0], arguments[1]) }
        guard let builtin = signatures.builtins[name], !isDeferred(name), !builtin.declaration.isRelation else {
            return nil
        }
        let values = arguments.compactMap(\.constant)
        guard values.count == arguments.count else { return nil }
        let count = builtin.declaration.isVariadic ? values.count : builtin.declaration.arguments.count
        guard values.count <= count + 1, let result = try run(builtin, Array(values.prefix(count)), place) else {
            return false
        }
        return values.count > count ? result == values[count] : result != false
    }

    private static func equality(_ left: Term, _ right: Term) -> Bool? {
        if let left = left.constant, let right = right.constant { return left == right }
        guard let left = PartialValue(simple: left), let right = PartialValue(simple: right) else { return nil }
        if let name = left.variable, name == right.variable, !VariableVisitor.roots.contains(name) { return true }
        guard let kind = left.kind, let other = right.kind, kind != other else { return nil }
        return false
    }

    /// Leaves out negations of what cannot be, for the kinds of what is known do not fit; nil when they do not fit in
    /// the body itself. Builtins fail for such arguments, and a compiler would refuse them.
    func fitting(_ body: [Literal]) -> [Literal]? {
        let plain = body.filter { !$0.isNegated }.map(\.outline)
        guard fits(plain) else { return nil }
        return body.filter { !$0.isNegated || fits(plain + [$0.outline]) }
    }

    private func fits(_ body: [Literal]) -> Bool {
        var checker = KindChecker(signatures: signatures, source: SourceText(name: "", bytes: []))
        checker.check(body)
        return checker.errors.isEmpty
    }

    // MARK: Variables that are not needed

    /// Puts one reference in the place of the variable that stands for it. False when there is none left.
    private static func putInPlace(_ body: inout [Literal], keeping kept: Set<String>) -> Bool {
        let uses = Uses(body)
        for (at, literal) in body.enumerated() {
            guard let (name, reference) = literal.definition, !kept.contains(name),
                !reference.allVariables.contains(name), let count = uses.plain[name], count > 1,
                !uses.fixed.contains(name), count == 2 || !reference.hasVariables
            else { continue }
            body.remove(at: at)
            let mapper = TermMapper { other, _ in other == name ? reference : nil }
            body = body.map { $0.mentions(name) ? mapper.map($0) : $0 }
            return true
        }
        return false
    }

    /// How often variables occur, and which of them where no reference can stand.
    private struct Uses {
        var plain: [String: Int] = [:]
        var fixed: Set<String> = []

        init(_ body: [Literal]) {
            for literal in body {
                var visitor = VariableVisitor()
                visitor.visit(literal)
                fixed.formUnion(visitor.closed)
                if literal.isNegated || !literal.with.isEmpty || !literal.isTerm { fixed.formUnion(visitor.plain) }
                guard case .term(let term) = literal.kind else { continue }
                for name in term.allVariables { plain[name, default: 0] += 1 }
            }
        }
    }
}

extension Literal {
    /// An equation with a constant has it on the right.
    fileprivate var oriented: Literal {
        guard case .term(let term) = kind, case .call(let function, let sides) = term.node,
            function.variable == "eq", sides.count == 2, sides[0].constant != nil, sides[1].constant == nil
        else { return self }
        var result = self
        result.kind = .term(Term(.call(function, [sides[1], sides[0]]), at: term.place))
        return result
    }

    fileprivate var isTerm: Bool { if case .term = kind { true } else { false } }

    /// What counts for whether kinds fit: without what is within closures, which is another matter.
    fileprivate var outline: Literal {
        guard case .term(let term) = kind else { return Literal(Term(.bool(true), at: place)) }
        guard case .call(let function, let arguments) = term.node else { return Literal(term) }
        return Literal(Term(.call(function, arguments.map(\.outline)), at: term.place))
    }

    fileprivate func mentions(_ name: String) -> Bool {
        guard case .term(let term) = kind else { return false }
        return term.allVariables.contains(name)
    }

    /// A variable and the reference that it stands for.
    fileprivate var definition: (name: String, reference: Term)? {
        guard !isNegated, with.isEmpty, case .term(let term) = kind, case .call(let function, let sides) = term.node,
            function.variable == "eq", sides.count == 2
        else { return nil }
        for (side, other) in [(0, 1), (1, 0)] {
            guard let name = sides[side].variable, !VariableVisitor.roots.contains(name) else { continue }
            if case .reference = sides[other].node { return (name, sides[other]) }
            if let root = sides[other].variable, VariableVisitor.roots.contains(root) { return (name, sides[other]) }
        }
        return nil
    }
}

extension Term {
    fileprivate var outline: Term {
        let null = Term(.null, at: place)
        return switch node {
        case .arrayComprehension: Term(.arrayComprehension(null, []), at: place)
        case .setComprehension: Term(.setComprehension(null, []), at: place)
        case .objectComprehension: Term(.objectComprehension(Member(key: null, value: null), []), at: place)
        default: self
        }
    }

    /// The variables outside of closures, as often as they occur.
    fileprivate var allVariables: [String] {
        switch node {
        case .variable(let name): VariableVisitor.roots.contains(name) ? [] : [name]
        case .reference(let head, let path): head.allVariables + path.flatMap(\.allVariables)
        case .array(let terms), .set(let terms): terms.flatMap(\.allVariables)
        case .object(let members): members.flatMap { $0.key.allVariables + $0.value.allVariables }
        case .call(_, let arguments): arguments.flatMap(\.allVariables)
        default: []
        }
    }

    fileprivate var hasVariables: Bool { !allVariables.isEmpty }
}

extension [Literal] {
    /// Each once, in order.
    fileprivate var uniqued: [Literal] {
        guard count > 1 else { return self }
        var seen: Set<String> = []
        return filter { seen.insert(RegoWriter.text(of: $0)).inserted }
    }
}

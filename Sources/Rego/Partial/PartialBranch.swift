/// One way in which a body may come true: what its variables are, and what is left to be found out.
struct PartialBranch {
    private(set) var bindings: [String: PartialValue] = [:]
    private(set) var residue: [Literal] = []
    /// Variables that get their values by the residue.
    private(set) var open: Set<String> = []
    /// Variables from outside: what is learned of them is a condition, not a binding.
    private(set) var rigid: Set<String> = []

    init(rigid: some Sequence<String> = []) {
        self.rigid = Set(rigid)
        open = self.rigid
    }

    func value(of value: PartialValue) -> PartialValue {
        bindings.isEmpty ? value : value.map { name in bindings[name].map { self.value(of: $0) } ?? .variable(name) }
    }

    /// Puts values in the place of variables throughout.
    var mapper: TermMapper {
        TermMapper { [self] name, place in
            bindings[name] == nil ? nil : value(of: .variable(name)).term(at: place)
        }
    }

    mutating func save(_ literal: Literal) {
        residue.append(literal)
        var visitor = VariableVisitor()
        visitor.visit(literal)
        for name in visitor.plain { open.formUnion(value(of: .variable(name)).variables) }
    }

    // MARK: Unification

    /// False when the two can never be equal.
    mutating func unify(_ left: PartialValue, _ right: PartialValue, at place: SourcePlace) -> Bool {
        let (left, right) = (value(of: left), value(of: right))
        switch (left, right) {
        case (.known(let left), .known(let right)): return left == right
        case (.variable(let name), .variable(let other)): return alias(name, other, place)
        case (.variable(let name), let value), (let value, .variable(let name)): return bind(name, value, place)
        default: break
        }
        guard left.kind == right.kind else { return false }
        if let left = left.elements, let right = right.elements {
            return left.count == right.count && zip(left, right).allSatisfy { unify($0, $1, at: place) }
        }
        if let left = left.members, let right = right.members {
            guard left.count == right.count else { return false }
            for (key, value) in left.sorted(by: { $0.key < $1.key }) {
                guard let other = right[key], unify(value, other, at: place) else { return false }
            }
            return true
        }
        save(Literal(Term.equation(left.term(at: place), right.term(at: place), at: place)))
        return true
    }

    private mutating func alias(_ name: String, _ other: String, _ place: SourcePlace) -> Bool {
        if name == other { return true }
        if !open.contains(name) {
            bindings[name] = .variable(other)
        } else if !open.contains(other) {
            bindings[other] = .variable(name)
        } else if !rigid.contains(name) {
            bindings[name] = .variable(other)
        } else if !rigid.contains(other) {
            bindings[other] = .variable(name)
        } else {
            saveEquation(name, .variable(other), place)
        }
        return true
    }

    private mutating func bind(_ name: String, _ value: PartialValue, _ place: SourcePlace) -> Bool {
        // Nothing is part of itself.
        if value.variables.contains(name) {
            guard case .set = value else { return false }
            saveEquation(name, value, place)
            return true
        }
        if rigid.contains(name) {
            saveEquation(name, value, place)
        } else {
            bindings[name] = value
            if open.contains(name) { open.formUnion(value.variables) }
        }
        return true
    }

    private mutating func saveEquation(_ name: String, _ value: PartialValue, _ place: SourcePlace) {
        save(Literal(Term.equation(Term(.variable(name), at: place), value.term(at: place), at: place)))
    }
}

/// Gives the variables of what is left names that a policy can spell.
struct ResidueNames {
    /// Names that mean something else: rules, functions and the query's own variables.
    let taken: Set<String>
    private var names: [String: String]
    private var used: Set<String>
    private var count = 0

    /// - Parameter spelled: names that variables must have.
    init(taken: Set<String>, spelled: [String: String] = [:]) {
        self.taken = taken
        names = spelled
        used = taken.union(spelled.values)
    }

    mutating func map(_ body: [Literal]) -> [Literal] {
        for literal in body { note(literal) }
        return mapper.map(body)
    }

    mutating func map(_ rule: Rule) -> Rule {
        for branch in [rule] + rule.otherwise {
            for term in branch.heads { note(Literal(term)) }
            for literal in branch.body { note(literal) }
        }
        return renamed(rule)
    }

    private func renamed(_ rule: Rule) -> Rule {
        let mapper = mapper
        var result = rule
        result.path = rule.path.map { mapper.map($0) }
        result.arguments = rule.arguments?.map { mapper.map($0) }
        result.element = rule.element.map { mapper.map($0) }
        result.value = rule.value.map { mapper.map($0) }
        result.body = mapper.map(rule.body)
        result.otherwise = rule.otherwise.map { renamed($0) }
        return result
    }

    private var mapper: TermMapper {
        let names = names
        return TermMapper { name, place in names[name].map { Term(.variable($0), at: place) } }
    }

    private mutating func note(_ literal: Literal) {
        var visitor = VariableVisitor()
        visitor.visit(literal)
        if case .every(let key, let value, _, _) = literal.kind {
            if let key { visitor.visit(key) }
            visitor.visit(value)
        }
        for name in visitor.plain + visitor.closed.sorted() where names[name] == nil { names[name] = free(name) }
    }

    private mutating func free(_ name: String) -> String {
        let spelled = NameSource.spelled(FreshNames.base(name))
        if let spelled, !spelled.hasPrefix("_"), used.insert(spelled).inserted { return spelled }
        while true {
            count += 1
            let name = "\(spelled ?? "")_\(count)"
            if used.insert(name).inserted { return name }
        }
    }
}

extension Rule {
    fileprivate var heads: [Term] {
        path + (arguments ?? []) + (element.map { [$0] } ?? []) + (value.map { [$0] } ?? [])
    }
}

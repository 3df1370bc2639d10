extension Parser {
    /// The rules that one statement makes: more than one where several bodies share a head.
    mutating func rules() throws(RegoError) -> [Rule] {
        let place = token.place
        let isDefault = try take(keyword: "default")
        var rule = try ruleHead(place)
        rule.isDefault = isDefault
        if isDefault {
            guard rule.value != nil else { throw error("default rules must have a value", at: place) }
            return [rule]
        }
        let hasIf = try take(keyword: "if")
        if !hasIf, !isV1, rule.element == nil, rule.value == nil, rule.arguments == nil, rule.path.count == 1 {
            // As Rego had it before `contains`: `p[x] { … }`.
            rule.element = rule.path.removeLast()
        }
        guard hasIf || at(.leftBrace) else {
            try checkFact(rule)
            rule.otherwise = try branches(of: rule)
            return [rule]
        }
        rule.body = try ruleBody(hasIf: hasIf)
        rule.otherwise = try branches(of: rule)
        return [rule] + (try moreBodies(of: rule))
    }

    private func checkFact(_ rule: Rule) throws(RegoError) {
        if rule.value != nil || rule.element != nil { return }
        if rule.path.isEmpty, rule.arguments == nil { throw error("var cannot be used for rule name", at: rule.place) }
        if isV1, rule.arguments == nil {
            throw error("rule must have value assignment and/or body declaration", at: rule.place)
        }
    }

    private mutating func ruleHead(_ place: SourcePlace) throws(RegoError) -> Rule {
        guard case .identifier(let name) = token.kind else { throw unexpected("expected rule name") }
        if at(keyword: name), name != "contains" { throw unexpected("expected rule name") }
        let head = try make(.variable(name), at: token.place)
        try advance()
        var rule = Rule(head: head, at: place)
        while token.isAdjacent, let step = try step() { rule.path.append(step) }
        if at(.leftParenthesis), token.isAdjacent { rule.arguments = try arguments() }
        if try take(keyword: "contains") {
            guard rule.arguments == nil else {
                throw error("the contains keyword can only be used with multi-value rule definitions", at: place)
            }
            rule.element = try term()
        }
        if at(.assign) || at(.unify) {
            guard rule.element == nil else {
                throw error("the contains keyword can only be used with multi-value rule definitions", at: place)
            }
            note(.assignment)
            try advance()
            rule.value = try term()
        }
        rule.headSpan.end = takenEnd
        return rule
    }

    /// After `if`, what can be read as one expression is one, as in OPA: `{x | x := 1}` is a comprehension, `{}` and
    /// `{"a": 1}` are objects, `{1} == s` is a comparison. A set by itself is always defined; there the braces hold a body.
    private mutating func ruleBody(hasIf: Bool) throws(RegoError) -> [Literal] {
        guard hasIf || !isV1 else { throw error("`if` keyword is required before rule body") }
        guard at(.leftBrace) else { return [try literal()] }
        guard hasIf else { return try braced() }
        let start = self
        if let literal = try? literal(), !literal.isSet { return [literal] }
        self = start
        return try braced()
    }

    private mutating func branches(of rule: Rule) throws(RegoError) -> [Rule] {
        var branches: [Rule] = []
        while at(keyword: "else") {
            guard rule.element == nil else { throw error("\"else\" cannot be used on multi-value rules") }
            let place = token.place
            note(.keyword)
            try advance()
            var branch = Rule(head: rule.head, path: rule.path, at: place)
            branch.arguments = rule.arguments
            if at(.assign) || at(.unify) {
                note(.assignment)
                try advance()
                branch.value = try term()
            }
            branch.headSpan.end = takenEnd
            let hasIf = try take(keyword: "if")
            if hasIf || at(.leftBrace) {
                branch.body = try ruleBody(hasIf: hasIf)
            } else if branch.value == nil {
                throw unexpected("expected else value term or rule body")
            }
            branches.append(branch)
        }
        return branches
    }

    /// `p { … } { … }`: each further body is a rule with the same head.
    private mutating func moreBodies(of rule: Rule) throws(RegoError) -> [Rule] {
        var rules: [Rule] = []
        while at(.leftBrace), !isV1 {
            guard rule.otherwise.isEmpty else { throw unexpected("expected a rule without else before further bodies") }
            var next = rule
            next.otherwise = []
            next.place = token.place
            next.body = try braced()
            rules.append(next)
        }
        return rules
    }
}

extension Literal {
    fileprivate var isSet: Bool { if case .term(let term) = kind, case .set = term.node { true } else { false } }
}

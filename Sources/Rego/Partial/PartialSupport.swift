/// Rules that take the place of those that depend on something unknown.
enum PartialSupport {
    /// The path below `data`.
    case rule([String])
    /// Nothing can make it true.
    case undefined
}

extension PartialSession {
    /// The rules that stand for a name, made once for all that need them.
    func support(for node: RuleTree, _ context: PartialContext) throws -> PartialSupport {
        if let known = context.supports[node.path] { return known }
        guard supportRules.count < options.limits.supportRules else {
            throw EvaluationError(.limit, "there are more than \(options.limits.supportRules) support rules")
        }
        let support = PartialSupport.rule([context.root] + node.path)
        context.supports[node.path] = support
        let rules = try nested { try self.rules(of: node, context) }
        guard rules.isEmpty else {
            supportRules += rules
            return support
        }
        context.supports[node.path] = .undefined
        return .undefined
    }

    private func rules(
        of node: RuleTree, _ context: PartialContext
    ) throws -> [(package: [String], rule: Rule)] {
        var rules: [(package: [String], rule: Rule)] = []
        for rule in node.rules {
            let package = [context.root] + modules[rule.module].package
            rules += try self.rules(of: rule, node, context).map { (package, $0) }
        }
        if rules.isEmpty, let empty = node.kind.emptyValue, let first = node.rules.first {
            rules.append(([context.root] + node.path.dropLast(), nothing(node, empty, first.place)))
        }
        return rules
    }

    /// A set or object without members.
    private func nothing(_ node: RuleTree, _ value: RegoValue, _ place: SourcePlace) -> Rule {
        var rule = Rule(head: Term(.variable(node.path.last ?? ""), at: place), at: place)
        rule.value = Term(constant: value, at: place)
        return rule
    }

    private func rules(of rule: CompiledRule, _ node: RuleTree, _ context: PartialContext) throws -> [Rule] {
        if rule.isDefault {
            guard let value = try fallback(of: rule, context) else { return [] }
            let branch = rule.branches[0]
            var made = head(of: rule, branch.arguments.map { names.renaming().map($0) }, rule.place)
            made.isDefault = true
            made.value = Term(constant: value, at: rule.place)
            return [made]
        }
        let links = try links(of: rule, node, context)
        if links.count == 1 {
            return links[0].entries.map { self.rule(rule, node, links[0].branch, $0) }
        }
        var chain: [Rule] = []
        for link in links {
            guard let made = try self.link(rule, node, link, context) else { continue }
            // The branches of a chain share the arguments of its head.
            chain.append(made.renamed(made.arguments, as: chain.first?.arguments))
        }
        guard var first = chain.first else { return [] }
        first.otherwise = Array(chain.dropFirst())
        return [first]
    }

    /// A branch of `else` has one body, so one that would become several is kept as it is. Nil when it cannot hold.
    private func link(
        _ rule: CompiledRule, _ node: RuleTree, _ link: Link, _ context: PartialContext
    ) throws -> Rule? {
        if link.entries.count == 1 { return self.rule(rule, node, link.branch, link.entries[0]) }
        if let certain = link.entries.first(where: \.isCertain) {
            guard link.entries.allSatisfy({ $0.value.known != nil && $0.value.known == certain.value.known }) else {
                return try whole(rule, link.branch, context)
            }
            return self.rule(rule, node, link.branch, certain)
        }
        return try whole(rule, link.branch, context)
    }

    private func whole(
        _ rule: CompiledRule, _ branch: CompiledRule.Branch, _ context: PartialContext
    ) throws -> Rule? {
        var made = head(of: rule, branch.arguments, branch.place)
        var body = try selfContained(branch.body, context)
        var heads: [Term] = []
        for term in [branch.value] + branch.path {
            let name = Term(.variable(names.next()), at: term.place)
            body += try selfContained([Literal(Term.equation(name, term, at: term.place))], context)
            heads.append(name)
        }
        if body.contains(where: \.isNever) { return nil }
        made.path += heads.dropFirst()
        set(heads[0], of: &made, rule)
        made.body = body
        return made
    }

    private func rule(
        _ rule: CompiledRule, _ node: RuleTree, _ branch: CompiledRule.Branch, _ entry: PartialExtent.Entry
    ) -> Rule {
        var made = head(of: rule, branch.arguments, branch.place)
        let fixed = rule.fixedPath.count - node.path.count
        made.path += entry.path.dropFirst(fixed).map { $0.term(at: branch.place) }
        set(entry.value.term(at: branch.place), of: &made, rule)
        made.body = entry.residue
        return made
    }

    private func set(_ value: Term, of made: inout Rule, _ rule: CompiledRule) {
        if rule.isSet { made.element = value } else { made.value = value }
    }

    private func head(of rule: CompiledRule, _ arguments: [Term], _ place: SourcePlace) -> Rule {
        let package = modules[rule.module].package.count
        let fixed = rule.fixedPath.dropFirst(package)
        var made = Rule(head: Term(.variable(fixed.first ?? ""), at: place), at: place)
        made.path = fixed.dropFirst().map { Term(.string($0), at: place) }
        if rule.arity != nil { made.arguments = arguments }
        return made
    }
}

extension Rule {
    /// The same with the variables of some patterns by the names that they have in others of the same form.
    fileprivate func renamed(_ patterns: [Term]?, as others: [Term]?) -> Rule {
        guard let patterns, let others else { return self }
        var names: [String: String] = [:]
        for (own, other) in zip(patterns, others) {
            for (own, other) in zip(own.variables, other.variables) { names[own] = other }
        }
        let mapper = TermMapper { name, place in names[name].map { Term(.variable($0), at: place) } }
        var result = self
        result.arguments = others
        result.value = value.map { mapper.map($0) }
        result.body = mapper.map(body)
        return result
    }
}

extension RuleTree.Kind {
    /// What there is without a single answer; nil where that is undefined.
    fileprivate var emptyValue: RegoValue? {
        switch self {
        case .set: .set(RegoSet([]))
        case .object: .object(RegoObject())
        case .complete, .function: nil
        }
    }
}

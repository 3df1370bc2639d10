/// What the rules of one name give: a value for each way in which one of them may come true.
struct PartialExtent {
    struct Entry {
        /// What follows the rule's name.
        var path: [PartialValue] = []
        /// Whether the value is an element of a set at the path.
        var isSet = false
        var value: PartialValue
        var residue: [Literal]

        var isCertain: Bool { residue.isEmpty }
    }

    var entries: [Entry] = []
    /// What the default rule gives.
    var fallback: RegoValue?
    /// Whether it cannot be told which branch of an `else` it will be.
    var isChained = false
}

extension PartialExtent {
    /// Whether no two values can come out where there may be only one.
    var isConsistent: Bool {
        var byPath: [[RegoValue]: [Entry]] = [:]
        for entry in entries where !entry.isSet {
            let path = entry.path.compactMap(\.known)
            // Keys that are not known may turn out to be the same.
            guard path.count == entry.path.count else { return Self.agree(entries) }
            byPath[path, default: []].append(entry)
        }
        return byPath.values.allSatisfy { Self.agree($0) || Self.exclude($0) }
    }

    private static func agree(_ entries: [Entry]) -> Bool {
        guard let first = entries.first?.value.known else { return entries.count == 1 && entries[0].isSingle }
        return entries.allSatisfy { $0.value.known == first }
    }

    /// Whether all depend on what one and the same reference is, and differ in it wherever their values may.
    private static func exclude(_ entries: [Entry]) -> Bool {
        let conditions = entries.map(\.conditions)
        return (conditions.first ?? [:]).keys.contains { reference in
            var groups: [RegoValue: [Entry]] = [:]
            for (entry, own) in zip(entries, conditions) {
                guard let constant = own[reference] else { return false }
                groups[constant, default: []].append(entry)
            }
            return groups.values.allSatisfy { agree($0) }
        }
    }
}

extension PartialExtent.Entry {
    /// Whether no iteration can make several values of this. One over the keys themselves cannot.
    var isSingle: Bool {
        let keys = Set(path.flatMap(\.variables))
        return value.known != nil || !residue.contains { $0.mayIterate(except: keys) }
    }

    /// What references without variables, and variables from outside, must be equal to.
    fileprivate var conditions: [String: RegoValue] {
        var conditions: [String: RegoValue] = [:]
        for literal in residue where !literal.isNegated && literal.with.isEmpty {
            guard case .term(let term) = literal.kind, case .call(let function, let sides) = term.node,
                sides.count == 2, function.variable == "eq"
            else { continue }
            for (side, other) in [(0, 1), (1, 0)] {
                guard sides[side].isFixedReference || sides[side].isOutside, let constant = sides[other].constant else {
                    continue
                }
                conditions[RegoWriter.text(of: sides[side])] = constant
            }
        }
        return conditions
    }
}

extension Term {
    /// A variable that the residue itself gave a value would have been replaced by it.
    fileprivate var isOutside: Bool { variable.map { !VariableVisitor.roots.contains($0) } ?? false }

    /// Whether it is a path from `input` or `data` without variables.
    var isFixedReference: Bool {
        guard case .reference(let head, let path) = node, let name = head.variable else { return false }
        return VariableVisitor.roots.contains(name) && path.allSatisfy { $0.constant != nil }
    }
}

extension Literal {
    /// Whether it may hold in several ways for the same documents and the same values of some variables.
    fileprivate func mayIterate(except keys: Set<String>) -> Bool {
        guard !isNegated, case .term(let term) = kind else { return false }
        return term.mayIterate(except: keys)
    }
}

extension Term {
    fileprivate func mayIterate(except keys: Set<String>) -> Bool {
        switch node {
        case .reference(let head, let path):
            head.mayIterate(except: keys)
                || path.contains { $0.constant == nil && !($0.variable.map(keys.contains) ?? false) }
        case .array(let terms), .set(let terms): terms.contains { $0.mayIterate(except: keys) }
        case .object(let members):
            members.contains { $0.key.mayIterate(except: keys) || $0.value.mayIterate(except: keys) }
        case .call(let function, let arguments):
            function.variable == "walk" || arguments.contains { $0.mayIterate(except: keys) }
        default: false
        }
    }
}

extension PartialExtent {
    /// The value, or that there is none, when nothing is left to be found out; nil else.
    func settled(_ kind: RuleTree.Kind) -> RegoValue?? {
        if isChained { return nil }
        switch kind {
        case .function: return nil
        case .complete: return settledValue
        case .set:
            let values = entries.compactMap { $0.isCertain ? $0.value.known : nil }
            return values.count == entries.count ? .some(.set(RegoSet(values))) : nil
        case .object:
            var object = RegoObject()
            for entry in entries {
                guard entry.isCertain, !entry.isSet, entry.path.count == 1, let key = entry.path[0].known,
                    let value = entry.value.known, object[key].map({ $0 == value }) ?? true
                else { return nil }
                object.updateValue(value, forKey: key)
            }
            return .some(.object(object))
        }
    }

    private var settledValue: RegoValue?? {
        guard let first = entries.first else { return .some(fallback) }
        guard let value = first.value.known, entries.allSatisfy({ $0.value.known == value }),
            entries.contains(where: \.isCertain)
        else { return nil }
        return .some(value)
    }
}

/// The rules of a name, evaluated as far as they can be.
extension PartialSession {
    func extent(of node: RuleTree, _ context: PartialContext) throws -> PartialExtent {
        if let known = context.extents[node.path] { return known }
        let extent = try nested {
            var extent = PartialExtent()
            for rule in node.rules {
                if rule.isDefault {
                    extent.fallback = try fallback(of: rule, context)
                } else {
                    let links = try links(of: rule, node, context)
                    guard let entries = Self.chosen(links) else {
                        extent.isChained = true
                        continue
                    }
                    extent.entries += entries
                }
                try checkBranches(extent.entries.count)
            }
            return extent
        }
        context.extents[node.path] = extent
        return extent
    }

    /// One branch of a chain of `else`: its syntax under names of its own, and what is left of it.
    struct Link {
        var branch: CompiledRule.Branch
        var entries: [PartialExtent.Entry]
    }

    /// The branches that may come true, up to one that is certain to.
    func links(
        of rule: CompiledRule, _ node: RuleTree, _ context: PartialContext, arguments: [PartialValue]? = nil
    ) throws -> [Link] {
        var links: [Link] = []
        for branch in rule.branches {
            let renamed = rename(branch)
            let outside = arguments?.flatMap(\.variables) ?? renamed.arguments.flatMap(\.variables)
            var start = PartialBranch(rigid: outside)
            if let arguments, !matches(renamed.arguments, arguments, &start, branch.place) { continue }
            var entries: [PartialExtent.Entry] = []
            for result in try evaluate(renamed.body, start, context) {
                guard let entry = try entry(of: renamed, rule, node, result, context) else { continue }
                entries.append(entry)
            }
            if entries.isEmpty { continue }
            links.append(Link(branch: renamed, entries: entries))
            if entries.contains(where: \.isCertain) { break }
        }
        return links
    }

    /// The entries of the only branch that may come true; nil when there are several.
    static func chosen(_ links: [Link]) -> [PartialExtent.Entry]? {
        links.count > 1 ? nil : links.first?.entries ?? []
    }

    private func matches(
        _ patterns: [Term], _ arguments: [PartialValue], _ branch: inout PartialBranch, _ place: SourcePlace
    ) -> Bool {
        for (pattern, argument) in zip(patterns, arguments) {
            guard let pattern = PartialValue(simple: pattern), branch.unify(pattern, argument, at: place) else {
                return false
            }
        }
        return true
    }

    private func rename(_ branch: CompiledRule.Branch) -> CompiledRule.Branch {
        let mapper = names.renaming()
        var renamed = branch
        renamed.arguments = branch.arguments.map { mapper.map($0) }
        renamed.body = mapper.map(branch.body)
        renamed.path = branch.path.map { mapper.map($0) }
        renamed.value = mapper.map(branch.value)
        return renamed
    }

    /// Nil when the branch cannot come true after all.
    private func entry(
        of branch: CompiledRule.Branch, _ rule: CompiledRule, _ node: RuleTree, _ result: PartialBranch,
        _ context: PartialContext
    ) throws -> PartialExtent.Entry? {
        var result = result
        guard let value = try simple(branch.value, &result, context) else { return nil }
        var path = rule.fixedPath.dropFirst(node.path.count).map { PartialValue.known(RegoValue($0)) }
        for step in branch.path {
            guard let step = try simple(step, &result, context) else { return nil }
            path.append(step)
        }
        path = path.map { result.value(of: $0) }
        let final = result.value(of: value)
        let kept = Set(final.variables + path.flatMap(\.variables))
        guard let residue = try residue(of: result, keeping: kept) else { return nil }
        return PartialExtent.Entry(path: path, isSet: rule.isSet, value: final, residue: residue)
    }

    func fallback(of rule: CompiledRule, _ context: PartialContext) throws -> RegoValue? {
        let branch = rule.branches[0]
        for result in try evaluate(branch.body, PartialBranch(), context) {
            var result = result
            guard let value = try simple(branch.value, &result, context), let known = result.value(of: value).known,
                result.residue.isEmpty
            else { break }
            return known
        }
        throw unsupported("a default value that depends on what is unknown", at: rule.place)
    }
}

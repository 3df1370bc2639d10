/// References to rules: their bodies in the reference's place where that means the same, else support rules.
extension PartialSession {
    func ruleReference(
        _ node: RuleTree, _ rest: ArraySlice<PartialValue>, _ branch: PartialBranch, _ context: PartialContext,
        _ wanted: Wanted, _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        try charge()
        if !isAffected(node, context) {
            guard let value = try knownValue(of: node, context) else { return [] }
            return try walk(.known(value), rest, branch, place)
        }
        let extent = try extent(of: node, context)
        if let settled = extent.settled(node.kind) {
            guard let value = settled else { return [] }
            return try walk(.known(value), rest, branch, place)
        }
        guard isInlined(node), !extent.isChained, extent.isConsistent else {
            return try supported(node, rest, branch, context, place)
        }
        switch node.kind {
        case .complete where extent.needsNoFallback(rest.isEmpty ? wanted : .any):
            return try inline(extent, steps: 0, rest, branch, place)
        case .set where !rest.isEmpty: return try inline(extent, steps: 0, rest, branch, place)
        case .object:
            guard let steps = extent.steps, rest.count >= steps else { break }
            return try inline(extent, steps: steps, rest, branch, place)
        default: break
        }
        return try supported(node, rest, branch, context, place)
    }

    private func inline(
        _ extent: PartialExtent, steps: Int, _ rest: ArraySlice<PartialValue>, _ branch: PartialBranch,
        _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        var answers: [PartialAnswer] = []
        for entry in extent.entries {
            try charge()
            let entry = rename(entry)
            var result = branch
            var rest = rest
            guard zip(entry.path, rest).allSatisfy({ result.unify($0, $1, at: place) }) else { continue }
            rest = rest.dropFirst(entry.path.count)
            if entry.isSet {
                guard let element = rest.popFirst(), result.unify(entry.value, element, at: place) else { continue }
            }
            guard apply(entry.residue, to: &result, place) else { continue }
            answers += try walk(entry.value, rest, result, place)
            try checkBranches(answers.count)
        }
        return answers
    }

    private func rename(_ entry: PartialExtent.Entry) -> PartialExtent.Entry {
        let mapper = names.renaming()
        func rename(_ value: PartialValue) -> PartialValue {
            value.map { name in .variable(mapper.map(Term(.variable(name), at: .start)).variable ?? name) }
        }
        return PartialExtent.Entry(
            path: entry.path.map(rename), isSet: entry.isSet, value: rename(entry.value),
            residue: mapper.map(entry.residue))
    }

    /// Adds what an entry leaves over; false when it cannot come true together with what is there.
    func apply(_ residue: [Literal], to branch: inout PartialBranch, _ place: SourcePlace) -> Bool {
        for literal in residue {
            if case .term(let term) = literal.kind, !literal.isNegated, literal.with.isEmpty,
                case .call(let function, let sides) = term.node, function.variable == "eq", sides.count == 2,
                sides.allSatisfy(\.isSimple), let left = PartialValue(simple: sides[0]),
                let right = PartialValue(simple: sides[1])
            {
                guard branch.unify(left, right, at: literal.place) else { return false }
            } else {
                branch.save(literal)
            }
        }
        return true
    }

    // MARK: Support

    private func supported(
        _ node: RuleTree, _ rest: ArraySlice<PartialValue>, _ branch: PartialBranch, _ context: PartialContext,
        _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        switch try support(for: node, context) {
        case .undefined: return []
        case .rule(let path):
            let steps = path.map { PartialValue.known(RegoValue($0)) } + rest
            return [save(Term(.variable("data"), at: place), steps, branch, place)]
        }
    }
}

extension PartialExtent {
    /// Whether the default can be left aside, given what the value is needed for.
    fileprivate func needsNoFallback(_ wanted: PartialSession.Wanted) -> Bool {
        guard let fallback else { return true }
        switch wanted {
        case .any: return false
        case .truth: return fallback == false
        case .constant(let constant): return fallback != constant
        }
    }

    /// The number of steps that lead to every value; nil where it is not the same everywhere.
    fileprivate var steps: Int? {
        let lengths = Set(entries.map { $0.path.count + ($0.isSet ? 1 : 0) })
        let kinds = Set(entries.map(\.isSet))
        return lengths.count == 1 && kinds.count == 1 ? lengths.first : nil
    }
}

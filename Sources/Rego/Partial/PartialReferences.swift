/// References: by known keys, by going through what is known, or left as they are.
extension PartialSession {
    /// The values of a reference or of a term without references; none where it is undefined.
    func operand(
        _ term: Term, _ branch: PartialBranch, _ context: PartialContext, _ wanted: Wanted
    ) throws -> [PartialAnswer] {
        if case .reference(let head, let path) = term.node {
            var branch = branch
            var steps: [PartialValue] = []
            for step in path {
                guard let value = try simple(step, &branch, context) else { return [] }
                steps.append(value)
            }
            guard let name = head.variable, VariableVisitor.roots.contains(name) else {
                guard let value = try simple(head, &branch, context) else { return [] }
                return try walk(value, steps[...], branch, term.place)
            }
            return try reference(name, steps, branch, context, wanted, term.place)
        }
        var branch = branch
        return try simple(term, &branch, context).map { [PartialAnswer(branch: branch, value: $0)] } ?? []
    }

    /// The value of a term without references; nil where it is undefined.
    func simple(_ term: Term, _ branch: inout PartialBranch, _ context: PartialContext) throws -> PartialValue? {
        guard let value = PartialValue(simple: term) else { throw unsupported("this term", at: term.place) }
        var roots: [String: PartialValue] = [:]
        for name in VariableVisitor.roots where value.variables.contains(name) {
            let answers = try reference(name, [], branch, context, .any, term.place)
            guard let answer = answers.first else { return nil }
            branch = answer.branch
            roots[name] = answer.value
        }
        return branch.value(of: roots.isEmpty ? value : value.map { roots[$0] ?? .variable($0) })
    }

    /// What a path from `input` or `data` leads to.
    enum Location {
        /// Cannot be told now.
        case unknown
        /// A document, with the number of steps that lead to it.
        case known(RegoValue?, Int)
        case rule(RuleTree, Int)
        /// A package where the next step is not known or there is none.
        case package(RuleTree, Int)
    }

    func locate(
        _ root: String, _ steps: [PartialValue], _ context: PartialContext, _ place: SourcePlace
    ) throws -> Location {
        var path = [root]
        var node = root == "data" && !context.shadows([]) ? tree : nil
        var document = context.document(root)
        while true {
            let knowledge = context.knowledge(of: path)
            if case .unknown = knowledge { return .unknown }
            if let package = node, package.isRule, !package.isFunction { return .rule(package, path.count - 1) }
            if let package = node, package.isRule || package.isVacant { node = nil }
            if node == nil, case .known = knowledge { return .known(document, path.count - 1) }
            guard path.count <= steps.count, let key = steps[path.count - 1].known else {
                if let node { return .package(node, path.count - 1) }
                guard !context.isChanged(below: path) else {
                    throw unsupported("a document that is partly unknown under with", at: place)
                }
                return .unknown
            }
            let name = key.text ?? (root == "data" ? key.number?.spelling : nil)
            if let package = node {
                node = key.text.flatMap { package.children[$0] }
                if let child = node, context.shadows(child.path) { node = nil }
            }
            document = document?[name.map { RegoValue($0) } ?? key]
            // What is no text names nothing that is unknown.
            path.append(name ?? "\u{0}")
        }
    }

    private func reference(
        _ root: String, _ steps: [PartialValue], _ branch: PartialBranch, _ context: PartialContext,
        _ wanted: Wanted, _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        let steps = steps.map { branch.value(of: $0) }
        switch try locate(root, steps, context, place) {
        case .unknown:
            return [save(Term(.variable(root), at: place), steps, branch, place)]
        case .known(let document, let count):
            guard let document else { return [] }
            return try walk(.known(document), steps[count...], branch, place)
        case .rule(let node, let count):
            return try ruleReference(node, steps[count...], branch, context, wanted, place)
        case .package(let node, let count):
            return try package(node, steps, count, branch, context, wanted, place)
        }
    }

    /// A reference that stays, under a variable of its own.
    func save(
        _ head: Term, _ steps: some Sequence<PartialValue>, _ branch: PartialBranch, _ place: SourcePlace
    ) -> PartialAnswer {
        let name = names.next()
        let path = steps.map { $0.term(at: place) }
        var branch = branch
        branch.save(
            Literal(
                Term.equation(
                    Term(.variable(name), at: place), path.isEmpty ? head : Term(.reference(head, path), at: place),
                    at: place)))
        return PartialAnswer(branch: branch, value: .variable(name))
    }

    // MARK: Packages

    private func package(
        _ node: RuleTree, _ steps: [PartialValue], _ count: Int, _ branch: PartialBranch, _ context: PartialContext,
        _ wanted: Wanted, _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        let path = Resolver.rooted(["data"] + node.path, [], place)
        let name = names.next()
        let extent = Literal(Term.equation(Term(.variable(name), at: place), path, at: place))
        if !isAffected(extent, context) {
            guard let value = try solve(extent, for: [name], context).first?[0] else { return [] }
            return try walk(.known(value), steps[count...], branch, place)
        }
        guard count < steps.count else { throw unsupported("the whole of package \(path.dotted)", at: place) }
        guard case .known = context.knowledge(of: ["data"] + node.path) else {
            throw unsupported("a key that is not known where documents are unknown", at: place)
        }
        var answers: [PartialAnswer] = []
        let children = node.order.compactMap { node.children[$0] }.filter { !context.shadows($0.path) }
        for child in children {
            var branch = branch
            guard let name = child.path.last, branch.unify(steps[count], .known(RegoValue(name)), at: place) else {
                continue
            }
            // A step from outside has got no value by this, but an equation beside it.
            var named = steps
            named[count] = .known(RegoValue(name))
            answers += try reference("data", named, branch, context, wanted, place)
        }
        var document = context.data
        for name in node.path { document = document[RegoValue(name)] ?? .object(RegoObject()) }
        for child in children {
            document = .object((document.object ?? RegoObject()).removing(RegoValue(child.path.last ?? "")))
        }
        return answers + (try walk(.known(document), steps[count...], branch, place))
    }

    // MARK: Values

    /// Follows steps from a value.
    func walk(
        _ start: PartialValue, _ steps: ArraySlice<PartialValue>, _ branch: PartialBranch, _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        var answers: [PartialAnswer] = []
        var open = [(answer: PartialAnswer(branch: branch, value: branch.value(of: start)), at: steps.startIndex)]
        while let (answer, at) = open.popLast() {
            if at == steps.endIndex {
                answers.append(answer)
            } else if case .variable = answer.value {
                // The rest of the steps goes along.
                let rest = steps[at...].map { answer.branch.value(of: $0) }
                answers.append(save(answer.value.term(at: place), rest, answer.branch, place))
            } else {
                let next = try step(answer, answer.branch.value(of: steps[at]), place)
                open += next.reversed().map { ($0, at + 1) }
            }
            try checkBranches(open.count + answers.count)
        }
        return answers
    }

    private func step(
        _ answer: PartialAnswer, _ step: PartialValue, _ place: SourcePlace
    ) throws -> [PartialAnswer] {
        try charge()
        if let key = step.known, let value = answer.value.known {
            return value[key].map { [PartialAnswer(branch: answer.branch, value: .known($0))] } ?? []
        }
        guard let members = Self.membersByKey(of: answer.value) else {
            return [save(answer.value, [step], answer.branch, place)]
        }
        try charge(members.count)
        return members.compactMap { key, value in
            var branch = answer.branch
            guard branch.unify(step, .known(key), at: place) else { return nil }
            return PartialAnswer(branch: branch, value: branch.value(of: value))
        }
    }

    private func save(
        _ container: PartialValue, _ steps: [PartialValue], _ branch: PartialBranch, _ place: SourcePlace
    ) -> PartialAnswer {
        var branch = branch
        let name = names.next()
        let head = Term(.variable(name), at: place)
        branch.save(Literal(Term.equation(head, container.term(at: place), at: place)))
        return save(head, steps, branch, place)
    }

    /// Nil where keys are not known. A set's elements are their own keys.
    private static func membersByKey(of value: PartialValue) -> [(RegoValue, PartialValue)]? {
        switch value {
        case .known(.array(let array)): return array.enumerated().map { (RegoValue($0), .known($1)) }
        case .known(.object(let object)): return object.map { ($0.key, .known($0.value)) }
        case .known(.set(let set)): return set.map { ($0, .known($0)) }
        case .known: return []
        case .array(let parts): return parts.enumerated().map { (RegoValue($0), $1) }
        case .object:
            return value.members.map { members in members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
        case .variable, .set: return nil
        }
    }
}

extension RuleTree {
    var isFunction: Bool { if case .function = kind, isRule { true } else { false } }

    /// Whether there are neither rules nor packages at or below.
    var isVacant: Bool { rules.isEmpty && order.isEmpty && !isPackage }
}

extension Term {
    var dotted: String { Resolver.dotted(self)?.joined(separator: ".") ?? "" }
}

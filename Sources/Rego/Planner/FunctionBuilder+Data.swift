/// References below `data`, where rules and stored documents lie over each other; at the same path the document counts.
extension FunctionBuilder {
    func dataReference(_ path: [Term]) throws(RegoError) -> IR.Local {
        let virtual = state.shadows([]) ? nil : planner.tree
        return try dataReference(virtual, base: [], path[...])
    }

    /// - Parameter virtual: the node at `base`; nil where there are only documents.
    private func dataReference(
        _ virtual: RuleTree?, base: [String], _ path: ArraySlice<Term>
    ) throws(RegoError) -> IR.Local {
        guard let virtual, !isEmpty(virtual) else { return try member(path, of: document(base)) }
        if virtual.isRule {
            guard case .function = virtual.kind else { return try member(path, of: value(of: virtual)) }
            return try member(path, of: document(base))
        }
        guard let step = path.first else { return try extent(virtual, base) }
        if let name = step.string {
            guard let child = virtual.children[name], !state.shadows(child.path) else {
                return try member(path.dropFirst(), of: document(base + [name]))
            }
            return try dataReference(child, base: base + [name], path.dropFirst())
        }
        // Packages and rules have names that are strings.
        if step.isScalar { return try member(path, of: document(base)) }
        return try alternatives(virtual, base, step, path.dropFirst())
    }

    /// A rule that is nothing but a constant stands in for itself.
    private func value(of node: RuleTree) -> IR.Local {
        if !planner.isObserved, node.rules.count == 1, case .complete = node.kind,
            let branch = node.rules[0].branches.first,
            branch.body.isEmpty, node.rules[0].branches.count == 1, let constant = branch.value.constant
        {
            return early([]) { make { .makeValue(constant, target: $0) } }
        }
        return call(node, [], in: state)
    }

    /// Whether there are neither rules nor packages at or below a node.
    private func isEmpty(_ node: RuleTree) -> Bool { node.rules.isEmpty && node.order.isEmpty && !node.isPackage }

    private func document(_ base: [String]) -> IR.Local {
        var value = Self.data
        for name in base {
            let source = value
            let key = IR.Operand.string(planner.string(name))
            value = early([.local(source)]) { make { .dot(source: .local(source), key: key, target: $0) } }
        }
        return value
    }

    private func visible(_ node: RuleTree) -> [RuleTree] {
        node.order.compactMap { node.children[$0] }.filter { !state.shadows($0.path) }
    }

    // MARK: Keys that are not known

    /// Each child with rules, and the documents beside them. Answers are gathered: what follows is planned once.
    private func alternatives(
        _ virtual: RuleTree, _ base: [String], _ step: Term, _ rest: ArraySlice<Term>
    ) throws(RegoError) -> IR.Local {
        let variables = unbound(([step] + rest).flatMap(\.variables).uniqued)
        let answers = make { .makeArray(capacity: 0, target: $0) }
        var blocks: [IR.Block] = []
        let children = visible(virtual)
        for child in children {
            let name = child.path[child.path.count - 1]
            blocks.append(
                try alternative(variables, answers) { () throws(RegoError) in
                    try self.unify(Term(.string(name), at: step.place), step)
                    return try self.dataReference(child, base: child.path, rest)
                })
        }
        blocks.append(
            try alternative(variables, answers) { () throws(RegoError) in
                try self.documents(base, step, rest, besides: children)
            })
        emit(.block(blocks))
        return try spread(answers, to: variables, withValue: true)
    }

    private func alternative(
        _ variables: [String], _ answers: IR.Local, _ body: () throws(RegoError) -> IR.Local
    ) throws(RegoError) -> IR.Block {
        try block { () throws(RegoError) in
            try self.scoped { () throws(RegoError) in
                let value = try body()
                self.note(variables, value, in: answers)
            }
        }
    }

    private func documents(
        _ base: [String], _ step: Term, _ rest: ArraySlice<Term>, besides children: [RuleTree]
    ) throws(RegoError) -> IR.Local {
        let container = document(base)
        let key: IR.Local
        let value: IR.Local
        if isBound(step) {
            let operand = try evaluateToLocal(step)
            key = operand
            value = make { .dot(source: .local(container), key: .local(operand), target: $0) }
        } else {
            (key, value) = try scan(container)
        }
        for child in children {
            guard let name = child.path.last else { continue }
            emit(.notEqual(.local(key), .string(planner.string(name))))
        }
        if !isBound(step) { try unify(key, step) }
        return try member(rest, of: value)
    }

    // MARK: Whole packages

    /// All that rules give at and below a node, over the documents there.
    private func extent(_ node: RuleTree, _ base: [String]) throws(RegoError) -> IR.Local {
        let object = try virtualExtent(node)
        let merged = local()
        let mergeDocument = { () throws(RegoError) in
            let document = self.document(base)
            self.emit(.isObject(.local(document)))
            self.emit(.objectMerge(a: document, b: object, target: merged))
        }
        try first(of: [mergeDocument]) { self.emit(.assignVar(source: .local(object), target: merged)) }
        return merged
    }

    private func virtualExtent(_ node: RuleTree) throws(RegoError) -> IR.Local {
        let object = make { .makeObject(target: $0) }
        for child in visible(node) {
            guard let name = child.path.last else { continue }
            if case .function = child.kind, child.isRule { continue }
            let key = IR.Operand.string(planner.string(name))
            let member = try block { () throws(RegoError) in
                let value = child.isRule ? self.call(child, [], in: self.state) : try self.virtualExtent(child)
                self.emit(.objectInsert(key: key, value: .local(value), object: object))
            }
            emit(.block([member]))
        }
        return object
    }
}

extension [String] {
    /// Each once, in order.
    var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

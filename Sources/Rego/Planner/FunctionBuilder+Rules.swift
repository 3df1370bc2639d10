extension FunctionBuilder {
    /// The function of a node with rules.
    func function(_ node: RuleTree, name: String) throws(RegoError) -> IR.Function {
        let kind = node.kind
        var parameters = [Self.input, Self.data] + state.values.compactMap { allMockValues[$0] }
        let result = local()
        var arguments: [IR.Local] = []
        if case .function(let arity) = kind { arguments = (0..<arity).map { _ in local() } }
        parameters += arguments
        noteArguments(arguments)
        place = node.rules[0].place
        var blocks: [IR.Block] = []
        switch kind {
        case .object: blocks.append(try block { () throws(RegoError) in self.emit(.makeObject(target: result)) })
        case .set: blocks.append(try block { () throws(RegoError) in self.emit(.makeSet(target: result)) })
        case .complete, .function: break
        }
        if Self.hasOneConstant(node) {
            blocks += try alternatives(node, result, arguments)
        } else {
            for rule in node.rules where !rule.isDefault {
                blocks += try rules(rule, node, kind, result, arguments)
            }
        }
        for rule in node.rules where rule.isDefault { blocks.append(try fallback(rule, node, result)) }
        blocks.append(try block { () throws(RegoError) in self.emit(.returnLocal(result)) })
        return IR.Function(
            name: name, parameters: parameters, result: result, blocks: blocks,
            path: [String(name.prefix { $0 != "." })] + node.path)
    }

    /// Whether all that the rules can give is one constant, so that the first answer is the last.
    private static func hasOneConstant(_ node: RuleTree) -> Bool {
        guard node.rules.allSatisfy({ !node.isDynamic($0) && !$0.isSet }) else { return false }
        var constants: Set<RegoValue> = []
        for rule in node.rules where !rule.isDefault {
            for branch in rule.branches {
                guard let constant = branch.value.constant else { return false }
                constants.insert(constant)
            }
        }
        return constants.count == 1
    }

    /// Rules that all give one constant: one way to it after the other, until one holds. `else` is but another way.
    private func alternatives(
        _ node: RuleTree, _ result: IR.Local, _ arguments: [IR.Local]
    ) throws(RegoError) -> [IR.Block] {
        let rules = node.rules.filter { !$0.isDefault }
        let isOnly = rules.count == 1 && rules[0].branches.count == 1
        func ways() throws(RegoError) -> [IR.Block] {
            var ways: [IR.Block] = []
            for rule in rules {
                file = rule.module
                for branch in rule.branches {
                    ways.append(
                        try body(of: branch, node, arguments) { () throws(RegoError) in
                            let value = try self.evaluate(branch.value)
                            self.exit(branch, of: node)
                            self.emit(.assignVarOnce(source: value, target: result))
                            let outermost = self.openScans + (isOnly ? 0 : 1)
                            if outermost > 0 { self.emit(.break(outermost)) }
                        })
                }
            }
            return ways
        }
        if isOnly { return try ways() }
        return [try block { () throws(RegoError) in self.emit(.block(try ways())) }]
    }

    /// A block of what must hold for a branch, and of what it then gives.
    private func body(
        of branch: CompiledRule.Branch, _ node: RuleTree, _ arguments: [IR.Local], after condition: IR.Operation? = nil,
        _ give: () throws(RegoError) -> Void
    ) throws(RegoError) -> IR.Block {
        place = branch.place
        return try block { () throws(RegoError) in
            if let condition { self.emit(condition) }
            try self.scoped { () throws(RegoError) in
                try self.enter(branch, of: node) { () throws(RegoError) in
                    try self.bind(branch.arguments, to: arguments)
                }
                try self.plan(branch.body)
                self.place = branch.place
                try give()
            }
        }
    }

    private func rules(
        _ rule: CompiledRule, _ node: RuleTree, _ kind: RuleTree.Kind, _ result: IR.Local, _ arguments: [IR.Local]
    ) throws(RegoError) -> [IR.Block] {
        file = rule.module
        // A rule with `else` has a value of its own first.
        let own = rule.branches.count > 1 ? local() : nil
        var blocks: [IR.Block] = []
        for (number, branch) in rule.branches.enumerated() {
            let condition = own.map { number == 0 ? IR.Operation.resetLocal(target: $0) : .isUndefined($0) }
            blocks.append(
                try body(of: branch, node, arguments, after: condition) { () throws(RegoError) in
                    try self.result(of: branch, rule, node, kind, result: result, own: own)
                })
        }
        guard let own else { return blocks }
        switch kind {
        case .set, .object: return blocks
        case .complete, .function:
            place = rule.place
            let end = try block { () throws(RegoError) in
                self.emit(.isDefined(own))
                self.emit(.assignVarOnce(source: .local(own), target: result))
            }
            return blocks + [end]
        }
    }

    private func bind(_ patterns: [Term], to arguments: [IR.Local]) throws(RegoError) {
        for (pattern, argument) in zip(patterns, arguments) { try unify(argument, pattern) }
    }

    private func result(
        of branch: CompiledRule.Branch, _ rule: CompiledRule, _ node: RuleTree, _ kind: RuleTree.Kind, result: IR.Local,
        own: IR.Local?
    ) throws(RegoError) {
        switch kind {
        case .complete, .function:
            let value = try evaluate(branch.value)
            exit(branch, of: node)
            return emit(.assignVarOnce(source: value, target: own ?? result))
        case .set: emit(.setAdd(value: try evaluate(branch.value), set: result))
        case .object:
            let fixed = rule.fixedPath.dropFirst(node.path.count).map { Term(.string($0), at: branch.place) }
            try insert(branch.value, at: fixed + branch.path, into: result, isSet: rule.isSet)
            if let own { emit(.assignVar(source: .bool(true), target: own)) }
        }
        exit(branch, of: node)
    }

    /// Puts a value into nested objects, which come to be where there are none.
    private func insert(_ value: Term, at path: [Term], into root: IR.Local, isSet: Bool) throws(RegoError) {
        let value = try evaluate(value)
        var keys: [IR.Operand] = []
        for step in path { keys.append(try evaluate(step)) }
        guard let last = keys.last else { return }
        var objects = [root]
        for key in keys.dropLast() {
            objects.append(try member(of: objects[objects.count - 1], key, orMake: { .makeObject(target: $0) }))
        }
        let innermost = objects[objects.count - 1]
        if isSet {
            let set = try member(of: innermost, last, orMake: { .makeSet(target: $0) })
            emit(.setAdd(value: value, set: set))
            emit(.objectInsert(key: last, value: .local(set), object: innermost))
        } else {
            emit(.objectInsertOnce(key: last, value: value, object: innermost))
        }
        for at in objects.indices.dropFirst().reversed() {
            emit(.objectInsert(key: keys[at - 1], value: .local(objects[at]), object: objects[at - 1]))
        }
    }

    private func member(
        of object: IR.Local, _ key: IR.Operand, orMake make: (IR.Local) -> IR.Operation
    ) throws(RegoError) -> IR.Local {
        let target = local()
        try first(of: [{ self.emit(.dot(source: .local(object), key: key, target: target)) }]) {
            self.emit(make(target))
        }
        return target
    }

    private func fallback(_ rule: CompiledRule, _ node: RuleTree, _ result: IR.Local) throws(RegoError) -> IR.Block {
        file = rule.module
        place = rule.place
        return try block { () throws(RegoError) in
            self.emit(.isUndefined(result))
            for branch in rule.branches {
                try self.scoped { () throws(RegoError) in
                    try self.enter(branch, of: node) {}
                    try self.plan(branch.body)
                    let value = try self.evaluate(branch.value)
                    self.exit(branch, of: node)
                    self.emit(.assignVarOnce(source: value, target: result))
                }
            }
        }
    }
}

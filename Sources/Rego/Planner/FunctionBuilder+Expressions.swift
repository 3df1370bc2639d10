extension FunctionBuilder {
    func plan(_ body: [Literal]) throws(RegoError) {
        if planner.isObserved { return try planObserved(body) }
        for expression in body {
            place = expression.place
            try plan(expression)
        }
    }

    func plan(_ expression: Literal) throws(RegoError) {
        if expression.isNegated {
            var positive = expression
            positive.isNegated = false
            try planNegation(of: positive)
        } else if !expression.with.isEmpty {
            try planWith(expression)
        } else {
            try planPlain(expression.kind)
        }
    }

    /// `not` takes an iteration for defined whatever it finds, so what iterates notes that it found something.
    private func planNegation(of expression: Literal) throws(RegoError) {
        let holds = local()
        var iterates = false
        let block = try block { () throws(RegoError) in
            try self.scoped { () throws(RegoError) in try self.plan(expression) }
            iterates = self.openScans > 0
            guard iterates else { return }
            self.emit(.assignVar(source: .bool(true), target: holds))
            self.emit(.break(self.openScans))
        }
        guard iterates else { return emit(.not(block)) }
        emit(.resetLocal(target: holds))
        emit(.block([block]))
        emit(.isUndefined(holds))
    }

    private func planPlain(_ kind: Literal.Kind) throws(RegoError) {
        switch kind {
        case .some, .someIn: break
        case .every(let key, let value, let domain, let body): try planEvery(key, value, domain, body)
        case .term(let term):
            if case .call(let function, let arguments) = term.node {
                try planCall(function, arguments)
            } else {
                let value = try evaluate(term)
                learn([(term, value)])
                if value != .bool(true) { emit(.notEqual(value, .bool(false))) }
            }
        }
    }

    // MARK: Calls

    private func planCall(_ function: Term, _ arguments: [Term]) throws(RegoError) {
        if function.variable == "eq", arguments.count == 2 { return try unify(arguments[0], arguments[1]) }
        guard let arity = planner.signatures.arity(of: function) else { throw error(.type, "undefined function") }
        let isVariadic = planner.signatures.isVariadic(function)
        let count = isVariadic ? arguments.count : min(arity, arguments.count)
        var operands: [IR.Operand] = []
        for argument in arguments.prefix(count) { operands.append(try evaluate(argument)) }
        let output = arguments.count > count ? arguments.last : nil
        guard let spelled = Resolver.dotted(function) else { throw error(.type, "undefined function") }
        let name = spelled.joined(separator: ".")
        if let mock = state.mocks[name] { return try finish(try call(mock, of: name, operands), output) }
        if spelled[0] == "data" {
            return try finish(try callRule(Array(spelled.dropFirst()), operands, in: state), output)
        }
        try planBuiltin(name, operands, output)
    }

    private func planBuiltin(_ name: String, _ operands: [IR.Operand], _ output: Term?) throws(RegoError) {
        if output == nil, operands.count == 2 {
            if name == "equal" { return emit(.equal(operands[0], operands[1])) }
            if name == "neq" { return emit(.notEqual(operands[0], operands[1])) }
        }
        let declaration = planner.signatures.builtins[name]?.declaration
        let result = callBuiltin(name, operands)
        if declaration?.isRelation == true {
            let (_, value) = try scan(result)
            return try finish(value, output)
        }
        guard declaration?.result != nil else { return }
        try finish(result, output)
    }

    private func finish(_ result: IR.Local, _ output: Term?) throws(RegoError) {
        if let output {
            try unify(result, output)
        } else {
            emit(.notEqual(.local(result), .bool(false)))
        }
    }

    private func callRule(_ path: [String], _ operands: [IR.Operand], in state: PlanState) throws(RegoError) -> IR.Local
    {
        guard let node = planner.tree.find(path), node.isRule else {
            throw error(.type, "undefined function \((["data"] + path).joined(separator: "."))")
        }
        return call(node, operands, in: state)
    }

    private func call(_ mock: PlanState.Mock, of name: String, _ operands: [IR.Operand]) throws(RegoError) -> IR.Local {
        switch mock {
        case .value:
            let result = local()
            emit(.assignVar(source: .local(allMockValues[name] ?? 0), target: result))
            return result
        case .builtin(let name): return callBuiltin(name, operands)
        case .rule(let path): return try callRule(path, operands, in: state.withoutMocks)
        }
    }

    // MARK: every

    /// Looks for an element for which the body fails.
    private func planEvery(_ key: Term?, _ value: Term, _ domain: Term, _ body: [Literal]) throws(RegoError) {
        let collection = try evaluateToLocal(domain)
        let hasFailed = local()
        emit(.resetLocal(target: hasFailed))
        try requireCollection(collection)
        let loop = try block { () throws(RegoError) in
            let (keyLocal, valueLocal) = try self.scan(collection)
            let holds = self.local()
            self.emit(.resetLocal(target: holds))
            let inner = try self.block { () throws(RegoError) in
                try self.scoped { () throws(RegoError) in
                    if let key { try self.unify(keyLocal, key) }
                    try self.unify(valueLocal, value)
                    try self.observed(body, named: (key?.variables ?? []) + value.variables) { () throws(RegoError) in
                        try self.plan(body)
                    }
                    self.emit(.assignVar(source: .bool(true), target: holds))
                }
            }
            self.emit(.block([inner]))
            self.leaveBody(body)
            self.emit(.isUndefined(holds))
            self.emit(.assignVar(source: .bool(true), target: hasFailed))
            self.emit(.break(1))
        }
        emit(.block([loop]))
        emit(.isUndefined(hasFailed))
    }

    private func requireCollection(_ local: IR.Local) throws(RegoError) {
        let isScalar = self.local()
        emit(.resetLocal(target: isScalar))
        try first(
            of: [
                { self.emit(.isArray(.local(local))) }, { self.emit(.isObject(.local(local))) },
                { self.emit(.isSet(.local(local))) },
            ]
        ) {
            self.emit(.assignVar(source: .bool(true), target: isScalar))
        }
        emit(.isUndefined(isScalar))
    }
}

extension FunctionBuilder {
    /// An expression under `with`. Its answers are gathered first, so that what follows is out of the `with` again.
    func planWith(_ expression: Literal) throws(RegoError) {
        var plain = expression
        plain.with = []
        var new = state
        var values = allMockValues
        var changes: [(local: IR.Local, path: [Int], value: IR.Operand)] = []
        for with in expression.with {
            switch with.target.node {
            case .call(let function, _): try mock(function, with.value, &new, &values)
            default:
                let (root, path) = try target(with.target)
                let value = IR.Operand.local(try evaluateToLocal(with.value))
                changes.append((root == "input" ? Self.input : Self.data, path.map { planner.string($0) }, value))
                if root == "data" { new.shadowed.insert(path) }
            }
        }
        guard !changes.isEmpty else {
            return try inState(new, values) { () throws(RegoError) in try self.plan(plain) }
        }
        try gather(plain, changes, new, values)
    }

    private func target(_ term: Term) throws(RegoError) -> (root: String, path: [String]) {
        guard let spelled = Resolver.dotted(term) else {
            throw error(.type, "with keyword target must reference existing input, data, or a function")
        }
        return (spelled[0], Array(spelled.dropFirst()))
    }

    private func mock(
        _ function: Term, _ value: Term, _ state: inout PlanState, _ values: inout [String: IR.Local]
    ) throws(RegoError) {
        guard let spelled = Resolver.dotted(function) else { return }
        let name = spelled.joined(separator: ".")
        if let builtin = value.variable, builtin.hasPrefix("@") {
            state.mocks[name] = .builtin(String(builtin.dropFirst()))
        } else if let path = Resolver.dotted(value), path[0] == "data",
            planner.signatures.functions[Array(path.dropFirst())] != nil
        {
            state.mocks[name] = .rule(Array(path.dropFirst()))
        } else {
            let local = try evaluateToLocal(value)
            state.mocks[name] = .value
            values[name] = local
        }
    }

    private func gather(
        _ expression: Literal, _ changes: [(local: IR.Local, path: [Int], value: IR.Operand)], _ new: PlanState,
        _ values: [String: IR.Local]
    ) throws(RegoError) {
        var visitor = VariableVisitor()
        visitor.visit(expression)
        let variables = unbound(visitor.plain)
        let answers =
            variables.isEmpty ? make { .resetLocal(target: $0) } : make { .makeArray(capacity: 0, target: $0) }
        let whole = try scoped { () throws(RegoError) in
            try self.block { () throws(RegoError) in
                try self.change(changes[...]) { () throws(RegoError) in
                    try self.inState(new, values) { () throws(RegoError) in try self.plan(expression) }
                    self.note(variables, in: answers)
                }
            }
        }
        emit(.block([whole]))
        if variables.isEmpty { emit(.isDefined(answers)) } else { try spread(answers, to: variables) }
    }

    private func change(
        _ changes: ArraySlice<(local: IR.Local, path: [Int], value: IR.Operand)>, _ body: () throws(RegoError) -> Void
    ) throws(RegoError) {
        guard let first = changes.first else { return try body() }
        let inner = try block { () throws(RegoError) in try self.change(changes.dropFirst(), body) }
        emit(.with(local: first.local, path: first.path, value: first.value, block: inner))
    }

    /// Keeps the values of variables, or that there is an answer.
    func note(_ variables: [String], _ value: IR.Local? = nil, in answers: IR.Local) {
        let locals = variables.compactMap { lookup($0) } + (value.map { [$0] } ?? [])
        guard !locals.isEmpty else { return emit(.assignVar(source: .bool(true), target: answers)) }
        let answer = make { .makeArray(capacity: locals.count, target: $0) }
        for local in locals { emit(.arrayAppend(value: .local(local), array: answer)) }
        emit(.arrayAppend(value: .local(answer), array: answers))
    }

    /// Iterates over what ``note(_:_:in:)`` kept; returns the value that was kept beside the variables.
    @discardableResult
    func spread(_ answers: IR.Local, to variables: [String], withValue: Bool = false) throws(RegoError) -> IR.Local {
        let (_, answer) = try scan(answers)
        var value = answer
        for at in 0..<(variables.count + (withValue ? 1 : 0)) {
            let key = make { .makeNumberInt(value: at, target: $0) }
            value = make { .dot(source: .local(answer), key: .local(key), target: $0) }
            if at < variables.count { bind(variables[at], to: value) }
        }
        return value
    }
}

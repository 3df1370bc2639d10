extension FunctionBuilder {
    /// Statements that give a term's value. Variables of a reference that have none get theirs by iteration.
    func evaluate(_ term: Term) throws(RegoError) -> IR.Operand {
        switch term.node {
        case .bool(let bool): return .bool(bool)
        case .string(let text): return .string(planner.string(text))
        case .null: return .local(make { .makeNull(target: $0) })
        case .number(let number): return .local(make(number))
        case .variable(let name): return .local(try variable(name))
        case .reference(let head, let path): return .local(try reference(head, path))
        case .array(let terms): return .local(try collection(term, terms))
        case .set(let terms): return .local(try collection(term, terms))
        case .object(let members): return .local(try object(term, members))
        case .arrayComprehension(let head, let body):
            return .local(
                try comprehension({ .makeArray(capacity: 0, target: $0) }, body) { target throws(RegoError) in
                    self.emit(.arrayAppend(value: try self.evaluate(head), array: target))
                })
        case .setComprehension(let head, let body):
            return .local(
                try comprehension({ .makeSet(target: $0) }, body) { target throws(RegoError) in
                    self.emit(.setAdd(value: try self.evaluate(head), set: target))
                })
        case .objectComprehension(let head, let body):
            return .local(
                try comprehension({ .makeObject(target: $0) }, body) { target throws(RegoError) in
                    let key = try self.evaluate(head.key)
                    self.emit(.objectInsertOnce(key: key, value: try self.evaluate(head.value), object: target))
                })
        case .call, .template: throw error(.compile, "a call cannot stand here")
        }
    }

    func evaluateToLocal(_ term: Term) throws(RegoError) -> IR.Local {
        let operand = try evaluate(term)
        if case .local(let local) = operand { return local }
        return make { .assignVar(source: operand, target: $0) }
    }

    private func make(_ number: RegoNumber) -> IR.Local {
        if case .int(let value) = number { return make { .makeNumberInt(value: value, target: $0) } }
        let index = planner.string(number.spelling)
        return make { .makeNumberRef(index: index, target: $0) }
    }

    private func variable(_ name: String) throws(RegoError) -> IR.Local {
        if let local = lookup(name) { return local }
        switch name {
        case "input":
            emit(.isDefined(Self.input))
            return Self.input
        case "data": return try dataReference([])
        default: throw error(.unsafeVariable, "var \(NameSource.spelled(name) ?? "_") is unsafe")
        }
    }

    private func collection(_ term: Term, _ terms: [Term]) throws(RegoError) -> IR.Local {
        if let constant = term.constant { return make { .makeValue(constant, target: $0) } }
        var operands: [IR.Operand] = []
        for term in terms { operands.append(try evaluate(term)) }
        return early(operands) {
            if case .set = term.node {
                let set = make { .makeSet(target: $0) }
                for operand in operands { emit(.setAdd(value: operand, set: set)) }
                return set
            }
            let array = make { .makeArray(capacity: terms.count, target: $0) }
            for operand in operands { emit(.arrayAppend(value: operand, array: array)) }
            return array
        }
    }

    private func object(_ term: Term, _ members: [Term.Member]) throws(RegoError) -> IR.Local {
        if let constant = term.constant { return make { .makeValue(constant, target: $0) } }
        var keys: [IR.Operand] = []
        var values: [IR.Operand] = []
        for member in members {
            keys.append(try evaluate(member.key))
            values.append(try evaluate(member.value))
        }
        return early(keys + values) {
            let object = make { .makeObject(target: $0) }
            for (key, value) in zip(keys, values) { emit(.objectInsert(key: key, value: value, object: object)) }
            return object
        }
    }

    private func comprehension(
        _ start: (IR.Local) -> IR.Operation, _ body: [Literal], _ add: (IR.Local) throws(RegoError) -> Void
    ) throws(RegoError) -> IR.Local {
        let target = make(start)
        let outer = place
        let inner = try block { () throws(RegoError) in
            try self.scoped { () throws(RegoError) in
                try self.observed(body) { () throws(RegoError) in
                    try self.plan(body)
                    try add(target)
                }
            }
        }
        place = outer
        emit(.block([inner]))
        leaveBody(body)
        return target
    }

    // MARK: References

    private func reference(_ head: Term, _ path: [Term]) throws(RegoError) -> IR.Local {
        guard let name = head.variable else { throw error(.compile, "a reference needs a variable as its head") }
        if lookup(name) == nil {
            if name == "data" { return try dataReference(path) }
            if name == "input" { return try member(path, of: Self.input) }
        }
        return try member(path, of: try variable(name))
    }

    /// Follows a path from a value: by key where it is known, else by iteration.
    func member(_ path: some Collection<Term>, of start: IR.Local) throws(RegoError) -> IR.Local {
        var value = start
        for step in path {
            if isBound(step) {
                let key = try evaluate(step)
                let source = value
                value = early([.local(source), key]) { make { .dot(source: .local(source), key: key, target: $0) } }
            } else {
                let (key, element) = try scan(value)
                try unify(key, step)
                value = element
            }
        }
        return value
    }
}

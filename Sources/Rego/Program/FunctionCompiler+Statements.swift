internal import Core

extension FunctionCompiler {
    mutating func compile(_ operation: IR.Operation, _ builder: inout ProgramBuilder) throws(GatehouseError) {
        if try compileMaking(operation, &builder) { return }
        if try compileChanging(operation, &builder) { return }
        if try compileTest(operation, &builder) { return }
        try compileControl(operation, &builder)
    }

    /// Statements that give a local a value of its own.
    private mutating func compileMaking(
        _ operation: IR.Operation, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) -> Bool {
        switch operation {
        case .assignInt(let value, let target), .makeNumberInt(let value, let target):
            assign(builder.constant(RegoValue(value)), to: target, isSteady: true)
        case .makeNull(let target): assign(builder.constant(.null), to: target, isSteady: true)
        case .makeValue(let value, let target): assign(builder.constant(value), to: target, isSteady: true)
        case .makeNumberRef(let index, let target):
            let spelling = try string(index, builder)
            guard let number = RegoNumber(spelling: spelling) else {
                throw problem("has a number that is none: \(spelling)")
            }
            assign(builder.constant(.number(number)), to: target, isSteady: true)
        case .makeArray(let capacity, let target):
            emit(.makeArray, Int32(clamping: Swift.min(Swift.max(capacity, 0), 64)), write(target))
        case .makeObject(let target): assign(builder.constant(.object(RegoObject())), to: target, isSteady: false)
        case .makeSet(let target): assign(builder.constant(.set(RegoSet())), to: target, isSteady: false)
        case .resetLocal(let target): emit(.assign, ProgramBuilder.undefined, write(target))
        case .assignVar(let source, let target):
            let steady = isSteady(source)
            assign(try read(source, &builder), to: target, isSteady: steady)
        case .assignVarOnce(let source, let target):
            let operand = try read(source, &builder)
            emit(.assignOnce, operand, write(target))
            if source.isConstant, exit?.local == target, seenBeforeLoop != nil, negations == 0 {
                try compileBreak(scopes.count - 1)
            }
        default: return false
        }
        return true
    }

    /// Statements that change a container in place.
    private mutating func compileChanging(
        _ operation: IR.Operation, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) -> Bool {
        switch operation {
        case .arrayAppend(let value, let array): emit(.append, try read(value, &builder), write(array))
        case .setAdd(let value, let set): emit(.setAdd, try read(value, &builder), write(set))
        case .objectInsert(let key, let value, let object):
            emit(.insert, try read(key, &builder), try read(value, &builder), write(object))
        case .objectInsertOnce(let key, let value, let object):
            emit(.insertOnce, try read(key, &builder), try read(value, &builder), write(object))
        case .objectMerge(let a, let b, let target):
            let (a, b) = (read(a), read(b))
            emit(.merge, a, b, write(target))
        default: return false
        }
        return true
    }

    /// Statements that may be undefined and do nothing else of note.
    private mutating func compileTest(
        _ operation: IR.Operation, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) -> Bool {
        switch operation {
        case .dot(let source, let key, let target):
            let isData = isData(source)
            let (source, key) = (try read(source, &builder), try read(key, &builder))
            test(isData ? .dotData : .dot, source, key, write(target))
            if isData { dataLocals.insert(target) }
        case .len(let source, let target):
            let source = try read(source, &builder)
            test(.length, source, write(target))
        case .equal(let a, let b): test(.equal, try read(a, &builder), try read(b, &builder))
        case .notEqual(let a, let b): test(.notEqual, try read(a, &builder), try read(b, &builder))
        case .isArray(let source): test(.isArray, try read(source, &builder))
        case .isObject(let source): test(.isObject, try read(source, &builder))
        case .isSet(let source): test(.isSet, try read(source, &builder))
        case .isDefined(let local): test(.isDefined, read(local))
        case .isUndefined(let local): test(.isUndefined, read(local))
        case .nop: break
        default: return false
        }
        return true
    }

    private mutating func compileControl(
        _ operation: IR.Operation, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        switch operation {
        case .block(let blocks): for block in blocks { try compile(block, &builder) }
        case .break(let index): try compileBreak(index)
        case .call(let function, let arguments, let result): try compileCall(function, arguments, result, &builder)
        case .callDynamic(let path, let arguments, let result):
            try compileDynamicCall(path, arguments, result, &builder)
        case .not(let block): try compileNot(block, &builder)
        case .scan(let source, let key, let value, let block): try compileScan(source, key, value, block, &builder)
        case .with(let local, let path, let value, let block): try compileWith(local, path, value, block, &builder)
        case .observe(let observation):
            let list = builder.list(observation.variables.map { read($0.local) })
            emit(.observe, try builder.observe(observation), list)
        case .resultSetAdd(let local): emit(.resultAdd, read(local))
        case .returnLocal(let local):
            let value = read(local)
            restore(downTo: 0)
            emit(.returnValue, value)
        default: throw problem("has a statement that is not known")
        }
    }
}

// MARK: - Control

extension FunctionCompiler {
    private mutating func compileBreak(_ index: Int) throws(GatehouseError) {
        guard scopes.indices.contains(scopes.count - 1 - index) else {
            throw problem("breaks out of block \(index), which does not exist")
        }
        restore(downTo: scopes.count - index)
        emit(.jump, to: scopes[scopes.count - 1 - index].end)
    }

    /// Puts back what the scopes from the innermost down to `floor` have replaced.
    private mutating func restore(downTo floor: Int) {
        for scope in scopes[floor...].reversed() {
            if let restore = scope.restore { emit(restore.code, restore.a, restore.b) }
        }
    }

    private mutating func compileNot(_ block: IR.Block, _ builder: inout ProgramBuilder) throws(GatehouseError) {
        let holds = makeLabel()
        negations += 1
        try compile(block, endingAt: holds, &builder)
        negations -= 1
        emit(.jump, to: undefined)
        bind(holds)
    }

    private mutating func compileScan(
        _ source: IR.Local, _ key: IR.Local, _ value: IR.Local, _ block: IR.Block, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        let (next, end) = (makeLabel(), makeLabel())
        let iterator = makeRegister()
        _ = makeRegister()
        let source = read(source)
        let isOutermost = seenBeforeLoop == nil
        if isOutermost { seenBeforeLoop = seen }
        emit(.scanStart, source, iterator, to: end)
        bind(next)
        emit(.scanNext, write(key), iterator, write(value), to: end)
        try compile(block, endingAt: next, &builder)
        emit(.jump, to: next)
        bind(end)
        if isOutermost { seenBeforeLoop = nil }
    }

    private mutating func compileWith(
        _ local: IR.Local, _ path: [Int], _ value: IR.Operand, _ block: IR.Block, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        guard path.count <= EvaluationLimits.depth else { throw problem("replaces at a path that is too long") }
        let fails = makeLabel()
        let saved = makeRegister()
        let value = try read(value, &builder)
        let register = write(local)
        var list = [saved]
        for index in path { list.append(builder.constant(RegoValue(try string(index, builder)))) }
        test(.withStart, value, register, builder.list(list))
        let restore = Instruction(code: .withEnd, a: saved, b: register)
        try compile(block, endingAt: fails, restoring: restore, &builder)
        emit(.withEnd, saved, register)
        let end = makeLabel()
        emit(.jump, to: end)
        bind(fails)
        emit(.withEnd, saved, register)
        emit(.jump, to: undefined)
        bind(end)
    }

    private mutating func compileCall(
        _ function: String, _ arguments: [IR.Operand], _ result: IR.Local, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        var operands: [Int32] = []
        for argument in arguments { operands.append(try read(argument, &builder)) }
        if let index = builder.functionIndex[function] {
            let wanted = builder.policy.functions[index].parameters.count
            guard operands.count == wanted else {
                throw problem("calls \(function) with \(operands.count) arguments instead of \(wanted)")
            }
            let index = Int32(truncatingIfNeeded: index)
            let list = builder.list(operands)
            let code: Instruction.Code = !isOfQuery(operands) ? .call : operands.count == 2 ? .callRule : .callFunction
            test(code, index, list, write(result))
        } else if let index = builder.builtin(function) {
            try checkCount(operands.count, of: builder.builtins[Int(index)])
            let list = builder.list(operands)
            test(.callBuiltin, index, list, write(result))
        } else {
            throw GatehouseError("rego", .unsupported, "the policy calls \(function), which this engine does not have")
        }
    }

    /// Builtins rely on as many arguments as they declare.
    private func checkCount(_ count: Int, of builtin: Builtin) throws(GatehouseError) {
        let wanted = builtin.declaration.arguments.count
        guard count == wanted || builtin.declaration.isVariadic && count >= wanted - 1 else {
            throw problem("calls \(builtin.name) with \(count) arguments instead of \(wanted)")
        }
    }

    /// Whether the first arguments are the `input` and `data` of the caller, hence of the query.
    private func isOfQuery(_ operands: [Int32]) -> Bool {
        operands.count >= 2 && operands[0] == 0 && operands[1] == 1 && parameters.count >= 2
            && parameters.prefix(2).allSatisfy(use.isOnlyReplaced)
    }

    private mutating func compileDynamicCall(
        _ path: [IR.Operand], _ arguments: [IR.Local], _ result: IR.Local, _ builder: inout ProgramBuilder
    ) throws(GatehouseError) {
        var operands: [Int32] = []
        for part in path { operands.append(try read(part, &builder)) }
        let pathList = builder.list(operands)
        let arguments = arguments.map { read($0) }
        let argumentList = builder.list(arguments)
        test(.callDynamic, pathList, argumentList, write(result))
    }
}

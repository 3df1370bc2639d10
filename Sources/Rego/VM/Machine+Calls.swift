extension Machine {
    @inline(__always)
    mutating func callRule(_ step: Instruction) throws(EvaluationError) {
        guard let known = rules.find(Int(step.a)) else { return try call(Int(step.a), list: step.b, isRule: true) }
        if known == nil { at = Int(step.target) } else { register(step.c).pointee = known }
    }

    mutating func callFunction(_ step: Instruction) throws(EvaluationError) {
        guard !expensive.isEmpty, expensive.contains(Int(step.a)) else {
            return try call(Int(step.a), list: step.b, isRule: false)
        }
        let operands = lists + Int(step.b)
        var key = RegoArray(reserving: Int(operands[0]) - 2)
        for position in 2..<Int(operands[0]) {
            guard let argument = pointer(operands[position + 1]).pointee else {
                return try call(Int(step.a), list: step.b, isRule: false)
            }
            key.append(argument)
        }
        let kept = RuleCache.Call(function: Int(step.a), arguments: key)
        guard let known = rules.find(kept) else {
            try charge(memory: 256 + key.count * 16)
            return try call(Int(step.a), list: step.b, isRule: false, kept: kept)
        }
        if known == nil { at = Int(step.target) } else { register(step.c).pointee = known }
    }

    /// Enters a function. The call is the instruction before `at`.
    mutating func call(_ function: Int, list: Int32, isRule: Bool, kept: RuleCache.Call? = nil) throws(EvaluationError)
    {
        guard frames.count < options.limits.callDepth else {
            throw limit("more than \(options.limits.callDepth) calls are within each other")
        }
        let callee = program.functions.pointer + function
        let (start, count) = (callee.pointee.start, callee.pointee.registers)
        guard top + count <= Self.greatestRegisters else {
            throw limit("the calls within each other have too many locals")
        }
        steps &+= count >> 6
        reserve(count)
        let window = registers + top
        let operands = lists + Int(list)
        let given = Swift.min(Int(operands[0]), count)
        for position in 0..<given { (window + position).initialize(to: pointer(operands[position + 1]).pointee) }
        (window + given).initialize(repeating: nil, count: count - given)
        frames.append(Frame(call: at - 1, base: base, function: function, isRule: isRule, steps: steps, kept: kept))
        base = top
        top += count
        at = start
    }

    /// Leaves a function with its value, nil when it is undefined. Returns whether that ended the plan.
    mutating func leave(with value: RegoValue?) -> Bool {
        guard let frame = frames.popLast() else { return true }
        (registers + base).deinitialize(count: top - base)
        top = base
        base = frame.base
        let step = code[frame.call]
        if frame.isRule {
            rules.keep(value, of: frame.function, count: program.functions.count)
        } else if let kept = frame.kept {
            rules.keep(value, of: kept)
        } else if steps - frame.steps > Self.expensiveSteps {
            expensive.insert(frame.function)
        }
        if value == nil {
            at = Int(step.target)
        } else {
            at = frame.call + 1
            register(step.c).pointee = value
        }
        return false
    }

    mutating func callDynamic(_ step: Instruction) throws(EvaluationError) {
        let parts = lists + Int(step.a)
        var path = RegoArray()
        for position in 0..<Int(parts[0]) {
            guard let part = pointer(parts[position + 1]).pointee else { break }
            path.append(part)
        }
        guard let function = program.functionByPath[.array(path)],
            Int(lists[Int(step.b)]) == program.functions.pointer[function].parameters
        else {
            at = Int(step.target)
            return
        }
        try call(function, list: step.b, isRule: false)
    }

    mutating func callBuiltin(_ step: Instruction) throws(EvaluationError) {
        let operands = lists + Int(step.b)
        arguments.removeAll(keepingCapacity: true)
        for position in 0..<Int(operands[0]) {
            guard let argument = pointer(operands[position + 1]).pointee else {
                at = Int(step.target)
                return
            }
            arguments.append(argument)
        }
        let entry = program.builtins.pointer + Int(step.a)
        var result = try entry.pointee.isKept ? keptAnswer(entry, step.a) : answer(entry)
        guard result != nil else {
            at = Int(step.target)
            return
        }
        try account(for: &result)
        register(step.c).pointee = result
    }

    /// The first answer in this query to these arguments: `rand.intn`, `uuid.rfc4122`, `http.send`.
    private mutating func keptAnswer(
        _ entry: UnsafePointer<Program.BuiltinEntry>, _ index: Int32
    ) throws(EvaluationError) -> RegoValue? {
        let key = RegoArray(arguments)
        if let known = answers[index]?[key] { return known }
        let answer = try answer(entry)
        try charge(memory: 256 + arguments.count * 32)
        answers[index, default: [:]][key] = .some(answer)
        return answer
    }

    private mutating func answer(_ entry: UnsafePointer<Program.BuiltinEntry>) throws(EvaluationError) -> RegoValue? {
        let context = preparedContext()
        defer { (steps, memory) = (context.steps, context.memory) }
        do throws(BuiltinError) {
            return try entry.pointee.run(arguments, context)
        } catch {
            guard error.isFatal || options.isStrict else { return nil }
            throw failure(of: error, in: entry.pointee.name)
        }
    }

    private mutating func preparedContext() -> BuiltinContext {
        let prepared = context ?? makeContext()
        (prepared.steps, prepared.memory) = (steps, memory)
        if options.print != nil { prepared.place = program.place(ofInstruction: at - 1) }
        if let observation {
            prepared.observation = observation
            observation.builtinCall = (instruction: at - 1, frame: frames.count)
        }
        return prepared
    }

    private mutating func makeContext() -> BuiltinContext {
        let made = options.makeContext()
        if let deadline { made.deadline = deadline }
        context = made
        return made
    }

    private func failure(of error: BuiltinError, in name: String) -> EvaluationError {
        // So builtins say that one of the limits was passed.
        if error.code == .cancelled { return failure(.limit, error.message) }
        return failure(EvaluationError.Code(rawValue: error.code.rawValue) ?? .internal, "\(name): \(error.message)")
    }

    /// Counts the memory of a value that nobody else holds, hence is new.
    private mutating func account(for result: inout RegoValue?) throws(EvaluationError) {
        switch result {
        case .string(let string):
            result = nil
            try charge(memory: string.utf8Count)
            try checkSize(string.utf8Count, 0)
            result = .string(string)
        case .array(var array):
            result = nil
            if isKnownUniquelyReferenced(&array.storage) { try charge(memory: 64 + array.count * 16) }
            try checkSize(array.size, array.depth)
            result = .array(array)
        case .object(var object):
            result = nil
            if isKnownUniquelyReferenced(&object.table.storage) { try charge(memory: 96 + object.count * 48) }
            try checkSize(object.size, object.depth)
            result = .object(object)
        case .set(var set):
            result = nil
            if isKnownUniquelyReferenced(&set.table.storage) { try charge(memory: 96 + set.count * 32) }
            try checkSize(set.size, set.depth)
            result = .set(set)
        case .number, .bool, .null, nil: break
        }
    }
}

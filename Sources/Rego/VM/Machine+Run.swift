extension Machine {
    /// Runs from `at` until the plan returns.
    mutating func run() throws(EvaluationError) {
        while true {
            let step = code[at]
            at += 1
            steps &+= 1
            if steps >= nextCheck { try check() }
            switch step.code {
            case .assign: register(step.b).pointee = pointer(step.a).pointee
            case .dot, .dotData: dot(step)
            case .equal, .notEqual: compare(step)
            case .scanNext: scanNext(step)
            case .isDefined: goOn(pointer(step.a).pointee != nil, step)
            case .isUndefined: goOn(pointer(step.a).pointee == nil, step)
            case .jump: at = Int(step.target)
            case .callRule: try callRule(step)
            case .call: try call(Int(step.a), list: step.b, isRule: false)
            case .callFunction: try callFunction(step)
            case .callBuiltin: try callBuiltin(step)
            case .returnValue:
                if leave(with: pointer(step.a).pointee) { return }
            case .returnUndefined:
                if leave(with: nil) { return }
            default: try runSeldom(step)
            }
        }
    }

    private mutating func runSeldom(_ step: Instruction) throws(EvaluationError) {
        switch step.code {
        case .scanStart: scanStart(step)
        case .assignOnce: try assignOnce(step)
        case .makeArray: register(step.b).pointee = .array(RegoArray(reserving: Int(step.a)))
        case .append: try append(step)
        case .setAdd: try setAdd(step)
        case .insert: try insert(step)
        case .insertOnce: try insertOnce(step)
        case .merge: try merge(step)
        case .isArray, .isObject, .isSet: testKind(step)
        case .length: length(step)
        case .callDynamic: try callDynamic(step)
        case .resultAdd: try addResult(step)
        case .withStart: try withStart(step)
        case .withEnd: withEnd(step)
        case .select: select(step)
        case .selectNext: selectNext(step)
        case .observe: observe(step)
        default: throw failure(.internal, "an instruction is not known")
        }
    }

    private mutating func addResult(_ step: Instruction) throws(EvaluationError) {
        guard let value = pointer(step.a).pointee, results.insert(value) else { return }
        try charge(memory: 48)
        try checkSize(results.size, results.depth)
    }

    // MARK: Rules passed over

    private mutating func select(_ step: Instruction) {
        guard passesOver else { return }
        let list = Int(step.c)
        let value = pointer(step.a).pointee
        let matching = value.flatMap { pointer(lists[list]).pointee?[$0] }
        register(step.b).pointee = matching ?? .number(.int(list + 1))
        register(step.b + 1).pointee = .number(.int(list + 2))
        selectNext(step)
    }

    /// Both lists are in the order of the blocks and end with the place after the last.
    private mutating func selectNext(_ step: Instruction) {
        let cursors = register(step.b)
        guard case .number(.int(let matching))? = cursors[0], case .number(.int(let always))? = cursors[1] else {
            return
        }
        if lists[matching] <= lists[always] {
            at = Int(lists[matching])
            cursors[0] = .number(.int(matching + 1))
        } else {
            at = Int(lists[always])
            cursors[1] = .number(.int(always + 1))
        }
    }

    @inline(__always)
    mutating func goOn(_ isDefined: Bool, _ step: Instruction) {
        if !isDefined { at = Int(step.target) }
    }

    private mutating func testKind(_ step: Instruction) {
        let kind = pointer(step.a).pointee?.kind
        switch step.code {
        case .isArray: goOn(kind == .array, step)
        case .isObject: goOn(kind == .object, step)
        default: goOn(kind == .set, step)
        }
    }

    @inline(__always)
    private mutating func compare(_ step: Instruction) {
        let (left, right) = (pointer(step.a), pointer(step.b))
        guard let left = left.pointee, let right = right.pointee else {
            at = Int(step.target)
            return
        }
        let areEqual = left == right
        // Only what is equal is compared to its end.
        if areEqual { steps &+= left.size >> 8 }
        goOn(areEqual == (step.code == .equal), step)
    }

    @inline(__always)
    private mutating func dot(_ step: Instruction) {
        let (source, key) = (pointer(step.a), pointer(step.b))
        if let key = key.pointee, let found = source.pointee?[key] {
            if key.depth > 0 { steps &+= key.size >> 8 }
            register(step.c).pointee = found
        } else if step.code == .dotData, let named = named(step) {
            register(step.c).pointee = named
        } else {
            at = Int(step.target)
        }
    }

    private func named(_ step: Instruction) -> RegoValue? {
        guard case .object(let object)? = pointer(step.a).pointee, case .number(let number)? = pointer(step.b).pointee
        else {
            return nil
        }
        return object[number.spelling]
    }

    private mutating func length(_ step: Instruction) {
        let count: Int? =
            switch pointer(step.a).pointee {
            case .array(let array): array.count
            case .object(let object): object.count
            case .set(let set): set.count
            case .string(let string): string.text.unicodeScalars.count
            default: nil
            }
        if let count { register(step.b).pointee = .number(.int(count)) } else { at = Int(step.target) }
    }

    // MARK: Limits

    /// Looks at steps, time and cancellation, and sets when to look again.
    private mutating func check() throws(EvaluationError) {
        let limits = options.limits
        guard steps <= limits.steps else { throw limit("it takes more than \(limits.steps) steps") }
        nextCheck = steps + Swift.min(limits.steps - steps, Self.stepsBetweenChecks - 1) + 1
        let now = ContinuousClock.now
        if let deadline {
            guard now < deadline else { throw limit("it takes longer than \(limits.time)") }
        } else {
            deadline = now + limits.time
        }
        if let isCancelled = options.isCancelled, isCancelled() {
            throw failure(.cancelled, "the evaluation was cancelled")
        }
    }

    mutating func charge(memory bytes: Int) throws(EvaluationError) {
        memory = Size.sum(memory, bytes)
        guard memory <= options.limits.memory else { throw limit("it needs more than \(options.limits.memory) bytes") }
    }

    func checkSize(_ size: Int, _ depth: Int) throws(EvaluationError) {
        guard size <= options.limits.valueSize else {
            throw limit("a value is larger than \(options.limits.valueSize) bytes")
        }
        guard depth <= EvaluationLimits.depth else {
            throw limit("a value has more than \(EvaluationLimits.depth) containers within each other")
        }
    }
}

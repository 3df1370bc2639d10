/// Containers are taken out of their register while they change, so that nobody else holds them and nothing is copied.
extension Machine {
    mutating func assignOnce(_ step: Instruction) throws(EvaluationError) {
        let target = register(step.b)
        guard let value = pointer(step.a).pointee else { return }
        if let known = target.pointee {
            guard known == value else { throw outputConflict }
        } else {
            target.pointee = value
        }
    }

    private var outputConflict: EvaluationError {
        let isFunction = frames.last.map { program.functions.pointer[$0.function].parameters > 2 } ?? false
        return failure(
            .conflict,
            isFunction
                ? "functions must not produce multiple outputs for same inputs"
                : "complete rules must not produce multiple outputs")
    }

    mutating func append(_ step: Instruction) throws(EvaluationError) {
        let target = register(step.b)
        guard let value = pointer(step.a).pointee, case .array(var array)? = target.pointee else { throw misuse }
        target.pointee = nil
        array.append(value)
        try charge(memory: 16)
        try checkSize(array.size, array.depth)
        target.pointee = .array(array)
    }

    mutating func setAdd(_ step: Instruction) throws(EvaluationError) {
        let target = register(step.b)
        guard let value = pointer(step.a).pointee, case .set(var set)? = target.pointee else { throw misuse }
        target.pointee = nil
        steps &+= value.size >> 8
        if set.insert(value) { try charge(memory: 32) }
        try checkSize(set.size, set.depth)
        target.pointee = .set(set)
    }

    mutating func insert(_ step: Instruction) throws(EvaluationError) {
        let target = register(step.c)
        guard let key = pointer(step.a).pointee, let value = pointer(step.b).pointee,
            case .object(var object)? = target.pointee
        else { throw misuse }
        target.pointee = nil
        object.updateValue(value, forKey: key)
        try charge(memory: 48)
        try checkSize(object.size, object.depth)
        target.pointee = .object(object)
    }

    mutating func insertOnce(_ step: Instruction) throws(EvaluationError) {
        guard let key = pointer(step.a).pointee, let value = pointer(step.b).pointee,
            case .object(let object)? = register(step.c).pointee
        else { throw misuse }
        if let known = object[key] {
            guard known == value else { throw failure(.conflict, "object keys must be unique") }
            return
        }
        try insert(step)
    }

    private var misuse: EvaluationError {
        failure(.internal, "the compiled policy changes something that is no container, or to something undefined")
    }

    /// Both objects, those within them merged likewise; where both have a value, that of `a` counts.
    mutating func merge(_ step: Instruction) throws(EvaluationError) {
        let (a, b) = (pointer(step.a).pointee, pointer(step.b).pointee)
        guard let a else {
            register(step.c).pointee = b
            return
        }
        var cost = 0
        let merged = b.map { Self.merge($0, under: a, &cost) } ?? a
        try charge(memory: cost * 48)
        try checkSize(merged.size, merged.depth)
        register(step.c).pointee = merged
    }

    private static func merge(_ base: RegoValue, under top: RegoValue, _ cost: inout Int) -> RegoValue {
        guard case .object(var base) = base, case .object(let top) = top else { return top }
        cost += base.count + top.count
        for (key, value) in top {
            let merged = base[key].map { merge($0, under: value, &cost) } ?? value
            base.updateValue(merged, forKey: key)
        }
        return .object(base)
    }

    // MARK: Scans

    /// The collection goes to the iterator's first register, the next place to its second.
    mutating func scanStart(_ step: Instruction) {
        let source = pointer(step.a).pointee
        switch source {
        case .array, .object, .set:
            register(step.b).pointee = source
            register(step.b + 1).pointee = .number(.int(0))
        default: at = Int(step.target)
        }
    }

    @inline(__always)
    mutating func scanNext(_ step: Instruction) {
        let iterator = register(step.b)
        guard case .number(.int(let position))? = iterator[1] else { return endScan(step) }
        switch iterator.pointee {
        case .array(let array):
            guard position < array.count else { return endScan(step) }
            if step.a >= 0 { register(step.a).pointee = .number(.int(position)) }
            if step.c >= 0 { register(step.c).pointee = array[position] }
        case .object(let object):
            guard position < object.count else { return endScan(step) }
            let member = object[position]
            if step.a >= 0 { register(step.a).pointee = member.key }
            if step.c >= 0 { register(step.c).pointee = member.value }
        case .set(let set):
            guard position < set.count else { return endScan(step) }
            let element = set[position]
            if step.a >= 0 { register(step.a).pointee = element }
            if step.c >= 0 { register(step.c).pointee = element }
        default: return endScan(step)
        }
        iterator[1] = .number(.int(position + 1))
    }

    private mutating func endScan(_ step: Instruction) {
        register(step.b).pointee = nil
        at = Int(step.target)
    }

    // MARK: With

    mutating func withStart(_ step: Instruction) throws(EvaluationError) {
        let list = lists + Int(step.c)
        let length = Int(list[0]) - 1
        let value = pointer(step.a).pointee
        // The whole may become undefined, as it was before another `with`; a part may not.
        if value == nil && length > 0 { return goOn(false, step) }
        let target = register(step.b)
        register(list[1]).pointee = target.pointee
        var cost = 0
        let changed = value.map { upsert($0, into: target.pointee, path: list + 2, count: length, &cost) }
        try charge(memory: cost * 48)
        if let changed { try checkSize(changed.size, changed.depth) }
        target.pointee = changed
        rules.push()
    }

    mutating func withEnd(_ step: Instruction) {
        let saved = register(step.a)
        register(step.b).pointee = saved.pointee
        saved.pointee = nil
        rules.pop()
    }

    /// The value put at a path, through objects that are made where there are none.
    private func upsert(
        _ value: RegoValue, into base: RegoValue?, path: UnsafePointer<Int32>, count: Int, _ cost: inout Int
    ) -> RegoValue {
        guard count > 0, let key = pointer(path[0]).pointee else { return value }
        var object = base?.object ?? RegoObject()
        cost += object.count + 1
        object.updateValue(upsert(value, into: object[key], path: path + 1, count: count - 1, &cost), forKey: key)
        return .object(object)
    }
}

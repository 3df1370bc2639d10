/// `array.*`
enum ArrayBuiltins {
    static let all: [Builtin] = [
        Builtin("array.concat", [.anyArray, .anyArray], .anyArray, run: concat),
        Builtin("array.flatten", [.anyArray], .anyArray, run: flatten),
        Builtin("array.reverse", [.anyArray], .anyArray) { arguments, context throws(BuiltinError) in
            let array = try arguments.array(0)
            try context.charge(steps: array.count)
            return .array(RegoArray(array.reversed()))
        },
        Builtin("array.slice", [.anyArray, .number, .number], .anyArray, run: slice),
    ]

    private static func concat(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var (left, right) = (try arguments.array(0), try arguments.array(1))
        try context.charge(steps: left.count + right.count)
        for element in right { left.append(element) }
        return .array(left)
    }

    /// By one level.
    private static func flatten(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?
    {
        var flat = RegoArray()
        for element in try arguments.array(0) {
            guard case .array(let inner) = element else {
                flat.append(element)
                continue
            }
            try context.charge(steps: inner.count)
            for element in inner { flat.append(element) }
        }
        return .array(flat)
    }

    private static func slice(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let array = try arguments.array(0)
        let start = max(try arguments.int(1), 0)
        let end = min(try arguments.int(2), array.count)
        guard start < end else { return .array(RegoArray()) }
        try context.charge(steps: end - start)
        return .array(RegoArray(array[start..<end]))
    }
}

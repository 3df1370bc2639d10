internal import BigInt

/// Arithmetic, ranges and random numbers.
enum NumberBuiltins {
    static let all: [Builtin] = [
        arithmetic("plus", "+", NumberArithmetic.add),
        arithmetic("mul", "*", NumberArithmetic.multiply),
        arithmetic("div", "/", NumberArithmetic.divide),
        Builtin(
            "minus", [.either(.number, .anySet), .either(.number, .anySet)], .either(.number, .anySet), infix: "-",
            run: minus),
        Builtin("rem", [.number, .number], .number, infix: "%", run: remainder),
        Builtin("abs", [.number], .number) { arguments, _ throws(BuiltinError) in
            let number = try arguments.number(0)
            return .number(number.isNegative ? try NumberArithmetic.subtract(0, number) : number)
        },
        rounding("round", .nearest),
        rounding("ceil", .up),
        rounding("floor", .down),
        Builtin("numbers.range", [.number, .number], .array(of: .number), run: range),
        Builtin("numbers.range_step", [.number, .number, .number], .array(of: .number), run: rangeStep),
        Builtin("rand.intn", [.string, .number], .number, isPure: false, run: random),
    ]

    private static func arithmetic(
        _ name: String, _ infix: String,
        _ compute: @escaping @Sendable (RegoNumber, RegoNumber) throws(BuiltinError) -> RegoNumber
    ) -> Builtin {
        Builtin(name, [.number, .number], .number, infix: infix) { arguments, _ throws(BuiltinError) in
            .number(try compute(try arguments.number(0), try arguments.number(1)))
        }
    }

    private static func rounding(_ name: String, _ rounding: NumberArithmetic.Rounding) -> Builtin {
        Builtin(name, [.number], .number) { arguments, _ throws(BuiltinError) in
            .number(try NumberArithmetic.round(try arguments.number(0), rounding))
        }
    }

    private static func minus(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        switch arguments[0] {
        case .number(let left): return .number(try NumberArithmetic.subtract(left, try arguments.number(1)))
        case .set(let left): return .set(left.subtracting(try arguments.set(1)))
        default: throw .operand(1, arguments[0], mustBe: .number, .set)
        }
    }

    private static func remainder(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let (left, right) = (try arguments.number(0), try arguments.number(1))
        if case .int(let left) = left, case .int(let right) = right, right != 0, right != -1 {
            return RegoValue(left % right)
        }
        guard let left = left.bigInt, let right = right.bigInt else {
            throw .failure("modulo on floating-point number")
        }
        return .number(try NumberArithmetic.remainder(left, right))
    }

    private static func range(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        try numbers(try arguments.integer(0), try arguments.integer(1), step: 1, context)
    }

    private static func rangeStep(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let (first, last) = (try arguments.integer(0), try arguments.integer(1))
        let step = try arguments.integer(2)
        guard step.signum() > 0 else { throw .failure("numbers.range_step: step must be a positive number above zero") }
        return try numbers(first, last, step: step, context)
    }

    private static func numbers(
        _ first: BigInt, _ last: BigInt, step: BigInt, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let span = BigInt((last - first).magnitude) / step + 1
        let count = Int(clamping: span)
        try context.charge(steps: count)
        try context.charge(memory: Size.product(count, 40))
        var numbers = RegoArray(reserving: count)
        let signed = last >= first ? step : -step
        var number = first
        for _ in 0..<count {
            numbers.append(.number(RegoNumber(number)))
            number += signed
        }
        return .array(numbers)
    }

    /// The same for the same name and bound throughout a query.
    private static func random(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let name = try arguments.string(0)
        let bound = try arguments.int(1)
        if bound == 0 { return 0 }
        let key = "rand.intn \(bound) \(name.text)"
        if let drawn = context.cache[key] as? Int { return RegoValue(drawn) }
        guard bound != Int.min else { throw .operand(2, "must be an integer that fits in 64 bits") }
        var generator = SeededGenerator.of(context)
        let drawn = Int.random(in: 0..<abs(bound), using: &generator)
        context.cache[SeededGenerator.key] = generator
        context.cache[key] = drawn
        return RegoValue(drawn)
    }
}

/// SplitMix64: all that is random within a query comes from its seed. Not for secrets.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    var state: UInt64

    static let key = "random state"

    static func of(_ context: BuiltinContext) -> SeededGenerator {
        context.cache[key] as? SeededGenerator ?? SeededGenerator(state: context.seed)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension Size {
    static func product(_ left: Int, _ right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? greatest : Swift.min(product, greatest)
    }
}

internal import BigInt

/// Operations on the bits of integers of any size, in two's complement.
enum BitsBuiltins {
    static let all: [Builtin] = [
        binary("bits.and") { $0 & $1 },
        binary("bits.or") { $0 | $1 },
        binary("bits.xor") { $0 ^ $1 },
        Builtin("bits.negate", [.number], .number) { arguments, _ throws(BuiltinError) in
            .number(RegoNumber(~(try arguments.integer(0))))
        },
        Builtin("bits.lsh", [.number, .number], .number) { arguments, context throws(BuiltinError) in
            let (value, count) = (try arguments.integer(0), try shift(arguments))
            guard value.signum() != 0 else { return 0 }
            try context.charge(memory: count / 4 + value.bitWidth / 4)
            guard count <= greatestShift else { throw .failure("a shift by \(count) bits is too large") }
            return .number(RegoNumber(value << count))
        },
        Builtin("bits.rsh", [.number, .number], .number) { arguments, _ throws(BuiltinError) in
            let (value, count) = (try arguments.integer(0), try shift(arguments))
            if count >= value.bitWidth { return value.signum() < 0 ? -1 : 0 }
            return .number(RegoNumber(value >> count))
        },
    ]

    private static let greatestShift = 1 << 15

    private static func binary(_ name: String, _ compute: @escaping @Sendable (BigInt, BigInt) -> BigInt) -> Builtin {
        Builtin(name, [.number, .number], .number) { arguments, _ throws(BuiltinError) in
            .number(RegoNumber(compute(try arguments.integer(0), try arguments.integer(1))))
        }
    }

    private static func shift(_ arguments: [RegoValue]) throws(BuiltinError) -> Int {
        let count = try arguments.integer(1)
        guard count.signum() >= 0 else {
            throw .operand(2, "must be an unsigned integer number but got a negative integer")
        }
        return Int(clamping: count)
    }
}

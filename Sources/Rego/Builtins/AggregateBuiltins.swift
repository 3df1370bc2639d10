/// What reduces a collection to one value, and sorting.
enum AggregateBuiltins {
    private static let collection = RegoType.either(.anySet, .anyArray)
    private static let numbers = RegoType.either(.set(.number), .array(of: .number))

    static let all: [Builtin] = [
        Builtin("count", [.either(.anySet, .anyArray, .anyObject, .string)], .number, run: count),
        fold("sum", 0, NumberArithmetic.add),
        fold("product", 1, NumberArithmetic.multiply),
        Builtin("max", [collection], .any) { arguments, context throws(BuiltinError) in
            try greatest(arguments, context, sign: 1)
        },
        Builtin("min", [collection], .any) { arguments, context throws(BuiltinError) in
            try greatest(arguments, context, sign: -1)
        },
        Builtin("sort", [collection], .anyArray, run: sort),
        Builtin("all", [collection], .boolean) { arguments, _ throws(BuiltinError) in
            .bool(try arguments.elements(0).allSatisfy { $0 == true })
        },
        Builtin("any", [collection], .boolean) { arguments, _ throws(BuiltinError) in
            .bool(try arguments.elements(0).contains(true))
        },
    ]

    private static func count(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        switch arguments[0] {
        case .array, .object, .set: return RegoValue(arguments[0].memberCount)
        case .string(let string): return RegoValue(string.text.unicodeScalars.count)
        default: throw .operand(1, arguments[0], mustBe: .array, .object, .set, .string)
        }
    }

    private static func fold(
        _ name: String, _ start: RegoNumber,
        _ combine: @escaping @Sendable (RegoNumber, RegoNumber) throws(BuiltinError) -> RegoNumber
    ) -> Builtin {
        Builtin(name, [numbers], .number) { arguments, context throws(BuiltinError) in
            let elements = try arguments.elements(0)
            try context.charge(steps: elements.count)
            var result = start
            for element in elements {
                guard case .number(let number) = element else {
                    throw .element(1, arguments[0], element, mustBe: "number")
                }
                result = try combine(result, number)
            }
            return .number(result)
        }
    }

    private static func greatest(
        _ arguments: [RegoValue], _ context: BuiltinContext, sign: Int
    ) throws(BuiltinError) -> RegoValue? {
        if case .set(let set) = arguments[0] { return sign > 0 ? set.last : set.first }
        let elements = try arguments.elements(0)
        try context.charge(steps: elements.count)
        return elements.max { RegoValue.ordering($0, $1) * sign < 0 }
    }

    private static func sort(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        if case .set(let set) = arguments[0] { return .array(RegoArray(set)) }
        let elements = try arguments.elements(0)
        try context.charge(steps: Size.product(elements.count, 4))
        return .array(RegoArray(elements.sorted()))
    }
}

/// Comparison, and membership as `in` has it.
enum ComparisonBuiltins {
    static let all: [Builtin] =
        [
            comparison("equal", "==") { $0 == $1 },
            comparison("eq", "=") { $0 == $1 },
            comparison("neq", "!=") { $0 != $1 },
            comparison("lt", "<") { RegoValue.ordering($0, $1) < 0 },
            comparison("lte", "<=") { RegoValue.ordering($0, $1) <= 0 },
            comparison("gt", ">") { RegoValue.ordering($0, $1) > 0 },
            comparison("gte", ">=") { RegoValue.ordering($0, $1) >= 0 },
            Builtin("internal.member_2", [.any, .any], .boolean, infix: "in", run: member),
            Builtin("internal.member_3", [.any, .any, .any], .boolean, infix: "in", run: memberAt),
        ]

    private static func comparison(
        _ name: String, _ infix: String, _ holds: @escaping @Sendable (RegoValue, RegoValue) -> Bool
    ) -> Builtin {
        Builtin(name, [.any, .any], .boolean, infix: infix) { arguments, _ in .bool(holds(arguments[0], arguments[1])) }
    }

    private static func member(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let wanted = arguments[0]
        try context.charge(steps: arguments[1].memberCount)
        switch arguments[1] {
        case .array(let array): return .bool(array.contains(wanted))
        case .set(let set): return .bool(set.contains(wanted))
        case .object(let object): return .bool(object.contains { $0.value == wanted })
        default: return false
        }
    }

    private static func memberAt(_ arguments: [RegoValue], _: BuiltinContext) -> RegoValue? {
        let (key, value) = (arguments[0], arguments[1])
        switch arguments[2] {
        case .array, .object, .set: return .bool(arguments[2][key] == value)
        default: return false
        }
    }
}

extension RegoValue {
    /// Elements or members; 0 for a scalar.
    var memberCount: Int {
        switch self {
        case .array(let array): array.count
        case .set(let set): set.count
        case .object(let object): object.count
        default: 0
        }
    }
}

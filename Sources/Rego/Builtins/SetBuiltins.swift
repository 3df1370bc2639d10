/// Operations on sets.
enum SetBuiltins {
    static let all: [Builtin] = [
        Builtin("and", [.anySet, .anySet], .anySet, infix: "&") { arguments, context throws(BuiltinError) in
            let (left, right) = (try arguments.set(0), try arguments.set(1))
            try context.charge(steps: min(left.count, right.count))
            return .set(left.intersection(right))
        },
        Builtin("or", [.anySet, .anySet], .anySet, infix: "|") { arguments, context throws(BuiltinError) in
            let (left, right) = (try arguments.set(0), try arguments.set(1))
            try context.charge(steps: left.count + right.count)
            return .set(left.union(right))
        },
        Builtin("set_diff", [.anySet, .anySet], .anySet) { arguments, context throws(BuiltinError) in
            let (left, right) = (try arguments.set(0), try arguments.set(1))
            try context.charge(steps: left.count)
            return .set(left.subtracting(right))
        },
        Builtin("intersection", [.set(.anySet)], .anySet, run: intersection),
        Builtin("union", [.set(.anySet)], .anySet, run: union),
    ]

    private static func intersection(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        var result: RegoSet?
        for set in try sets(arguments) {
            try context.charge(steps: set.count)
            result = result?.intersection(set) ?? set
        }
        return .set(result ?? RegoSet())
    }

    private static func union(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var result = RegoSet()
        for set in try sets(arguments) {
            try context.charge(steps: set.count)
            for element in set { result.insert(element) }
        }
        return .set(result)
    }

    private static func sets(_ arguments: [RegoValue]) throws(BuiltinError) -> [RegoSet] {
        var sets: [RegoSet] = []
        for element in try arguments.set(0) {
            guard case .set(let set) = element else { throw .element(1, arguments[0], element, mustBe: "set") }
            sets.append(set)
        }
        return sets
    }
}

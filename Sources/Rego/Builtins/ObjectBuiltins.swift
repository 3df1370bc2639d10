/// `object.*`
enum ObjectBuiltins {
    private static let keys = RegoType.either(.anyArray, .anySet, .anyObject)
    private static let subsetOperand = RegoType.either(.anyObject, .anySet, .anyArray)

    static let all: [Builtin] = [
        Builtin("object.get", [.anyObject, .any, .any], .any, run: get),
        Builtin("object.keys", [.anyObject], .anySet) { arguments, context throws(BuiltinError) in
            let object = try arguments.object(0)
            try context.charge(steps: object.count)
            return .set(RegoSet(object.keys))
        },
        Builtin("object.remove", [.anyObject, keys], .any) { arguments, context throws(BuiltinError) in
            let object = try arguments.object(0)
            let keys = try keySet(arguments)
            try context.charge(steps: object.count)
            return .object(RegoObject(object.lazy.filter { !keys.contains($0.key) }.map { ($0.key, $0.value) }))
        },
        Builtin("object.filter", [.anyObject, keys], .any) { arguments, context throws(BuiltinError) in
            let object = try arguments.object(0)
            let keys = try keySet(arguments)
            try context.charge(steps: object.count)
            return .object(RegoObject(object.lazy.filter { keys.contains($0.key) }.map { ($0.key, $0.value) }))
        },
        Builtin("object.union", [.anyObject, .anyObject], .any) { arguments, context throws(BuiltinError) in
            .object(try merge(try arguments.object(0), try arguments.object(1), context))
        },
        Builtin("object.union_n", [.array(of: .anyObject)], .any, run: unionOfAll),
        Builtin("object.subset", [subsetOperand, subsetOperand], .any, run: subset),
    ]

    private static func get(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let object = try arguments.object(0)
        guard case .array(let path) = arguments[1] else { return object[arguments[1]] ?? arguments[2] }
        var value = arguments[0]
        for key in path {
            guard let inner = value[key] else { return arguments[2] }
            value = inner
        }
        return value
    }

    private static func keySet(_ arguments: [RegoValue]) throws(BuiltinError) -> RegoSet {
        switch arguments[1] {
        case .array(let array): return RegoSet(array)
        case .set(let set): return set
        case .object(let object): return RegoSet(object.keys)
        default: throw .operand(2, arguments[1], mustBe: .object, .set, .array)
        }
    }

    private static func unionOfAll(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        var merged = RegoObject()
        for element in try arguments.array(0) {
            guard case .object(let object) = element else {
                throw .element(1, arguments[0], element, mustBe: "object")
            }
            merged = try merge(merged, object, context)
        }
        return .object(merged)
    }

    /// Objects under the same key are merged too; of other values the right one stays.
    private static func merge(
        _ left: RegoObject, _ right: RegoObject, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoObject {
        try context.charge(steps: left.count + right.count + 1)
        if left.isEmpty { return right }
        var merged = left
        for (key, value) in right {
            if case .object(let inner) = value, case .object(let existing)? = left[key] {
                merged.updateValue(.object(try merge(existing, inner, context)), forKey: key)
            } else {
                merged.updateValue(value, forKey: key)
            }
        }
        return merged
    }

    private static func subset(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        switch (arguments[0], arguments[1]) {
        case (.object, .object), (.set, .set), (.array, .array), (.array, .set):
            return .bool(try contains(arguments[0], arguments[1], context))
        default:
            throw .failure("both arguments object.subset must be of the same type or array and set")
        }
    }

    private static func contains(
        _ whole: RegoValue, _ part: RegoValue, _ context: BuiltinContext
    ) throws(BuiltinError) -> Bool {
        try context.charge(steps: part.memberCount + 1)
        switch (whole, part) {
        case (.object(let whole), .object(let part)):
            for (key, value) in part {
                guard let existing = whole[key], try contains(existing, value, context) else { return false }
            }
            return true
        case (.set(let whole), .set(let part)): return part.allSatisfy { whole.contains($0) }
        case (.array(let whole), .set(let part)):
            try context.charge(steps: whole.count)
            let elements = RegoSet(whole)
            return part.allSatisfy { elements.contains($0) }
        case (.array(let whole), .array(let part)): return try containsRun(whole, part, context)
        default: return whole == part
        }
    }

    private static func containsRun(
        _ whole: RegoArray, _ part: RegoArray, _ context: BuiltinContext
    ) throws(BuiltinError) -> Bool {
        guard part.count <= whole.count else { return false }
        for start in 0...(whole.count - part.count) {
            var length = 0
            while length < part.count, whole[start + length] == part[length] { length += 1 }
            try context.charge(steps: length + 1)
            if length == part.count { return true }
        }
        return false
    }
}

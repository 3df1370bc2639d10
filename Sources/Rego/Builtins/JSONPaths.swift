/// Paths into values (`a/b/0`, or arrays of keys) and what `json.filter` and `json.remove` do with them.
enum JSONPaths {
    static func paths(_ arguments: [RegoValue], _ at: Int) throws(BuiltinError) -> [[RegoValue]] {
        let elements: [RegoValue]
        switch arguments[at] {
        case .array(let array): elements = array.elements
        case .set(let set): elements = Array(set)
        default: throw .operand(at + 1, arguments[at], mustBe: .set, .array)
        }
        var paths: [[RegoValue]] = []
        for element in elements { paths.append(try path(element)) }
        return paths
    }

    static func path(_ value: RegoValue) throws(BuiltinError) -> [RegoValue] {
        switch value {
        case .array(let array): return array.elements
        case .string(let string) where string.isEmpty: return []
        case .string(let string):
            let text = Array(string.text.utf8.drop { $0 == UInt8(ascii: "/") })
            return text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
                .string(RegoString(decoding: unescaped(part)))
            }
        default:
            throw .operand(
                2,
                "must be one of {set, array} containing string paths or array of path segments but got "
                    + "\(value.typeName)"
            )
        }
    }

    /// `~1` is a slash, `~0` a tilde (RFC 6901).
    private static func unescaped(_ part: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var at = part.startIndex
        while at < part.endIndex {
            let next = at + 1 < part.endIndex ? part[at + 1] : 0
            let isEscape = part[at] == UInt8(ascii: "~") && (next == UInt8(ascii: "0") || next == UInt8(ascii: "1"))
            output.append(isEscape ? (next == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/")) : part[at])
            at += isEscape ? 2 : 1
        }
        return output
    }

    /// Paths as objects within each other, null at their ends.
    static func tree(_ paths: [[RegoValue]]) throws(BuiltinError) -> RegoObject {
        var tree = RegoObject()
        for path in paths where !path.isEmpty { try insert(path[...], &tree) }
        return tree
    }

    private static func insert(_ path: ArraySlice<RegoValue>, _ tree: inout RegoObject) throws(BuiltinError) {
        guard let key = path.first else { return }
        guard path.count <= EvaluationLimits.depth else {
            throw .failure("a path has over \(EvaluationLimits.depth) parts")
        }
        guard path.count > 1 else {
            tree.updateValue(.null, forKey: key)
            return
        }
        if tree[key]?.isNull == true { return }
        var inner = tree[key]?.object ?? RegoObject()
        try insert(path.dropFirst(), &inner)
        tree.updateValue(.object(inner), forKey: key)
    }

    static func remove(_ value: RegoValue, _ tree: RegoValue?, _ context: BuiltinContext) throws(BuiltinError)
        -> RegoValue?
    {
        guard let tree else { return value }
        if tree.isNull { return nil }
        guard case .object(let tree) = tree else { return value }
        try context.charge(steps: value.memberCount + 1)
        switch value {
        case .object(let object):
            var rest = RegoObject()
            for (key, inner) in object {
                if let kept = try remove(inner, tree[key], context) { rest.updateValue(kept, forKey: key) }
            }
            return .object(rest)
        case .array(let array):
            var rest = RegoArray()
            for (index, inner) in array.enumerated() {
                if let kept = try remove(inner, tree[String(index)], context) { rest.append(kept) }
            }
            return .array(rest)
        case .set(let set):
            var rest = RegoSet()
            for inner in set { if let kept = try remove(inner, tree[inner], context) { rest.insert(kept) } }
            return .set(rest)
        default: return value
        }
    }

    static func filter(
        _ object: RegoObject, _ tree: RegoObject, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoObject {
        var kept = RegoObject()
        for (key, inner) in tree {
            guard let value = object[key] else { continue }
            kept.updateValue(try filter(value, inner, context), forKey: key)
        }
        return kept
    }

    private static func filter(
        _ value: RegoValue, _ tree: RegoValue, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue {
        guard case .object(let tree) = tree else { return value }
        try context.charge(steps: value.memberCount + 1)
        switch value {
        case .object(let object): return .object(try filter(object, tree, context))
        case .array(let array):
            var kept = RegoArray()
            for (index, inner) in array.enumerated() {
                if let part = tree[String(index)] { kept.append(try filter(inner, part, context)) }
            }
            return .array(kept)
        case .set(let set):
            var kept = RegoSet()
            for inner in set { if let part = tree[inner] { kept.insert(try filter(inner, part, context)) } }
            return .set(kept)
        default: return value
        }
    }
}

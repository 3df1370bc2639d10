/// `json.patch` (RFC 6902), on sets as well: an element is its own key. An operation that fails makes the result
/// undefined.
enum JSONPatch {
    static func run(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let operations = try arguments.array(1)
        var value: RegoValue? = arguments[0]
        for operation in operations {
            do throws(BuiltinError) {
                value = try apply(operation, to: value, context)
            } catch {
                if error.isFatal { throw error }
                return nil
            }
        }
        return value
    }

    private static let failed = BuiltinError.failure("the operation cannot be applied")

    private static func apply(
        _ operation: RegoValue, to value: RegoValue?, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        guard case .object(let operation) = operation, let name = operation["op"]?.text, let target = operation["path"]
        else { throw failed }
        let path = try JSONPaths.path(target)[...]
        switch name {
        case "add": return try edit(value, path, .insert(try wanted(operation["value"])), context)
        case "remove": return try edit(value, path, .remove, context)
        case "replace":
            let new = try wanted(operation["value"])
            _ = try wanted(try find(value, path))
            return try edit(try edit(value, path, .remove, context), path, .insert(new), context)
        case "test":
            guard try find(value, path) == operation["value"], operation["value"] != nil else { throw failed }
            return value
        case "move", "copy":
            let from = try JSONPaths.path(try wanted(operation["from"]))[...]
            let moved = try wanted(try find(value, from))
            let rest = name == "move" ? try edit(value, from, .remove, context) : value
            return try edit(rest, path, .insert(moved), context)
        default: throw failed
        }
    }

    private static func wanted(_ value: RegoValue?) throws(BuiltinError) -> RegoValue {
        guard let value else { throw failed }
        return value
    }

    private enum Edit {
        case insert(RegoValue)
        case remove
    }

    private static func find(_ value: RegoValue?, _ path: ArraySlice<RegoValue>) throws(BuiltinError) -> RegoValue? {
        var value = value
        for key in path {
            switch value {
            case .array(let array): value = array[try index(key, below: array.count)]
            case .some(let container): value = container[key]
            case nil: throw failed
            }
        }
        return value
    }

    private static func edit(
        _ value: RegoValue?, _ path: ArraySlice<RegoValue>, _ edit: Edit, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        guard path.count <= EvaluationLimits.depth else { throw failed }
        guard let key = path.first else {
            if case .insert(let new) = edit { return new }
            return value == nil ? try wanted(nil) : nil
        }
        guard let value else { throw failed }
        try context.charge(steps: value.memberCount + 1)
        let rest = path.dropFirst()
        switch value {
        case .object(let object): return .object(try self.edit(object, key, rest, edit, context))
        case .array(let array): return .array(try self.edit(array, key, rest, edit, context))
        case .set(let set): return .set(try self.edit(set, key, rest, edit, context))
        default: throw failed
        }
    }

    private static func edit(
        _ object: RegoObject, _ key: RegoValue, _ rest: ArraySlice<RegoValue>, _ edit: Edit, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoObject {
        if rest.isEmpty, case .insert(let new) = edit {
            var object = object
            object.updateValue(new, forKey: key)
            return object
        }
        let inner = try wanted(object[key])
        guard let edited = try self.edit(inner, rest, edit, context) else { return object.removing(key) }
        var object = object
        object.updateValue(edited, forKey: key)
        return object
    }

    private static func edit(
        _ array: RegoArray, _ key: RegoValue, _ rest: ArraySlice<RegoValue>, _ edit: Edit, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoArray {
        var elements = array.elements
        if rest.isEmpty, case .insert(let new) = edit {
            let place = key.text == "-" ? elements.count : try index(key, below: elements.count + 1)
            elements.insert(new, at: place)
            return RegoArray(elements)
        }
        let place = try index(key, below: elements.count)
        if let edited = try self.edit(elements[place], rest, edit, context) {
            elements[place] = edited
        } else {
            elements.remove(at: place)
        }
        return RegoArray(elements)
    }

    private static func edit(
        _ set: RegoSet, _ key: RegoValue, _ rest: ArraySlice<RegoValue>, _ edit: Edit, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoSet {
        var elements = set
        if rest.isEmpty, case .insert(let new) = edit {
            guard new == key else { throw failed }
            elements.insert(new)
            return elements
        }
        guard set.contains(key) else { throw failed }
        elements = RegoSet(set.lazy.filter { $0 != key })
        if let edited = try self.edit(key, rest, edit, context) { elements.insert(edited) }
        return elements
    }

    /// A number, or a text of digits without leading zeros.
    private static func index(_ key: RegoValue, below bound: Int) throws(BuiltinError) -> Int {
        var place: Int?
        switch key {
        case .number(let number): place = number.int
        case .string(let string):
            let text = string.text
            let isPlain =
                text.utf8.allSatisfy { (0x30...0x39).contains($0) } && (text.utf8.count == 1 || text.first != "0")
            place = isPlain ? Int(text) : nil
        default: break
        }
        guard let place, place >= 0, place < bound else { throw failed }
        return place
    }
}

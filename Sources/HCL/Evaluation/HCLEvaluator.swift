/// Evaluates expressions. What is not known makes what depends on it unknown, and is no error.
public struct HCLEvaluator {
    public let scope: any HCLScope
    public let functions: HCLFunctions
    public let budget: HCLBudget
    /// Variables of `for`, `dynamic` and templates.
    public private(set) var variables: [String: HCLValue]
    private var splatElement: HCLValue?

    public init(
        scope: any HCLScope, functions: HCLFunctions = .standard, budget: HCLBudget,
        variables: [String: HCLValue] = [:]
    ) {
        self.scope = scope
        self.functions = functions
        self.budget = budget
        self.variables = variables
    }

    /// The same with one more variable.
    public func binding(_ name: String?, to value: HCLValue) -> HCLEvaluator {
        guard let name else { return self }
        var copy = self
        copy.variables[name] = value
        return copy
    }

    private func binding(splatElement value: HCLValue) -> HCLEvaluator {
        var copy = self
        copy.splatElement = value
        return copy
    }

    public func evaluate(_ expression: HCLExpression) throws(HCLProblem) -> HCLValue {
        let place = expression.range.start
        try budget.spend(1, at: place)
        budget.depth += 1
        defer { budget.depth -= 1 }
        guard budget.depth <= HCLBudget.depth else {
            throw HCLProblem("names are defined by each other more than \(HCLBudget.depth) levels deep", at: place)
        }
        switch expression.node {
        case .literal(let value): return value
        case .parentheses(let inner): return try evaluate(inner)
        case .template(let template): return try evaluate(template, place)
        case .variable, .attribute, .index: return try traverse(expression)
        case .splat(let source, let each): return try splat(source, each)
        case .splatElement: return splatElement ?? .unknown(HCLUnknown())
        case .call(let name, let arguments, let expands): return try call(name, arguments, expands, place)
        case .tuple(let elements):
            var values: [HCLValue] = []
            for element in elements { values.append(try evaluate(element)) }
            return .list(values)
        case .object(let members): return try object(members)
        case .comprehension(let loop): return try comprehension(loop, place)
        case .conditional(let condition, let then, let otherwise):
            return try conditional(condition, then, otherwise)
        case .unary(let op, let operand): return try HCLOperators.apply(op, try evaluate(operand), at: place)
        case .binary(let op, let left, let right): return try binary(op, left, right, place)
        }
    }

    // MARK: Names

    /// A chain of steps: as much of it as is known goes to the scope at once, so that only what is named is evaluated.
    private func traverse(_ expression: HCLExpression) throws(HCLProblem) -> HCLValue {
        var chain: [HCLExpression] = []
        var base = expression
        loop: while true {
            switch base.node {
            case .attribute(let source, _), .index(let source, _):
                chain.append(base)
                base = source
            default: break loop
            }
        }
        var steps: [HCLPath.Step] = []
        for part in chain.reversed() { steps.append(try step(part)) }
        guard case .variable(let root) = base.node else {
            return try walk(try evaluate(base), steps[...], expression.range.start)
        }
        if let value = variables[root] { return try walk(value, steps[...], expression.range.start) }
        let path = HCLPath(root: root, steps: steps, place: expression.range.start)
        let found = try scope.resolve(path)
        return try walk(found.value, steps.dropFirst(found.consumed), expression.range.start)
    }

    private func step(_ part: HCLExpression) throws(HCLProblem) -> HCLPath.Step {
        switch part.node {
        case .attribute(_, let name): return .attribute(name)
        case .index(_, let index):
            let value = try evaluate(index)
            switch value {
            case .number: return value.integerValue.map { .index($0) } ?? .any
            case .string(let key): return .key(key)
            default: return .any
            }
        default: return .any
        }
    }

    func walk(
        _ value: HCLValue, _ steps: ArraySlice<HCLPath.Step>, _ place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        var value = value
        for step in steps { value = try Self.step(value, step, place) }
        return value
    }

    private static func step(
        _ value: HCLValue, _ step: HCLPath.Step, _ place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        switch (value, step) {
        case (.unknown(let unknown), _):
            guard unknown.references.count == 1, unknown.text == "${\(unknown.references[0].text)}" else {
                return value
            }
            return .unknown(HCLUnknown(HCLReference(unknown.references[0].parts + [step.part])))
        case (_, .any): return .unknown(value.unknowns ?? HCLUnknown())
        case (.object(let object), .attribute(let key)), (.object(let object), .key(let key)):
            if let member = object[key] { return member }
            throw HCLProblem("there is no member \(key.prefix(80)) in this object", at: place)
        case (.object(let object), .index(let index)):
            if let member = object[String(index)] { return member }
            throw HCLProblem("there is no member \(index) in this object", at: place)
        case (.list(let elements), .index(let index)):
            if elements.indices.contains(index) { return elements[index] }
            throw HCLProblem("the index \(index) is beyond a list of \(elements.count)", at: place)
        case (.list(let elements), .key(let key)):
            if let index = Int(key), elements.indices.contains(index) { return elements[index] }
            throw HCLProblem("a list has no member \(key.prefix(80))", at: place)
        default: throw HCLProblem("\(value.kindName) has no members", at: place)
        }
    }

    private func splat(_ source: HCLExpression, _ each: HCLExpression) throws(HCLProblem) -> HCLValue {
        let value = try evaluate(source)
        switch value {
        case .unknown(var unknown):
            // One reference to the attribute of every element, where that is what it comes to.
            guard unknown.references.count == 1, unknown.text == "${\(unknown.references[0].text)}" else {
                return value
            }
            unknown = HCLUnknown(HCLReference(unknown.references[0].parts + ["[*]"]))
            return try binding(splatElement: .unknown(unknown)).evaluate(each)
        case .null: return .list([])
        case .list(let elements), .set(let elements):
            var values: [HCLValue] = []
            for element in elements { values.append(try binding(splatElement: element).evaluate(each)) }
            return .list(values)
        default: return .list([try binding(splatElement: value).evaluate(each)])
        }
    }

    // MARK: Collections

    private func object(_ members: [HCLExpression.Member]) throws(HCLProblem) -> HCLValue {
        var out: [(String, HCLValue)] = []
        for member in members {
            let value = try evaluate(member.value)
            guard let key = try self.key(of: member) else { return .unknown(value.unknowns ?? HCLUnknown()) }
            out.append((key, value))
        }
        return .object(HCLObject(out))
    }

    /// Nil for a key that is not known.
    func key(of member: HCLExpression.Member) throws(HCLProblem) -> String? {
        if let name = member.key.keyText { return name }
        let value = try evaluate(member.key)
        if value.isUnknown { return nil }
        guard let text = value.stringValue else {
            throw HCLProblem("\(value.kindName) is no key of an object", at: member.key.range.start)
        }
        return text
    }

    /// Keys and values as `for` and `for_each` go over them; nil where they are not known.
    public static func entries(
        _ value: HCLValue, at place: HCLPlace
    ) throws(HCLProblem) -> [(key: HCLValue, value: HCLValue)]? {
        switch value {
        case .unknown: return nil
        case .list(let elements): return elements.enumerated().map { (.integer($0.offset), $0.element) }
        case .set(let elements): return elements.map { ($0, $0) }
        case .object(let object): return object.members.map { (.string($0.key), $0.value) }
        default: throw HCLProblem("there is nothing to go over in \(value.kindName)", at: place)
        }
    }

    private func comprehension(_ loop: HCLComprehension, _ place: HCLPlace) throws(HCLProblem) -> HCLValue {
        let collection = try evaluate(loop.collection)
        guard let entries = try Self.entries(collection, at: loop.collection.range.start) else {
            return .unknown(collection.unknowns ?? HCLUnknown())
        }
        var list: [HCLValue] = []
        var members: [(String, HCLValue)] = []
        var groups: [String: [HCLValue]] = [:]
        for entry in entries {
            let inner = binding(loop.keyName, to: entry.key).binding(loop.valueName, to: entry.value)
            if let condition = loop.condition {
                let holds = try inner.evaluate(condition)
                if let unknown = holds.unknown { return .unknown(unknown) }
                guard let isKept = holds.boolValue else {
                    throw HCLProblem("a condition is a bool, not \(holds.kindName)", at: condition.range.start)
                }
                if !isKept { continue }
            }
            let value = try inner.evaluate(loop.value)
            guard let key = loop.key else {
                list.append(value)
                continue
            }
            let name = try inner.evaluate(key)
            if let unknown = name.unknown { return .unknown(unknown) }
            guard let text = name.stringValue else {
                throw HCLProblem("\(name.kindName) is no key of an object", at: key.range.start)
            }
            if loop.isGrouped { groups[text, default: []].append(value) } else { members.append((text, value)) }
        }
        guard loop.key != nil else { return .list(list) }
        return .object(HCLObject(loop.isGrouped ? groups.map { ($0.key, .list($0.value)) } : members))
    }

    // MARK: Choices

    /// With a condition that is not known, the answer is known where both branches agree.
    private func conditional(
        _ condition: HCLExpression, _ then: HCLExpression, _ otherwise: HCLExpression
    ) throws(HCLProblem) -> HCLValue {
        let value = try evaluate(condition)
        if let holds = value.boolValue { return try evaluate(holds ? then : otherwise) }
        guard var unknown = value.unknown else {
            throw HCLProblem("a condition is a bool, not \(value.kindName)", at: condition.range.start)
        }
        let branches = [try evaluate(then), try evaluate(otherwise)]
        if branches[0] == branches[1] { return branches[0] }
        unknown.text = "${…}"
        for branch in branches { unknown.add(branch.unknowns?.references ?? []) }
        return .unknown(unknown)
    }

    private func binary(
        _ op: HCLOperator, _ left: HCLExpression, _ right: HCLExpression, _ place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        let first = try evaluate(left)
        let second = try evaluate(right)
        return try HCLOperators.apply(op, first, second, at: place)
    }
}

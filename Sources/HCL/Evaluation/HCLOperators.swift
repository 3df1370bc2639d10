/// Arithmetic, comparison and logic.
enum HCLOperators {
    static func apply(_ op: HCLOperator, _ operand: HCLValue, at place: HCLPlace) throws(HCLProblem) -> HCLValue {
        if let unknown = operand.unknown { return .unknown(HCLUnknown(references: unknown.references)) }
        if op == .not, let bool = operand.boolValue { return .bool(!bool) }
        if op == .minus, let number = operand.numberValue { return .number(-number) }
        throw HCLProblem("\"\(op.rawValue)\" cannot be applied to \(operand.kindName)", at: place)
    }

    static func apply(
        _ op: HCLOperator, _ left: HCLValue, _ right: HCLValue, at place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        switch op {
        case .equal, .notEqual: return equality(left, right, isEqual: op == .equal)
        case .and, .or: return try logic(left, right, isAnd: op == .and, at: place)
        default: break
        }
        if let unknown = either(left, right) { return .unknown(unknown) }
        guard let a = left.numberValue, let b = right.numberValue else {
            let wrong = left.numberValue == nil ? left : right
            throw HCLProblem("\"\(op.rawValue)\" takes numbers, not \(wrong.kindName)", at: place)
        }
        switch op {
        case .less: return .bool(a < b)
        case .lessEqual: return .bool(a <= b)
        case .greater: return .bool(a > b)
        case .greaterEqual: return .bool(a >= b)
        default: return try arithmetic(op, a, b, at: place)
        }
    }

    private static func arithmetic(
        _ op: HCLOperator, _ a: Double, _ b: Double, at place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        let result: Double
        switch op {
        case .plus: result = a + b
        case .minus: result = a - b
        case .times: result = a * b
        case .divide: result = a / b
        default: result = a.truncatingRemainder(dividingBy: b)
        }
        guard result.isFinite else {
            throw HCLProblem(b == 0 ? "a division by zero" : "the number is beyond all bounds", at: place)
        }
        return .number(result)
    }

    private static func either(_ left: HCLValue, _ right: HCLValue) -> HCLUnknown? {
        guard left.isUnknown || right.isUnknown else { return nil }
        var sum = HCLUnknown()
        for value in [left, right] { sum.add(value.unknown?.references ?? []) }
        return sum
    }

    private static func equality(_ left: HCLValue, _ right: HCLValue, isEqual: Bool) -> HCLValue {
        if var sum = left.unknowns {
            sum.text = "${…}"
            sum.add(right.unknowns?.references ?? [])
            return .unknown(sum)
        }
        if let unknown = right.unknowns { return .unknown(HCLUnknown(references: unknown.references)) }
        return .bool((left == right) == isEqual)
    }

    /// Decided where one side decides, whatever the other is.
    private static func logic(
        _ left: HCLValue, _ right: HCLValue, isAnd: Bool, at place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        for value in [left, right] where !value.isUnknown {
            guard let bool = value.boolValue else {
                throw HCLProblem("\"\(isAnd ? "&&" : "||")\" takes bools, not \(value.kindName)", at: place)
            }
            if bool != isAnd { return .bool(bool) }
        }
        if let unknown = either(left, right) { return .unknown(unknown) }
        return .bool(isAnd)
    }
}

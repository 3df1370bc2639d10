/// Type constraints of variables, as far as they change a value.
enum TerraformType {
    static func convert(_ value: HCLValue, to type: HCLExpression?) -> HCLValue {
        guard let type, !value.isUnknown, !value.isNull else { return value }
        switch type.node {
        case .variable("string"): return value.stringValue.map { .string($0) } ?? value
        case .variable("number"): return value.numberValue.map { .number($0) } ?? value
        case .variable("bool"): return value.boolValue.map { .bool($0) } ?? value
        case .call("set", let arguments, _):
            guard let elements = value.elements else { return value }
            return .makeSet(elements.map { convert($0, to: arguments.first) })
        case .call("list", let arguments, _):
            guard let elements = value.elements else { return value }
            return .list(elements.map { convert($0, to: arguments.first) })
        case .call("map", let arguments, _):
            guard let object = value.object else { return value }
            return .object(HCLObject(object.members.lazy.map { ($0.key, convert($0.value, to: arguments.first)) }))
        case .call("object", let arguments, _):
            guard let object = value.object, case .object(let members)? = arguments.first?.node else { return value }
            return .object(convert(object, members))
        case .call("optional", let arguments, _): return convert(value, to: arguments.first)
        default: return value
        }
    }

    /// Members that are left out have the default of `optional(type, default)`, or null.
    private static func convert(_ object: HCLObject, _ members: [HCLExpression.Member]) -> HCLObject {
        var out: [(String, HCLValue)] = object.members.map { ($0.key, $0.value) }
        for member in members {
            guard let name = member.key.keyText else { continue }
            if let value = object[name], !value.isNull {
                out.append((name, convert(value, to: member.value)))
            } else if case .call("optional", let arguments, _) = member.value.node {
                out.append((name, arguments.count > 1 ? literal(arguments[1]) : .null))
            }
        }
        return HCLObject(out)
    }

    /// Defaults in types are constants.
    private static func literal(_ expression: HCLExpression) -> HCLValue {
        switch expression.node {
        case .literal(let value): return value
        case .tuple(let elements): return .list(elements.map(literal))
        case .object(let members):
            return .object(
                HCLObject(members.compactMap { member in member.key.keyText.map { ($0, literal(member.value)) } }))
        case .unary(.minus, let operand): return literal(operand).numberValue.map { .number(-$0) } ?? .null
        default: return .unknown(HCLUnknown())
        }
    }
}

import JSON

/// One evaluation of one expression.
struct Evaluation {
    let scope: Scope
    var meter: WorkMeter

    mutating func value(of tree: ExpressionTree) throws(ExpressionProblem) -> JSON {
        try meter.spend()
        switch tree {
        case .literal(let value): return value
        case .context(let name): return scope.contexts[name] ?? .null
        case .access(let base, let path): return try follow(path, from: try value(of: base))
        case .not(let operand): return .bool(try !value(of: operand).holds)
        case .all(let operands): return try first(of: operands, thatHolds: false)
        case .any(let operands): return try first(of: operands, thatHolds: true)
        case .comparison(let left, let sign, let right, let column):
            return .bool(try compare(try value(of: left), sign, try value(of: right), column))
        case .call(let function, let arguments, let column): return try call(function, arguments, column)
        }
    }

    /// The operand that decides; the last where none does.
    private mutating func first(
        of operands: [ExpressionTree], thatHolds wanted: Bool
    ) throws(ExpressionProblem) -> JSON {
        var last = JSON.null
        for operand in operands {
            last = try value(of: operand)
            if last.holds == wanted { break }
        }
        return last
    }

    /// What is not there is null, and so is all that would be in it.
    private mutating func follow(
        _ path: [ExpressionTree.Access], from base: JSON
    ) throws(ExpressionProblem) -> JSON {
        var value = base
        for access in path {
            try meter.spend()
            switch access {
            case .member(let name): value = value[name] ?? .null
            case .index(let tree):
                switch try self.value(of: tree) {
                case .string(let name): value = value[name] ?? .null
                case .number(let number): value = number.int.flatMap { value[$0] } ?? .null
                default: value = .null
                }
            }
        }
        return value
    }

    private mutating func call(
        _ function: ExpressionFunction, _ arguments: [ExpressionTree], _ column: Int
    ) throws(ExpressionProblem) -> JSON {
        var values: [JSON] = []
        for argument in arguments { values.append(try value(of: argument)) }
        var call = FunctionCall(function: function, arguments: values, outcome: scope.outcome, meter: meter)
        defer { meter = call.meter }
        do throws(ExpressionProblem) {
            return try function.apply(&call)
        } catch {
            var problem = error
            if problem.column == 0 { problem.column = column }
            throw problem
        }
    }

    private mutating func compare(
        _ left: JSON, _ sign: ExpressionTree.Comparison, _ right: JSON, _ column: Int
    ) throws(ExpressionProblem) -> Bool {
        switch sign {
        case .equal, .unequal:
            if left.kind == right.kind { try meter.spend(on: left) }
            return ComparableValue(left).isEqual(to: right) == (sign == .equal)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let order = try ComparableValue.order(left, right, &meter) else {
                throw ExpressionProblem(
                    "\"\(sign.rawValue)\" compares two numbers or two texts, not \(left.kindName) and \(right.kindName)",
                    column: column, hint: FunctionCall.hint(left.isNull || right.isNull))
            }
            switch sign {
            case .less: return order < 0
            case .lessOrEqual: return order <= 0
            case .greater: return order > 0
            default: return order >= 0
            }
        }
    }
}

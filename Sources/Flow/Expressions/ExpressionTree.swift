import JSON

/// An expression that was read. What chains in the text is flat here, so that its depth is that of the parentheses.
indirect enum ExpressionTree: Sendable {
    case literal(JSON)
    case context(String)
    case access(ExpressionTree, [Access])
    case not(ExpressionTree)
    /// `a && b && c`
    case all([ExpressionTree])
    /// `a || b || c`
    case any([ExpressionTree])
    case comparison(ExpressionTree, Comparison, ExpressionTree, column: Int)
    case call(ExpressionFunction, [ExpressionTree], column: Int)

    enum Access: Sendable {
        case member(String)
        case index(ExpressionTree)
    }

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
}

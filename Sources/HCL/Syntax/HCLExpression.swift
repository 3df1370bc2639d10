/// An expression with the place where it stands.
public struct HCLExpression: Sendable {
    public indirect enum Node: Sendable {
        case literal(HCLValue)
        case template(HCLTemplate)
        /// A name: the root of a traversal or the variable of a `for`.
        case variable(String)
        case attribute(HCLExpression, String)
        case index(HCLExpression, HCLExpression)
        /// `source.*` or `source[*]`; `each` is what is done to an element, which stands in it as ``splatElement``.
        case splat(HCLExpression, each: HCLExpression)
        case splatElement
        /// - Parameter expandsLast: `f(list...)`
        case call(String, [HCLExpression], expandsLast: Bool)
        case tuple([HCLExpression])
        case object([Member])
        case comprehension(HCLComprehension)
        case conditional(HCLExpression, then: HCLExpression, otherwise: HCLExpression)
        case unary(HCLOperator, HCLExpression)
        case binary(HCLOperator, HCLExpression, HCLExpression)
        case parentheses(HCLExpression)
    }

    public struct Member: Sendable {
        /// A bare name is the text itself: see ``HCLExpression/keyText``.
        public var key: HCLExpression
        public var value: HCLExpression
    }

    public var node: Node
    public var range: HCLRange
    /// Expressions within each other, which bounds every walk.
    let height: Int

    init(_ node: Node, _ range: HCLRange, height: Int = 1) {
        self.node = node
        self.range = range
        self.height = height
    }

    /// The name, where this is nothing but one: what an object's bare key stands for.
    public var keyText: String? { if case .variable(let name) = node { name } else { nil } }
}

/// `[for k, v in collection : value if condition]` or `{for … : key => value... if condition}`.
public struct HCLComprehension: Sendable {
    /// The first of two names; nil where there is one.
    public var keyName: String?
    public var valueName: String
    public var collection: HCLExpression
    /// For an object.
    public var key: HCLExpression?
    public var value: HCLExpression
    public var condition: HCLExpression?
    /// `...`: values with the same key are gathered in a list.
    public var isGrouped: Bool
}

public enum HCLOperator: String, Sendable, Hashable {
    case or = "||", and = "&&"
    case equal = "==", notEqual = "!="
    case less = "<", lessEqual = "<=", greater = ">", greaterEqual = ">="
    case plus = "+", minus = "-"
    case times = "*", divide = "/", modulo = "%"
    case not = "!"

    /// Higher binds tighter; nil for what stands before one operand only.
    var precedence: Int? {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual: 3
        case .less, .lessEqual, .greater, .greaterEqual: 4
        case .plus, .minus: 5
        case .times, .divide, .modulo: 6
        case .not: nil
        }
    }
}

/// Text with what is to be put into it.
public struct HCLTemplate: Sendable {
    public indirect enum Part: Sendable {
        case literal(String)
        case interpolation(HCLExpression)
        case conditional(HCLExpression, then: [Part], otherwise: [Part])
        case loop(keyName: String?, valueName: String, HCLExpression, [Part])
    }

    public var parts: [Part]

    /// The expression of `"${…}"`, whose value is not made a text.
    public var wrapped: HCLExpression? {
        if parts.count == 1, case .interpolation(let expression) = parts[0] { expression } else { nil }
    }
}

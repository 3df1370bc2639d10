import Core
import JSON

/// Reads an expression:
/// ```
/// or         = and *( "||" and )
/// and        = comparison *( "&&" comparison )
/// comparison = unary [ ( "==" / "!=" / "<" / "<=" / ">" / ">=" ) unary ]
/// unary      = *"!" postfix
/// postfix    = primary *( "." NAME / "[" or "]" )
/// primary    = TEXT / NUMBER / "true" / "false" / "null" / CONTEXT / NAME "(" [ or *( "," or ) ] ")" / "(" or ")"
/// ```
struct ExpressionParser {
    private let tokens: [ExpressionToken]
    private var position = 0
    private var depth = 0
    private(set) var references: [Reference] = []

    /// - Parameter tokens: the last is `end`.
    init(_ tokens: [ExpressionToken]) { self.tokens = tokens }

    mutating func whole() throws(ExpressionProblem) -> ExpressionTree {
        if token.kind == .end { throw ExpressionProblem("the expression is empty", column: 0) }
        let tree = try or()
        guard token.kind == .end else { throw unexpected("the expression should end here") }
        return tree
    }

    private var token: ExpressionToken { tokens[min(position, tokens.count - 1)] }

    private func sees(_ sign: String) -> Bool { token.kind == .sign(sign) }

    private mutating func take(_ sign: String) -> Bool {
        guard sees(sign) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ sign: String, _ what: String) throws(ExpressionProblem) {
        guard take(sign) else { throw unexpected("\"\(sign)\" is missing \(what)") }
    }

    private func unexpected(_ message: String, hint: String? = nil) -> ExpressionProblem {
        let found =
            switch token.kind {
            case .name(let name): "\"\(name.prefix(40))\" stands here"
            case .number(let number): "\(number.spelling.prefix(40)) stands here"
            case .text: "a text stands here"
            case .sign(let sign): "\"\(sign)\" stands here"
            case .end: "it ends here"
            }
        return ExpressionProblem("\(message): \(found)", column: token.column, hint: hint)
    }

    private mutating func or() throws(ExpressionProblem) -> ExpressionTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Expression.deepest else { throw tooDeep() }
        var operands = [try and()]
        while take("||") { operands.append(try and()) }
        return operands.count == 1 ? operands[0] : .any(operands)
    }

    private func tooDeep() -> ExpressionProblem {
        ExpressionProblem("the expression is nested deeper than \(Expression.deepest) levels", column: token.column)
    }

    private mutating func and() throws(ExpressionProblem) -> ExpressionTree {
        var operands = [try comparison()]
        while take("&&") { operands.append(try comparison()) }
        return operands.count == 1 ? operands[0] : .all(operands)
    }

    private mutating func comparison() throws(ExpressionProblem) -> ExpressionTree {
        let left = try unary()
        guard let (sign, column) = comparisonSign() else { return left }
        let right = try unary()
        let tree = ExpressionTree.comparison(left, sign, right, column: column)
        if let (_, column) = comparisonSign() {
            throw ExpressionProblem(
                "comparisons do not chain", column: column, hint: "put one of them in parentheses, or join them by &&")
        }
        return tree
    }

    private mutating func comparisonSign() -> (ExpressionTree.Comparison, Int)? {
        guard case .sign(let sign) = token.kind, let comparison = ExpressionTree.Comparison(rawValue: sign) else {
            return nil
        }
        defer { position += 1 }
        return (comparison, token.column)
    }

    private mutating func unary() throws(ExpressionProblem) -> ExpressionTree {
        var negations = 0
        while take("!") { negations += 1 }
        guard depth + negations <= Expression.deepest else { throw tooDeep() }
        var tree = try postfix()
        for _ in 0..<negations { tree = .not(tree) }
        return tree
    }

    private mutating func postfix() throws(ExpressionProblem) -> ExpressionTree {
        let start = token
        let base = try primary()
        // Those within an index come after it.
        let place = references.count
        if case .context(let name) = base {
            references.append(Reference(context: name, path: [], isOpen: false, column: start.column))
        }
        var path: [ExpressionTree.Access] = []
        while let access = try access() { path.append(access) }
        guard !path.isEmpty else { return base }
        if case .context = base {
            let named = path.prefix { $0.name != nil }
            references[place].path = named.compactMap(\.name)
            references[place].isOpen = named.count < path.count
        }
        return .access(base, path)
    }

    private mutating func access() throws(ExpressionProblem) -> ExpressionTree.Access? {
        if take(".") {
            guard case .name(let name) = token.kind else { throw unexpected("a name belongs after the point") }
            position += 1
            return .member(name)
        }
        guard take("[") else { return nil }
        let index = try or()
        try expect("]", "after the index")
        if case .literal(.string(let name)) = index { return .member(name) }
        return .index(index)
    }

    private mutating func primary() throws(ExpressionProblem) -> ExpressionTree {
        let first = token
        switch first.kind {
        case .text(let text):
            position += 1
            return .literal(.string(text))
        case .number(let number):
            position += 1
            return .literal(.number(number))
        case .name(let name):
            position += 1
            return sees("(") ? try call(name, at: first.column) : try word(name, at: first.column)
        case .sign("("):
            position += 1
            let tree = try or()
            try expect(")", "to close the one in column \(first.column)")
            return tree
        default: throw unexpected("a value is missing")
        }
    }

    private func word(_ name: String, at column: Int) throws(ExpressionProblem) -> ExpressionTree {
        switch name {
        case "true": return .literal(true)
        case "false": return .literal(false)
        case "null": return .literal(.null)
        default:
            if Reference.contexts.contains(name) { return .context(name) }
            if ExpressionFunction.named[name] != nil {
                throw ExpressionProblem(
                    "\(name) is a function", column: column, hint: "its arguments stand in parentheses: \(name)(…)")
            }
            let nearest = Suggestion.nearest(to: name, among: Reference.contexts)
            throw ExpressionProblem(
                "\"\(name.prefix(60))\" is unknown", column: column,
                hint: nearest.map { "did you mean \"\($0)\"?" }
                    ?? "texts stand in single quotes; names are \(Reference.contexts.joined(separator: ", "))")
        }
    }

    private mutating func call(_ name: String, at column: Int) throws(ExpressionProblem) -> ExpressionTree {
        guard let function = ExpressionFunction.named[name] else { throw unknownFunction(name, at: column) }
        try expect("(", "after \(name)")
        var arguments: [ExpressionTree] = []
        if !sees(")") {
            repeat { arguments.append(try or()) } while take(",")
        }
        try expect(")", "after the arguments of \(name)")
        guard function.arity.contains(arguments.count) else {
            throw ExpressionProblem(
                "\(name) takes \(function.arityInWords), not \(arguments.count)", column: column,
                hint: "it is \(function.usage)")
        }
        return .call(function, arguments, column: column)
    }

    private func unknownFunction(_ name: String, at column: Int) -> ExpressionProblem {
        let names = ExpressionFunction.all.map(\.name)
        let nearest = Suggestion.nearest(to: name, among: names)
        return ExpressionProblem(
            "there is no function \"\(name.prefix(60))\"", column: column,
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? "there are \(names.sorted().joined(separator: ", "))")
    }
}

extension ExpressionTree.Access {
    fileprivate var name: String? { if case .member(let name) = self { name } else { nil } }
}

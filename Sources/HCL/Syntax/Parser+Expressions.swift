extension HCLParser {
    /// A whole expression, conditional included.
    mutating func expression() throws(HCLProblem) -> HCLExpression {
        try nested { (parser) throws(HCLProblem) in
            let condition = try parser.binary(above: 0)
            guard parser.token.kind == .question else { return condition }
            try parser.advance()
            let then = try parser.expression()
            try parser.expect(.colon, "in a conditional, which needs \":\"")
            let otherwise = try parser.expression()
            let range = HCLRange(condition.range.start, otherwise.range.end)
            let height = max(condition.height, then.height, otherwise.height) + 1
            return try parser.bounded(
                HCLExpression(.conditional(condition, then: then, otherwise: otherwise), range, height: height))
        }
    }

    /// Operators that bind tighter than `level`, from left to right.
    private mutating func binary(above level: Int) throws(HCLProblem) -> HCLExpression {
        var left = try unary()
        while case .op(let op) = token.kind, let precedence = op.precedence, precedence > level {
            try advance()
            let right = try binary(above: precedence)
            let range = HCLRange(left.range.start, right.range.end)
            left = try bounded(
                HCLExpression(.binary(op, left, right), range, height: max(left.height, right.height) + 1))
        }
        return left
    }

    private mutating func unary() throws(HCLProblem) -> HCLExpression {
        guard case .op(let op) = token.kind, op == .minus || op == .not else { return try postfix() }
        let start = token.range.start
        return try nested { (parser) throws(HCLProblem) in
            try parser.advance()
            let operand = try parser.unary()
            return HCLExpression(
                .unary(op, operand), HCLRange(start, operand.range.end), height: operand.height + 1)
        }
    }

    /// Chains are walked recursively later, so that their length is bounded as nesting is.
    func bounded(_ expression: HCLExpression) throws(HCLProblem) -> HCLExpression {
        guard expression.height <= limits.depth * 4 else {
            throw HCLProblem(
                "the expression has more than \(limits.depth * 4) steps", at: expression.range.start)
        }
        return expression
    }

    // MARK: Traversals

    private mutating func postfix() throws(HCLProblem) -> HCLExpression {
        var expression = try primary()
        while let next = try step(after: expression, inSplat: false) { expression = next }
        return expression
    }

    /// One more `.name`, `.0`, `[index]` or splat; nil where none follows.
    private mutating func step(
        after source: HCLExpression, inSplat: Bool
    ) throws(HCLProblem) -> HCLExpression? {
        switch token.kind {
        case .dot: return try attributeStep(after: source, inSplat: inSplat)
        case .openBracket: return try indexStep(after: source)
        default: return nil
        }
    }

    private mutating func attributeStep(
        after source: HCLExpression, inSplat: Bool
    ) throws(HCLProblem) -> HCLExpression? {
        let digits = lexer.digitCount(from: 0)
        if digits > 0 {
            let start = lexer.place
            lexer.move(digits)
            let range = HCLRange(start, lexer.place)
            guard let number = Double(lexer.text(range)) else { throw unexpected("after a dot") }
            try advance()
            return try extended(source, .index(source, HCLExpression(.literal(.number(number)), range)), range.end)
        }
        try advance()
        switch token.kind {
        case .identifier:
            let (name, end) = (tokenText, token.range.end)
            try advance()
            return try extended(source, .attribute(source, name), end)
        case .op(.times):
            let end = token.range.end
            try advance()
            return try splat(source, end, isFull: false)
        default: throw unexpected("after a dot", hint: "a name, a number or * follows it")
        }
    }

    private mutating func indexStep(after source: HCLExpression) throws(HCLProblem) -> HCLExpression {
        skipsNewlines.append(true)
        try advance()
        if token.kind == .op(.times) {
            let before = self
            try advance()
            if token.kind == .closeBracket {
                let end = try close(.closeBracket, "after *")
                return try splat(source, end, isFull: true)
            }
            self = before
        }
        let index = try expression()
        let end = try close(.closeBracket, "after an index")
        return try extended(source, .index(source, index), end, height: index.height)
    }

    /// What follows `.*` (attributes only) or `[*]` is done to each element.
    private mutating func splat(
        _ source: HCLExpression, _ end: HCLPlace, isFull: Bool
    ) throws(HCLProblem) -> HCLExpression {
        var each = HCLExpression(.splatElement, HCLRange(end, end))
        while token.kind == .dot || isFull && token.kind == .openBracket {
            guard let next = try step(after: each, inSplat: true) else { break }
            each = next
        }
        return try extended(source, .splat(source, each: each), each.range.end, height: each.height)
    }

    private func extended(
        _ source: HCLExpression, _ node: HCLExpression.Node, _ end: HCLPlace, height: Int = 0
    ) throws(HCLProblem) -> HCLExpression {
        try bounded(
            HCLExpression(
                node, HCLRange(source.range.start, end), height: max(source.height, height) + 1))
    }

    // MARK: Primaries

    private mutating func primary() throws(HCLProblem) -> HCLExpression {
        let start = token.range
        switch token.kind {
        case .number:
            guard let number = Double(tokenText), number.isFinite else {
                throw HCLProblem("the number is beyond all bounds", at: start.start)
            }
            try advance()
            return HCLExpression(.literal(.number(number)), start)
        case .identifier: return try name()
        case .quote: return try quoted()
        case .heredoc(let isIndented): return try heredoc(isIndented: isIndented)
        case .openParenthesis:
            skipsNewlines.append(true)
            try advance()
            let inner = try expression()
            let end = try close(.closeParenthesis, "after an expression in parentheses")
            return HCLExpression(.parentheses(inner), HCLRange(start.start, end), height: inner.height + 1)
        case .openBracket: return try tuple()
        case .openBrace: return try object()
        default: throw unexpected("where a value is expected")
        }
    }

    private mutating func name() throws(HCLProblem) -> HCLExpression {
        let range = token.range
        var name = tokenText
        try advance()
        while token.kind == .doubleColon {
            try advance()
            guard token.kind == .identifier else { throw unexpected("after \"::\"") }
            name += "::" + tokenText
            try advance()
        }
        if token.kind == .openParenthesis { return try call(name, range.start) }
        switch name {
        case "true": return HCLExpression(.literal(.bool(true)), range)
        case "false": return HCLExpression(.literal(.bool(false)), range)
        case "null": return HCLExpression(.literal(.null), range)
        default: return HCLExpression(.variable(name), range)
        }
    }

    private mutating func call(_ name: String, _ start: HCLPlace) throws(HCLProblem) -> HCLExpression {
        skipsNewlines.append(true)
        try advance()
        var arguments: [HCLExpression] = []
        var expands = false
        while token.kind != .closeParenthesis {
            arguments.append(try expression())
            if token.kind == .ellipsis {
                expands = true
                try advance()
                break
            }
            guard token.kind == .comma else { break }
            try advance()
        }
        let end = try close(.closeParenthesis, "among the arguments of \(name)")
        let height = (arguments.map(\.height).max() ?? 0) + 1
        return HCLExpression(
            .call(name, arguments, expandsLast: expands), HCLRange(start, end), height: height)
    }
}

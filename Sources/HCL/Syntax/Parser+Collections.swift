extension HCLParser {
    /// `[a, b]` or `[for …]`.
    mutating func tuple() throws(HCLProblem) -> HCLExpression {
        let start = token.range.start
        skipsNewlines.append(true)
        try advance()
        if isComprehension { return try comprehension(start, isObject: false) }
        var elements: [HCLExpression] = []
        while token.kind != .closeBracket {
            elements.append(try expression())
            guard token.kind == .comma else { break }
            try advance()
        }
        let end = try close(.closeBracket, "in a list")
        let height = (elements.map(\.height).max() ?? 0) + 1
        return HCLExpression(.tuple(elements), HCLRange(start, end), height: height)
    }

    /// `{ a = 1, b: 2 }` or `{for …}`. Members are parted by commas or line ends.
    mutating func object() throws(HCLProblem) -> HCLExpression {
        let start = token.range.start
        skipsNewlines.append(true)
        try advance()
        if isComprehension { return try comprehension(start, isObject: true) }
        skipsNewlines[skipsNewlines.count - 1] = false
        var members: [HCLExpression.Member] = []
        var height = 0
        while true {
            while token.kind == .newline { try advance() }
            if token.kind == .closeBrace { break }
            let key = try expression()
            guard token.kind == .assign || token.kind == .colon else {
                throw unexpected("after an object's key", hint: "a key is followed by \"=\" or \":\"")
            }
            try advance()
            let value = try expression()
            members.append(HCLExpression.Member(key: key, value: value))
            height = max(height, key.height, value.height)
            switch token.kind {
            case .comma, .newline: try advance()
            case .closeBrace: break
            default: throw unexpected("in an object", hint: "members are parted by commas or line ends")
            }
        }
        let end = try close(.closeBrace, "in an object")
        return HCLExpression(.object(members), HCLRange(start, end), height: height + 1)
    }

    private var isComprehension: Bool {
        guard token.kind == .identifier, tokenText == "for" else { return false }
        // `for` may be a name itself, as in `[for.x]`: a name follows where it is not.
        var ahead = lexer
        return (try? ahead.next(skippingNewlines: true))?.kind == .identifier
    }

    private mutating func comprehension(
        _ start: HCLPlace, isObject: Bool
    ) throws(HCLProblem) -> HCLExpression {
        let (keyName, valueName, collection) = try loopHead()
        try expect(.colon, "in a for, which needs \":\" before its value")
        var value = try expression()
        var key: HCLExpression?
        var isGrouped = false
        if isObject {
            try expect(.arrow, "in a for that makes an object, which needs \"=>\"")
            key = value
            value = try expression()
            if token.kind == .ellipsis {
                isGrouped = true
                try advance()
            }
        }
        var condition: HCLExpression?
        if token.kind == .identifier, tokenText == "if" {
            try advance()
            condition = try expression()
        }
        let end = try close(isObject ? .closeBrace : .closeBracket, "after a for")
        let parts = [collection, value, key, condition].compactMap { $0?.height }
        let node = HCLComprehension(
            keyName: keyName, valueName: valueName, collection: collection, key: key, value: value,
            condition: condition, isGrouped: isGrouped)
        return HCLExpression(.comprehension(node), HCLRange(start, end), height: (parts.max() ?? 0) + 1)
    }

    /// `for k, v in collection`
    mutating func loopHead() throws(HCLProblem) -> (keyName: String?, valueName: String, HCLExpression) {
        try advance()
        var names = [try loopName()]
        if token.kind == .comma {
            try advance()
            names.append(try loopName())
        }
        guard token.kind == .identifier, tokenText == "in" else { throw unexpected("in a for, which needs \"in\"") }
        try advance()
        let collection = try expression()
        return (names.count == 2 ? names[0] : nil, names[names.count - 1], collection)
    }

    private mutating func loopName() throws(HCLProblem) -> String {
        guard token.kind == .identifier else { throw unexpected("where a for names its variable") }
        let name = tokenText
        try advance()
        return name
    }
}

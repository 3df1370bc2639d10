extension Parser {
    mutating func arrayOrComprehension(_ place: SourcePlace) throws(RegoError) -> Term {
        try advance()
        if try take(.rightBracket) { return try make(.array([]), at: place) }
        let first = try element()
        if try takeBar() {
            let body = try comprehensionBody(.rightBracket)
            return try make(.arrayComprehension(first, body), at: place)
        }
        return try make(.array(try rest(after: first, until: .rightBracket)), at: place)
    }

    mutating func braces(_ place: SourcePlace) throws(RegoError) -> Term {
        try advance()
        if try take(.rightBrace) { return try make(.object([]), at: place) }
        let first = try element()
        if try take(.colon) { return try object(firstKey: first, place) }
        if try takeBar() {
            let body = try comprehensionBody(.rightBrace)
            return try make(.setComprehension(first, body), at: place)
        }
        return try make(.set(try rest(after: first, until: .rightBrace)), at: place)
    }

    private mutating func object(firstKey: Term, _ place: SourcePlace) throws(RegoError) -> Term {
        let first = Term.Member(key: firstKey, value: try element())
        if try takeBar() {
            let body = try comprehensionBody(.rightBrace)
            return try make(.objectComprehension(first, body), at: place)
        }
        var members = [first]
        while true {
            guard try take(.comma) || at(.rightBrace) else { throw unexpected("expected \",\" or \"}\"") }
            if try take(.rightBrace) { return try make(.object(members), at: place) }
            let key = try term()
            try expect(.colon, "after the key")
            members.append(Term.Member(key: key, value: try term()))
        }
    }

    /// The first element of a collection. A `|` right after a term without operators is left: it is a comprehension's.
    private mutating func element() throws(RegoError) -> Term {
        try nested { parser throws(RegoError) in
            let place = parser.token.place
            var left = try parser.primary()
            if parser.at(.or) { return left }
            left = try parser.operation(continuing: left, 0, at: place)
            while try parser.take(keyword: "in") {
                left = try parser.call("internal.member_2", [left, try parser.operation(0)], place)
            }
            return left
        }
    }

    private mutating func rest(after first: Term, until end: Token.Symbol) throws(RegoError) -> [Term] {
        guard try take(.comma) else {
            try expect(end, "after the elements")
            return [first]
        }
        return [first] + (try list(until: end))
    }

    private mutating func takeBar() throws(RegoError) -> Bool {
        guard at(.or) else { return false }
        note(.bar)
        try advance()
        return true
    }

    private mutating func comprehensionBody(_ end: Token.Symbol) throws(RegoError) -> [Literal] {
        try nested { parser throws(RegoError) in
            let body = try parser.body(until: end)
            try parser.advance()
            return body
        }
    }

    mutating func template(isRaw: Bool, _ place: SourcePlace) throws(RegoError) -> Term {
        var parts: [Term.TemplatePart] = []
        while true {
            let (text, isEnd) = try lexer.templateText(isRaw: isRaw)
            recorder?.extend(token, to: lexer.position, isEnd: isEnd)
            if !text.isEmpty { parts.append(.text(text)) }
            if isEnd { break }
            try advance()
            let expression = try nested { parser throws(RegoError) in try parser.literal() }
            guard case .term = expression.kind, !expression.isNegated else {
                throw error("a template takes a term", at: expression.place)
            }
            parts.append(.expression(expression))
            guard at(.rightBrace) else { throw unexpected("expected } after the expression of the template") }
        }
        try advance()
        return try make(.template(parts), at: place)
    }
}

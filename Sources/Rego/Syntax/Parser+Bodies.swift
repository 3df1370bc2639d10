extension Parser {
    /// Expressions on lines of their own or with semicolons between, up to a symbol, which is not taken.
    mutating func body(until end: Token.Symbol?) throws(RegoError) -> [Literal] {
        var expressions: [Literal] = []
        func isAtEnd(_ parser: Parser) -> Bool { end.map { parser.at($0) } ?? (parser.token.kind == .end) }
        while try take(.semicolon) {}
        guard !isAtEnd(self) else { throw error("found empty body") }
        while true {
            recorder?.noteLiteral(token)
            expressions.append(try literal())
            var isSeparate = token.startsLine
            while try take(.semicolon) { isSeparate = true }
            if isAtEnd(self) { return expressions }
            guard isSeparate else {
                throw unexpected("expected \\n or ; or \(end?.rawValue ?? "the end of the query")")
            }
        }
    }

    mutating func literal() throws(RegoError) -> Literal {
        let place = token.place
        var expression = try unmodified(place)
        while try take(keyword: "with") {
            let target = try operation(1)
            guard try take(keyword: "as") else { throw unexpected("expected as keyword") }
            expression.with.append(Literal.With(target: target, value: try term()))
        }
        expression.origin = SourceSpan(start: place, end: takenEnd)
        return expression
    }

    private mutating func unmodified(_ place: SourcePlace) throws(RegoError) -> Literal {
        if try take(keyword: "not") {
            var expression = try plain(place)
            expression.isNegated = true
            return expression
        }
        if try take(keyword: "some") { return try some(place) }
        if try take(keyword: "every") { return try every(place) }
        return try plain(place)
    }

    /// A term, or two with `=` or `:=` between.
    private mutating func plain(_ place: SourcePlace) throws(RegoError) -> Literal {
        let left = try term(allowingKey: true)
        let name = at(.unify) ? "eq" : at(.assign) ? "assign" : nil
        guard let name else { return Literal(.term(left), at: place) }
        let operatorPlace = token.place
        try advance()
        let right = try term(allowingKey: true)
        let call = try make(.call(Term(.variable(name), at: operatorPlace), [left, right]), at: place)
        return Literal(.term(call), at: place)
    }

    private mutating func some(_ place: SourcePlace) throws(RegoError) -> Literal {
        var terms = [try operation(1)]
        while try take(.comma) { terms.append(try operation(1)) }
        guard try take(keyword: "in") else {
            for term in terms where term.variable == nil {
                throw error("expected a variable after some", at: term.place)
            }
            return Literal(.some(terms), at: place)
        }
        guard terms.count <= 2, let value = terms.last else {
            throw error("illegal variables in some declaration: expected at most a key and a value", at: place)
        }
        let key = terms.count == 2 ? terms.first : nil
        return Literal(.someIn(key: key, value: value, collection: try term()), at: place)
    }

    private mutating func every(_ place: SourcePlace) throws(RegoError) -> Literal {
        var names = [try primary()]
        if try take(.comma) { names.append(try primary()) }
        for name in names where name.variable == nil { throw error("expected a variable after every", at: name.place) }
        guard try take(keyword: "in") else { throw unexpected("expected in keyword") }
        let domain = try operation(0)
        let body = try braced()
        let key = names.count == 2 ? names[0] : nil
        return Literal(.every(key: key, value: names[names.count - 1], domain: domain, body: body), at: place)
    }

    /// `{ … }` with a body within.
    mutating func braced() throws(RegoError) -> [Literal] {
        note(.bodyBrace)
        try expect(.leftBrace, "before the body")
        return try nested { parser throws(RegoError) in
            let body = try parser.body(until: .rightBrace)
            try parser.advance()
            return body
        }
    }
}

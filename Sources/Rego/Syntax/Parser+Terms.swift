extension Parser {
    /// A term with operators, `in` included. `k, v in xs` is read only where a comma can mean nothing else.
    mutating func term(allowingKey: Bool = false) throws(RegoError) -> Term {
        try nested { parser throws(RegoError) in
            let place = parser.token.place
            var left = try parser.operation(0)
            if allowingKey, parser.at(.comma), let call = try parser.keyedMembership(left, place) { left = call }
            return try parser.membership(left, place)
        }
    }

    private mutating func membership(_ first: Term, _ place: SourcePlace) throws(RegoError) -> Term {
        var left = first
        while try take(keyword: "in") {
            let collection = try operation(0)
            left = try call("internal.member_2", [left, collection], place)
        }
        return left
    }

    /// Nil, with nothing taken, when the comma does not belong to `k, v in xs`.
    private mutating func keyedMembership(_ key: Term, _ place: SourcePlace) throws(RegoError) -> Term? {
        let saved = self
        try advance()
        let value = try operation(0)
        guard try take(keyword: "in") else {
            self = saved
            return nil
        }
        return try call("internal.member_3", [key, value, try operation(0)], place)
    }

    mutating func call(_ name: String, _ arguments: [Term], _ place: SourcePlace) throws(RegoError) -> Term {
        try make(.call(Term(.variable(name), at: place), arguments), at: place)
    }

    // MARK: Operators

    private static let operators: [Token.Symbol: (name: String, level: Int)] = [
        .equal: ("equal", 0), .notEqual: ("neq", 0), .less: ("lt", 0), .lessOrEqual: ("lte", 0), .greater: ("gt", 0),
        .greaterOrEqual: ("gte", 0), .or: ("or", 1), .and: ("and", 2), .plus: ("plus", 3), .minus: ("minus", 3),
        .times: ("mul", 4), .divide: ("div", 4), .remainder: ("rem", 4),
    ]

    private func operatorHere(_ level: Int, withoutOr: Bool) -> (name: String, level: Int)? {
        guard case .symbol(let symbol) = token.kind, let found = Self.operators[symbol], found.level >= level,
            !(withoutOr && symbol == .or)
        else { return nil }
        return found
    }

    /// Operators of at least a level, left to right. Without `|` where that would start a comprehension's body.
    mutating func operation(_ level: Int, withoutOr: Bool = false) throws(RegoError) -> Term {
        let place = token.place
        let left = try primary()
        return try operation(continuing: left, level, at: place, withoutOr: withoutOr)
    }

    mutating func operation(
        continuing first: Term, _ level: Int, at place: SourcePlace, withoutOr: Bool = false
    ) throws(RegoError) -> Term {
        var left = first
        while let found = operatorHere(level, withoutOr: withoutOr) {
            try advance()
            let right = try nested { parser throws(RegoError) in
                try parser.operation(found.level + 1, withoutOr: withoutOr)
            }
            left = try make(.call(Term(.variable(found.name), at: place), [left, right]), at: place)
        }
        return left
    }

    // MARK: Primaries

    mutating func primary() throws(RegoError) -> Term {
        let place = token.place
        let head = try nested { parser throws(RegoError) in try parser.head(place) }
        return try tail(of: head, place)
    }

    private mutating func head(_ place: SourcePlace) throws(RegoError) -> Term {
        note(.plain)
        switch token.kind {
        case .number(let text): return try number(text, isNegative: false, place)
        case .string(let text):
            try advance()
            return try make(.string(text), at: place)
        case .template(let isRaw): return try template(isRaw: isRaw, place)
        case .identifier(let name): return try word(name, place)
        case .symbol(.minus):
            note(.sign)
            try advance()
            guard case .number(let text) = token.kind else { throw unexpected("expected number") }
            return try number(text, isNegative: true, place)
        case .symbol(.leftBracket): return try arrayOrComprehension(place)
        case .symbol(.leftBrace): return try braces(place)
        case .symbol(.leftParenthesis):
            try advance()
            let inner = try term(allowingKey: true)
            try expect(.rightParenthesis, "after the term")
            return inner
        default: throw unexpected(token.kind == .end ? "expected a term" : nil)
        }
    }

    private mutating func number(_ text: String, isNegative: Bool, _ place: SourcePlace) throws(RegoError) -> Term {
        guard let number = RegoNumber(spelling: isNegative ? "-\(text)" : text) else {
            throw error("illegal number format")
        }
        try advance()
        return try make(.number(number), at: place)
    }

    private mutating func word(_ name: String, _ place: SourcePlace) throws(RegoError) -> Term {
        if at(keyword: name) {
            let node: Term.Node? =
                switch name {
                case "null": .null
                case "true": .bool(true)
                case "false": .bool(false)
                case "contains": .variable(name)
                default: nil
                }
            guard let node else { throw unexpected() }
            try advance()
            return try make(node, at: place)
        }
        try advance()
        if name == "set", at(.leftParenthesis), token.isAdjacent {
            let saved = self
            note(.call)
            try advance()
            if try take(.rightParenthesis) { return try make(.set([]), at: place) }
            self = saved
        }
        return try make(.variable(name), at: place)
    }

    /// What follows a head directly: `.x`, `[x]`, `(x)`.
    private mutating func tail(of first: Term, _ place: SourcePlace) throws(RegoError) -> Term {
        var head = first
        var path: [Term] = []
        while token.isAdjacent {
            if let step = try step() {
                path.append(step)
                guard path.count <= 1000 else { throw error("the reference has more than 1000 parts") }
            } else if at(.leftParenthesis), isFunctionName(head, path) {
                let function = path.isEmpty ? head : try make(.reference(head, path), at: place)
                head = try make(.call(function, try arguments()), at: place)
                path = []
            } else {
                break
            }
        }
        if path.isEmpty { return head }
        guard !head.isScalar else { throw error("illegal ref (head cannot be a scalar)", at: place) }
        return try make(.reference(head, path), at: place)
    }

    private func isFunctionName(_ head: Term, _ path: [Term]) -> Bool {
        head.variable != nil && path.allSatisfy { $0.string != nil }
    }

    /// `.x` or `[x]`; nil when neither is here.
    mutating func step() throws(RegoError) -> Term? {
        if at(.dot) {
            try advance()
            let place = token.place
            guard case .identifier(let name) = token.kind, token.isAdjacent else { throw unexpected("expected ident") }
            try advance()
            return try make(.string(name), at: place)
        }
        guard at(.leftBracket) else { return nil }
        note(.index)
        try advance()
        let inner = try term()
        try expect(.rightBracket, "after the key")
        return inner
    }

    mutating func arguments() throws(RegoError) -> [Term] {
        note(.call)
        try expect(.leftParenthesis, "before the arguments")
        return try list(until: .rightParenthesis)
    }

    /// Terms with commas between and, if wanted, after them, up to a symbol, which is taken.
    mutating func list(until end: Token.Symbol) throws(RegoError) -> [Term] {
        var terms: [Term] = []
        while true {
            if try take(end) { return terms }
            terms.append(try term())
            guard try take(.comma) || at(end) else { throw unexpected("expected \",\" or \"\(end.rawValue)\"") }
        }
    }
}

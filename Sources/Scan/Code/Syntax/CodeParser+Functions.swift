extension CodeParser {
    // MARK: - JavaScript

    /// At `function`, or Go's `func`.
    mutating func functionLiteral() -> CodeExpression {
        let start = index
        index += 1
        _ = take("*")
        var name: String?
        if let word = token?.word {
            name = word
            index += 1
        }
        skipAngles()
        let parameters = parameters()
        skipToBody()
        return .function(function(name, parameters, from: start))
    }

    mutating func function(
        _ name: String?, _ parameters: [CodeParameter], decorators: [CodeExpression] = [], from start: Int
    ) -> CodeFunction {
        let body = block()
        return CodeFunction(
            name: name, parameters: parameters, decorators: decorators, body: body, range: range(from: start))
    }

    /// Past a result's type to the brace of a body; stays before what is no body.
    mutating func skipToBody() {
        let start = index
        while let token, !token.isSymbol("{") {
            if token.isSymbol(";") || token.isSymbol("}") || token.isSymbol("=")
                || (token.isNewline && language != .swift)
            {
                index = start
                return
            }
            if token.isNewline, peek(1)?.isSymbol("{") != true, peek(1)?.isWord("where") != true {
                index = start
                return
            }
            // Go: `func() interface{} {`, `func() struct{…} {`.
            if token.isWord("interface") || token.isWord("struct") { index += 1 }
            skipOne()
        }
    }

    mutating func skipAngles() {
        guard isAt("<") else { return }
        var open = 0
        while let token, !token.isNewline {
            if token.isSymbol("<") { open += 1 }
            if token.isSymbol(">") { open -= 1 }
            if token.isSymbol(">>") { open -= 2 }
            index += 1
            if open <= 0 { return }
        }
    }

    /// Whether an arrow follows a closing parenthesis, with a type between.
    func isArrow(after closing: Int) -> Bool {
        guard closing + 1 < tokens.count else { return false }
        if tokens[closing + 1].isSymbol("=>") { return true }
        guard tokens[closing + 1].isSymbol(":") else { return false }
        var next = closing + 2
        while next < tokens.count, next < closing + 30 {
            if tokens[next].isSymbol("=>") { return true }
            guard tokens[next].word != nil || ["<", ">", "[", "]", ".", "|", ","].contains(tokens[next].symbol ?? "")
            else {
                return false
            }
            next += 1
        }
        return false
    }

    /// At its parameters.
    mutating func arrow() -> CodeExpression {
        let start = index
        var names: [CodeParameter] = []
        if isAt("(") {
            names = parameters()
        } else if let word = token?.word {
            names = [CodeParameter(name: word)]
            index += 1
        }
        while let token, !token.isSymbol("=>"), !token.isNewline { index += 1 }
        _ = take("=>")
        if isAt("{") { return .function(function(nil, names, from: start)) }
        let value = nestedWithBraces { $0.expression() }
        return .function(
            CodeFunction(
                name: nil, parameters: names, decorators: [], body: [.expression(value)], range: range(from: start)))
    }

    /// `name(…) {` among the entries of an object or class; nil, and nothing is read, for what is none.
    mutating func objectMethod(_ end: Int) -> CodeFunction? {
        guard language == .javaScript else { return nil }
        let start = index
        while let word = token?.word,
            ["async", "get", "set", "static", "public", "private", "protected", "override"].contains(word),
            peek(1)?.word != nil || peek(1)?.isSymbol("*") == true
        { index += 1 }
        _ = take("*")
        if isAt("#") { index += 1 }
        guard let name = token?.word, !["if", "for", "while", "switch", "catch", "with", "function"].contains(name)
        else {
            index = start
            return nil
        }
        index += 1
        if isAt("<") { skipAngles() }
        guard isAt("("), matches[index] < end else {
            index = start
            return nil
        }
        let parameters = parameters()
        if isAt(":") { skipToBody() }
        guard isAt("{") else {
            index = start
            return nil
        }
        return function(name, parameters, from: start)
    }

    // MARK: - Swift

    /// At its brace.
    mutating func swiftClosure() -> CodeFunction {
        let start = index
        let end = matches[index]
        var names: [CodeParameter] = []
        // Names stand before `in`, on the first line.
        var next = index + 1
        while next < end, !tokens[next].isNewline, next < index + 60 {
            if tokens[next].isWord("in") {
                let inner = tokens[(index + 1)..<next].filter { !$0.isSymbol("(") && !$0.isSymbol(")") }
                names = inner.split { $0.isSymbol(",") }.compactMap { part in
                    let type = part.dropFirst(2).prefix {
                        !$0.isWord("async") && !$0.isWord("throws") && !$0.isSymbol("->")
                    }
                    return part.first { $0.word != nil }?.word.map { CodeParameter(name: $0, type: Self.text(type)) }
                }
                break
            }
            next += 1
        }
        let hasNames = next < end && next < tokens.count && tokens[next].isWord("in")
        index = hasNames ? next + 1 : index + 1
        let body = statements(until: end)
        index = min(end + 1, tokens.count)
        return CodeFunction(name: nil, parameters: names, decorators: [], body: body, range: range(from: start))
    }
}

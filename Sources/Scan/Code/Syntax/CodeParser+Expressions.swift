extension CodeParser {
    private static let operators: Set<String> = [
        "+", "-", "*", "/", "%", "**", "//", "<<", ">>", "&", "|", "^", "==", "!=", "===", "!==", "<", ">", "<=", ">=",
        "&&", "||", "??", "...", "..<", "@",
    ]
    private static let comparisons: Set<String> = [
        "==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "is", "instanceof",
    ]

    /// With what decides between two values.
    mutating func expression() -> CodeExpression {
        guard depth < Self.greatestDepth else {
            let start = index
            skipOne()
            return .other(range(from: start))
        }
        depth += 1
        defer { depth -= 1 }
        let value = joined()
        if language == .python {
            guard isAtWord("if") else { return value }
            index += 1
            let test = joined()
            guard takeWord("else") else { return .each(value, target: .other(test.range), in: test) }
            return .either(test: test, [value, expression()])
        }
        skipNewlinesBefore(["?"])
        guard language != .go, isAt("?") else { return value }
        index += 1
        let first = expression()
        skipNewlinesBefore([":"])
        guard take(":") else { return .either(test: value, [first]) }
        return .either(test: value, [first, expression()])
    }

    private mutating func joined() -> CodeExpression {
        let start = index
        guard depth < Self.greatestDepth else {
            skipOne()
            return .other(range(from: start))
        }
        depth += 1
        defer { depth -= 1 }
        var parts = [unary()]
        var operators: [String] = []
        while let symbol = binary() {
            operators.append(symbol)
            while let token, token.isNewline { index += 1 }
            parts.append(unary())
        }
        guard parts.count > 1 else { return parts[0] }
        if operators.contains(where: Self.comparisons.contains) { return .truth(parts, operators) }
        return .join(parts, operators, range(from: start))
    }

    private mutating func binary() -> String? {
        skipNewlinesBefore(["+", "-", "*", "%", "&&", "||", "??", "|", "==", "===", "!=", "!=="])
        guard let token else { return nil }
        if let symbol = token.symbol, Self.operators.contains(symbol) {
            index += 1
            return symbol
        }
        guard let word = token.word else { return nil }
        switch (language, word) {
        case (.python, "and"), (.python, "or"), (.python, "in"), (.python, "is"), (.javaScript, "in"),
            (.javaScript, "instanceof"), (.swift, "is"):
            index += 1
            return word
        case (.python, "not") where peek(1)?.isWord("in") == true:
            index += 2
            return "in"
        case (.swift, "as"), (.javaScript, "as"), (.javaScript, "satisfies"):
            // What type it is taken for says nothing of its value.
            index += 1
            if isAt("?") || isAt("!") { index += 1 }
            skipType()
            return binary()
        default: return nil
        }
    }

    /// Lines of braced languages go on where the next begins with one of these.
    mutating func skipNewlinesBefore(_ symbols: Set<String>) {
        guard language != .python, language != .go, token?.isNewline == true else { return }
        var next = index
        while next < tokens.count, tokens[next].isNewline { next += 1 }
        guard next < tokens.count, let symbol = tokens[next].symbol, symbols.contains(symbol) else { return }
        index = next
    }

    private mutating func skipType() {
        while let token {
            if token.word != nil { index += 1 } else if isAt("[") || isAt("(") { skipOne() } else { return }
            guard isAt(".") || isAt("|") || isAt("&") || isAt("[") else { break }
            if !isAt("[") { index += 1 }
        }
        if isAt("<") { _ = skipGenerics() }
        if isAt("?") || isAt("!"), language == .swift { index += 1 }
    }

    // MARK: - Before a value

    private mutating func unary() -> CodeExpression {
        guard let token, depth < Self.greatestDepth else { return operand() }
        let start = index
        if let symbol = token.symbol {
            switch symbol {
            case "!":
                index += 1
                return .truth([nested { $0.unary() }], [])
            case "-", "+", "~", "&", "*", "<-", "...", "**", "++", "--":
                index += 1
                return nested { $0.unary() }
            default: return operand()
            }
        }
        switch (language, token.word ?? "") {
        case (.python, "not"), (.javaScript, "typeof"), (.javaScript, "delete"):
            index += 1
            return .truth([nested { $0.unary() }], [])
        case (_, "await"), (.javaScript, "new"), (.javaScript, "void"), (.python, "yield"), (.javaScript, "yield"),
            (.swift, "try"), (.python, "from"):
            index += 1
            if language == .swift, isAt("?") || isAt("!") { index += 1 }
            if self.token == nil || self.token?.isNewline == true || isAt(")") { return .other(range(from: start)) }
            return nested { $0.unary() }
        case (.python, "lambda"): return lambda()
        default: return operand()
        }
    }

    private mutating func nested(_ read: (inout CodeParser) -> CodeExpression) -> CodeExpression {
        depth += 1
        defer { depth -= 1 }
        return read(&self)
    }

    private mutating func lambda() -> CodeExpression {
        let start = index
        index += 1
        var names: [CodeParameter] = []
        while let token, !token.isSymbol(":"), !token.isNewline {
            if let word = token.word { names.append(CodeParameter(name: word)) }
            skipOne()
        }
        _ = take(":")
        let value = nested { $0.expression() }
        return .function(
            CodeFunction(
                name: nil, parameters: names, decorators: [], body: [.expression(value)], range: range(from: start)))
    }

    // MARK: - Values

    private mutating func operand() -> CodeExpression {
        let start = index
        var value = primary()
        var links = 0
        while let token {
            links += 1
            // Nobody writes such chains; what they are made of would be followed for ever.
            if links > Self.greatestChain { value = .other(range(from: start)) }
            switch token.symbol ?? "" {
            case ".", "?.":
                if token.isSymbol("?."), peek(1)?.isSymbol("(") == true || peek(1)?.isSymbol("[") == true {
                    index += 1
                    continue
                }
                guard let name = peek(1)?.word ?? (peek(1)?.isSymbol("(") == true ? "" : nil) else {
                    index += 1
                    return value
                }
                index += name.isEmpty ? 1 : 2
                // Go: `x.(T)` is x.
                if name.isEmpty { skipOne() } else { value = .member(value, name, range(from: start)) }
            case "!" where language != .python && language != .go && peek(1)?.isSymbol(".") == true: index += 1
            case "?" where language == .swift && (peek(1)?.isSymbol(".") == true || peek(1)?.isSymbol("[") == true):
                index += 1
            case "(": value = .call(value, arguments(), range(from: start))
            case "[": value = subscripted(value, start)
            case "<" where isCallee(value) && skipGenerics(): continue
            case "{" where opensClosure(value): value = trailing(value, start)
            case "{" where language == .go && !bracesAreBlocks && isCallee(value):
                value = .call(value, arguments(), range(from: start))
            case "++", "--": index += 1
            default:
                if case .text(let parts) = token.kind, language == .javaScript, isCallee(value) {
                    index += 1
                    value = .tagged(value, values(parts), range(from: start))
                    continue
                }
                // `.then` on the next line.
                let line = index
                skipNewlinesBefore([".", "?."])
                if index == line { return value }
            }
        }
        return value
    }

    private func isCallee(_ value: CodeExpression) -> Bool {
        switch value {
        case .name, .member, .index: true
        default: false
        }
    }

    private func opensClosure(_ value: CodeExpression) -> Bool {
        guard language == .swift, !bracesAreBlocks else { return false }
        switch value {
        case .name, .member, .call: return true
        default: return false
        }
    }

    private mutating func trailing(_ value: CodeExpression, _ start: Int) -> CodeExpression {
        let closure = CodeArgument(label: nil, value: .function(swiftClosure()))
        if case .call(let callee, let arguments, _) = value {
            return .call(callee, arguments + [closure], range(from: start))
        }
        return .call(value, [closure], range(from: start))
    }

    private mutating func subscripted(_ value: CodeExpression, _ start: Int) -> CodeExpression {
        let end = matches[index]
        index += 1
        let inner: CodeExpression = index < end ? nestedWithBraces { $0.expression() } : .other(range(from: start))
        index = min(end + 1, tokens.count)
        return .index(value, inner, range(from: start))
    }

    mutating func nestedWithBraces<Value>(_ read: (inout CodeParser) -> Value) -> Value {
        let outer = bracesAreBlocks
        bracesAreBlocks = false
        depth += 1
        defer {
            bracesAreBlocks = outer
            depth -= 1
        }
        return read(&self)
    }

    /// `<T, U>` before a parenthesis; false, and nothing is skipped, for what is a comparison.
    private mutating func skipGenerics() -> Bool {
        guard language != .python, isAt("<") else { return false }
        var next = index + 1
        var open = 1
        while next < tokens.count, next < index + 24, open > 0 {
            switch tokens[next].kind {
            case .word: break
            case .symbol("<"): open += 1
            case .symbol(">"): open -= 1
            case .symbol(">>"): open -= 2
            case .symbol(","), .symbol("."), .symbol("["), .symbol("]"), .symbol("|"), .symbol("?"), .symbol("*"): break
            default: return false
            }
            next += 1
        }
        guard open <= 0, next < tokens.count, tokens[next].isSymbol("(") else { return false }
        index = next
        return true
    }

    private mutating func primary() -> CodeExpression {
        let start = index
        guard let token else { return .other(0..<0) }
        switch token.kind {
        case .number:
            index += 1
            return .constant(token.range)
        case .text: return text()
        case .word(let word): return named(word)
        case .symbol("("):
            if language == .javaScript, isArrow(after: matches[index]) { return arrow() }
            let items = arguments()
            if items.count == 1, items[0].label == nil { return items[0].value }
            return .list(items, range(from: start))
        case .symbol("["):
            let items = arguments()
            // Go: `[]byte(x)`, `[]string{…}`.
            if language == .go, items.isEmpty, self.token?.word != nil || isAt("*"), depth < Self.greatestDepth {
                if isAt("*") { index += 1 }
                return nested { $0.primary() }
            }
            return .list(items, range(from: start))
        case .symbol("{"):
            if language == .swift { return .function(swiftClosure()) }
            return .list(arguments(), range(from: start))
        case .symbol(")"), .symbol("]"), .symbol("}"), .symbol(","), .symbol(";"), .symbol(":"), .newline:
            return .other(token.range)
        case .symbol(".") where language == .swift && peek(1)?.word != nil:
            index += 2
            return .name(tokens[index - 1].word ?? "", range(from: start))
        case .symbol:
            index += 1
            return .other(token.range)
        }
    }

    private mutating func named(_ word: String) -> CodeExpression {
        let start = index
        let range = tokens[index].range
        switch (language, word) {
        case (.javaScript, "async") where peek(1)?.isWord("function") == true:
            index += 1
            return functionLiteral()
        case (.javaScript, "async") where peek(1)?.isSymbol("(") == true && isArrow(after: matches[index + 1]),
            (.javaScript, "async") where peek(2)?.isSymbol("=>") == true:
            index += 1
            return arrow()
        case (.javaScript, "function"), (.go, "func"): return functionLiteral()
        case (.javaScript, "class"):
            index += 1
            while let token, !token.isSymbol("{"), !token.isNewline { index += 1 }
            let body = typeBody()
            return .function(
                CodeFunction(
                    name: nil, parameters: [], decorators: [], body: [.type(body)], range: self.range(from: start)))
        case (.javaScript, _) where peek(1)?.isSymbol("=>") == true: return arrow()
        case (.go, "map"), (.go, "chan"), (.go, "interface"), (.go, "struct"):
            index += 1
            if isAt("[") { skipOne() }
            if isAt("{"), word == "interface" || word == "struct" { skipOne() }
            if language == .go, let token, token.word != nil || token.isSymbol("*") { index += 1 }
            return .other(range)
        default:
            index += 1
            return ["True", "False", "None", "true", "false", "null", "nil", "undefined"].contains(word)
                ? .constant(range) : .name(word, range)
        }
    }

    // MARK: - Texts

    /// Python puts texts beside each other together.
    private mutating func text() -> CodeExpression {
        let start = index
        var all: [CodeExpression] = []
        while let token, case .text(let parts) = token.kind {
            index += 1
            all += values(parts, in: token.range)
            if language != .python { break }
            while depth > 1, self.token?.isNewline == true, let next = peek(1), case .text = next.kind { index += 1 }
        }
        if all.allSatisfy({ if case .literal = $0 { true } else { false } }) {
            let words = all.map { part -> String in
                if case .literal(let text, _) = part { return text }
                return ""
            }
            return .literal(words.joined(), range(from: start))
        }
        return .text(all, range(from: start))
    }

    private func values(_ parts: [CodeToken.Part], in range: Range<Int> = 0..<0) -> [CodeExpression] {
        parts.map { part in
            switch part {
            case .literal(let text): return .literal(text, range)
            case .code(let tokens):
                var inner = CodeParser(tokens, language)
                inner.depth = depth + 1
                return inner.expression()
            }
        }
    }

    // MARK: - Arguments and elements

    /// Within brackets of any kind: values with their labels or keys.
    mutating func arguments() -> [CodeArgument] {
        let end = matches[index]
        index += 1
        var found: [CodeArgument] = []
        guard depth < Self.greatestDepth else {
            index = min(end + 1, tokens.count)
            return []
        }
        nestedWithBraces { parser in
            while parser.index < end {
                while let token = parser.token, token.isNewline || token.isSymbol(",") || token.isSymbol(";") {
                    parser.index += 1
                }
                guard parser.index < end else { return }
                let start = parser.index
                found.append(parser.argument(end))
                if parser.index == start { parser.skipOne() }
                // What is left of one that was not understood.
                while parser.index < end, !parser.isAt(","), parser.token?.isNewline != true, !parser.isAt(";") {
                    parser.skipOne()
                }
            }
        }
        index = min(end + 1, tokens.count)
        return found
    }

    private mutating func argument(_ end: Int) -> CodeArgument {
        if let method = objectMethod(end) { return CodeArgument(label: method.name, value: .function(method)) }
        var label: String?
        // `name=`, `name:`, and keys that are texts.
        if let next = peek(1), let mark = next.symbol, mark == "=" && language == .python || mark == ":" {
            if let word = token?.word {
                label = word
            } else if let token, case .text(let parts) = token.kind, case .literal(let text)? = parts.first,
                parts.count == 1
            {
                label = text
            }
            if label != nil { index += 2 }
        }
        while let token, token.isNewline { index += 1 }
        var value = expression()
        // A key that is computed.
        if isAt(":"), index < end {
            index += 1
            value = .list(
                [CodeArgument(label: nil, value: value), CodeArgument(label: nil, value: expression())], value.range)
        }
        if language == .python {
            var rounds = 0
            while rounds < 10, isAtWord("for") || isAtWord("async") || isAtWord("if") {
                comprehend(&value, end)
                rounds += 1
            }
        }
        return CodeArgument(label: label, value: value)
    }

    private mutating func comprehend(_ value: inout CodeExpression, _ end: Int) {
        _ = takeWord("async")
        if takeWord("if") {
            _ = nested { $0.expression() }
            return
        }
        guard takeWord("for") else { return }
        let start = index
        while index < end, !isAtWord("in") { skipOne() }
        var names = CodeParser(Array(tokens[start..<min(index, end)]), language)
        let target = names.targets()
        _ = takeWord("in")
        let source = nested { $0.expression() }
        value = .each(value, target: .list(target.map { CodeArgument(label: nil, value: $0) }, value.range), in: source)
    }

    /// Names divided by commas.
    mutating func targets() -> [CodeExpression] {
        var targets: [CodeExpression] = []
        while let token, !token.isNewline {
            if token.isSymbol(",") || token.isSymbol("(") || token.isSymbol(")") || token.isSymbol("*") {
                index += 1
                continue
            }
            let start = index
            targets.append(expression())
            if index == start { index += 1 }
        }
        return targets
    }
}

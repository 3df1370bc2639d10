/// Python's lines, by how far they are indented.
struct PythonLines {
    struct Line {
        var indent: Int
        /// Its first token.
        var start: Int
    }

    let lines: [Line]
    /// The line at hand.
    var next = 0

    init(_ tokens: [CodeToken]) {
        var lines: [Line] = []
        var indent = 0
        var isStart = true
        for (index, token) in tokens.enumerated() {
            if case .newline(let after) = token.kind {
                indent = after
                isStart = true
            } else if isStart {
                lines.append(Line(indent: indent, start: index))
                isStart = false
            }
        }
        self.lines = lines
    }

    var line: Line? { next < lines.count ? lines[next] : nil }
}

extension CodeParser {
    mutating func pythonFile() -> [CodeStatement] {
        var lines = PythonLines(tokens)
        return pythonBlock(&lines, below: -1)
    }

    /// The lines that are indented more than `indent`.
    private mutating func pythonBlock(_ lines: inout PythonLines, below indent: Int) -> [CodeStatement] {
        depth += 1
        defer { depth -= 1 }
        var statements: [CodeStatement] = []
        var decorators: [CodeExpression] = []
        while let line = lines.line, line.indent > indent {
            lines.next += 1
            index = line.start
            // Too deep to be read by anybody.
            guard depth < Self.greatestDepth else { continue }
            if take("@") {
                decorators.append(expression())
                continue
            }
            statements += pythonLine(&lines, line.indent, decorators)
            decorators = []
        }
        return statements
    }

    private mutating func pythonLine(
        _ lines: inout PythonLines, _ indent: Int, _ decorators: [CodeExpression]
    ) -> [CodeStatement] {
        let start = index
        if isAtWord("async"), ["def", "for", "with"].contains(peek(1)?.word ?? "") { index += 1 }
        switch token?.word ?? "" {
        case "def": return [definition(&lines, indent, decorators, from: start)]
        case "class":
            let head = classHead(from: start)
            return [.type(body(&lines, indent), head)]
        case "if", "elif", "while":
            index += 1
            let test = expression()
            return [.condition(test), .block(body(&lines, indent))]
        case "for":
            index += 1
            let loop = loopHead()
            return [loop, .block(body(&lines, indent))]
        case "with":
            index += 1
            let bindings = withItems()
            return bindings + [.block(body(&lines, indent))]
        case "try", "else", "finally", "except": return [.block(body(&lines, indent))]
        case "match" where endsInColon(), "case" where endsInColon(): return [.block(body(&lines, indent))]
        case "import": return pythonImport()
        case "from": return pythonFrom()
        default: return simpleStatements()
        }
    }

    /// At `class`.
    private mutating func classHead(from start: Int) -> CodeTypeHead {
        index += 1
        var head = CodeTypeHead(name: token?.word)
        if head.name != nil { index += 1 }
        if isAt("[") { skipOne() }
        if isAt("(") { head.bases = arguments().filter { $0.label == nil }.map(\.value) }
        head.range = range(from: start)
        return head
    }

    private func endsInColon() -> Bool {
        var place = index
        while place < tokens.count, !tokens[place].isNewline { place += 1 }
        return place > index && tokens[place - 1].isSymbol(":")
    }

    private mutating func definition(
        _ lines: inout PythonLines, _ indent: Int, _ decorators: [CodeExpression], from start: Int
    ) -> CodeStatement {
        index += 1
        let name = token?.word
        index += 1
        if isAt("[") { skipOne() }
        let parameters = parameters()
        let body = body(&lines, indent)
        let last = lines.next < lines.lines.count ? lines.lines[lines.next].start : tokens.count
        let end = last > 0 && last <= tokens.count ? tokens[last - 1].range.upperBound : 0
        let first = tokens[start].range.lowerBound
        return .function(
            CodeFunction(
                name: name, parameters: parameters, decorators: decorators, body: body, range: first..<max(first, end)))
    }

    /// What stands after the colon of this line, and the lines below it.
    private mutating func body(_ lines: inout PythonLines, _ indent: Int) -> [CodeStatement] {
        while let token, !token.isSymbol(":"), !token.isNewline { skipOne() }
        var statements: [CodeStatement] = []
        if take(":") { statements = simpleStatements() }
        return statements + pythonBlock(&lines, below: indent)
    }

    private mutating func loopHead() -> CodeStatement {
        let start = index
        while let token, !token.isWord("in"), !token.isSymbol(":"), !token.isNewline { skipOne() }
        var names = CodeParser(Array(tokens[start..<index]), language)
        let targets = names.targets()
        _ = takeWord("in")
        let source = expression()
        return .loop(
            target: .list(targets.map { CodeArgument(label: nil, value: $0) }, source.range), source: source)
    }

    private mutating func withItems() -> [CodeStatement] {
        var found: [CodeStatement] = []
        while let token, !token.isNewline, !token.isSymbol(":") {
            let start = index
            let value = expression()
            if takeWord("as") {
                found.append(.assign([expression()], value, isNew: true))
            } else {
                found.append(.expression(value))
            }
            _ = take(",")
            if index == start { skipOne() }
        }
        return found
    }

    private mutating func simpleStatements() -> [CodeStatement] {
        var found: [CodeStatement] = []
        while let token, !token.isNewline {
            if token.isSymbol(";") {
                index += 1
                continue
            }
            let start = index
            found += pythonSimple()
            if index == start { skipOne() }
            while let token = self.token, !token.isNewline, !token.isSymbol(";") { skipOne() }
        }
        return found
    }

    private mutating func pythonSimple() -> [CodeStatement] {
        switch token?.word ?? "" {
        case "return", "raise", "yield", "del", "await":
            if isAtWord("await") || isAtWord("yield") { return [.expression(expression())] }
            index += 1
            return [.expression(pythonValue())]
        case "assert":
            index += 1
            return [.condition(expression())]
        case "pass", "break", "continue", "global", "nonlocal":
            while let token, !token.isNewline, !token.isSymbol(";") { index += 1 }
            return []
        case "import": return pythonImport()
        case "from": return pythonFrom()
        default: break
        }
        let first = pythonValue()
        // `x: int = 5`
        if take(":") { _ = expression() }
        if case .list(let items, _) = first, isAt("=") {
            return value(of: [.list(items, first.range)], isNew: true)
        }
        return value(of: [first], isNew: true)
    }

    /// Values divided by commas, which make a tuple.
    mutating func pythonValue() -> CodeExpression {
        let start = index
        let first = expression()
        guard isAt(",") else { return first }
        var items = [CodeArgument(label: nil, value: first)]
        while take(",") {
            guard let token, !token.isNewline, !token.isSymbol("=") else { break }
            let place = index
            items.append(CodeArgument(label: nil, value: expression()))
            if index == place { break }
        }
        return .list(items, range(from: start))
    }

    // MARK: - Imports

    private mutating func dotted() -> String {
        var name = ""
        while let token, token.word != nil || token.isSymbol(".") || token.isSymbol("...") {
            if token.isWord("import") || token.isWord("as") { break }
            name += token.word ?? "."
            index += 1
        }
        return name
    }

    private mutating func pythonImport() -> [CodeStatement] {
        index += 1
        var found: [CodeStatement] = []
        repeat {
            let name = dotted()
            if takeWord("as") {
                if let word = token?.word { found.append(.alias(word, name)) }
                index += 1
            } else if let first = name.split(separator: ".").first {
                found.append(.alias(String(first), String(first)))
            }
        } while take(",")
        return found
    }

    private mutating func pythonFrom() -> [CodeStatement] {
        index += 1
        let module = dotted()
        guard takeWord("import") else { return [] }
        _ = take("(")
        var found: [CodeStatement] = []
        while let token, !token.isSymbol(")"), !token.isNewline, !token.isSymbol(";") {
            if let word = token.word {
                let hasAlias = peek(1)?.isWord("as") == true
                found.append(.alias((hasAlias ? peek(2)?.word : nil) ?? word, "\(module).\(word)"))
                index += hasAlias ? 2 : 0
            }
            index += 1
        }
        return found
    }
}

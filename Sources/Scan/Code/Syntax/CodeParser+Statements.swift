extension CodeParser {
    private static let modifiers: Set<String> = [
        "export", "default", "declare", "abstract", "public", "private", "fileprivate", "internal", "protected",
        "static",
        "final", "override", "mutating", "nonisolated", "open", "package", "lazy", "weak", "unowned", "convenience",
        "required", "indirect", "readonly", "isolated", "defer", "go", "nonmutating", "dynamic", "optional",
    ]
    private static let types: Set<String> = [
        "class", "struct", "enum", "extension", "protocol", "actor", "interface", "namespace", "module",
    ]
    private static let headers: Set<String> = [
        "if", "while", "switch", "guard", "for", "select", "repeat", "do", "else", "try",
    ]

    /// One statement of a language with braces, with the blocks that belong to it.
    mutating func bracedStatement() -> [CodeStatement] {
        guard depth < Self.greatestDepth else {
            skipOne()
            return []
        }
        depth += 1
        defer { depth -= 1 }
        while isAt("@"), peek(1)?.word != nil {
            index += 2
            if isAt("("), peek(-1).map({ $0.range.upperBound == token?.range.lowerBound }) == true { skipOne() }
            skipNewlines()
        }
        while let word = token?.word, Self.modifiers.contains(word), peek(1)?.isNewline == false,
            peek(1)?.isSymbol("(") != true || word == "defer" || word == "go", peek(1)?.isSymbol("=") != true
        {
            index += 1
            if language == .swift, isAt("("), peek(1)?.isWord("set") == true { skipOne() }
        }
        guard let token else { return [] }
        if token.isSymbol("{") { return [.block(block())] }
        guard let word = token.word else { return simple() }
        switch word {
        case "import": return imports()
        case "func", "function", "init", "deinit", "subscript", "async":
            if let declared = declaration() { return declared }
            return simple()
        case "return", "throw", "yield", "case", "default":
            index += 1
            if self.token == nil || self.token?.isNewline == true || isAt(";") || isAt("}") { return [] }
            return simple()
        case "var", "let", "const", "type": return variables()
        case "catch", "finally":
            index += 1
            if isAt("(") { skipOne() }
            while let token = self.token, !token.isSymbol("{"), !token.isNewline { skipOne() }
            return [.block(block())]
        default:
            if Self.types.contains(word), peek(1)?.word != nil { return typeDeclaration() }
            if Self.headers.contains(word), language != .swift || word != "try" { return header(word) }
            return simple()
        }
    }

    // MARK: - Declarations

    private mutating func declaration() -> [CodeStatement]? {
        let start = index
        if isAtWord("async") {
            guard peek(1)?.isWord("function") == true else { return nil }
            index += 1
        }
        let keyword = token?.word ?? ""
        index += 1
        _ = take("*")
        if isAt("?") || isAt("!") { index += 1 }
        // Go: the receiver comes before the name.
        if language == .go, keyword == "func", isAt("(") {
            guard peek(0) != nil, matches[index] + 1 < tokens.count, tokens[matches[index] + 1].word != nil else {
                index = start
                return nil
            }
            skipOne()
        }
        var name: String? = keyword == "init" ? "init" : nil
        if let word = token?.word, keyword != "init", keyword != "deinit" {
            name = word
            index += 1
        } else if keyword == "func", let token, token.symbol != nil, !token.isSymbol("("), language == .swift {
            while let token = self.token, token.symbol != nil, !token.isSymbol("(") { index += 1 }
        }
        skipAngles()
        guard isAt("(") || keyword == "deinit" else {
            index = start
            return nil
        }
        let parameters = parameters()
        skipToBody()
        return [.function(function(name, parameters, from: start))]
    }

    private mutating func typeDeclaration() -> [CodeStatement] {
        while let token, !token.isSymbol("{") {
            if token.isNewline, peek(1)?.isSymbol("{") != true, language != .swift { return [] }
            if token.isSymbol(";") || token.isSymbol("}") { return [] }
            index += 1
        }
        return [.type(typeBody())]
    }

    /// At its brace: members, of which methods of JavaScript's stand without a keyword.
    mutating func typeBody() -> [CodeStatement] {
        guard isAt("{") else { return [] }
        guard language == .javaScript else { return block() }
        let end = matches[index]
        index += 1
        let members = statements(until: end) { parser in
            if parser.isAt("@") {
                parser.index += 2
                if parser.isAt("(") { parser.skipOne() }
                return []
            }
            if let method = parser.objectMethod(end) { return [.function(method)] }
            return parser.bracedStatement()
        }
        index = min(end + 1, tokens.count)
        return members
    }

    private mutating func variables() -> [CodeStatement] {
        let isType = isAtWord("type")
        if isType, language != .go || peek(1)?.word == nil { return simple() }
        index += 1
        if isType {
            // Go: `type T struct {…}` holds no code.
            while let token, !token.isNewline { skipOne() }
            return []
        }
        if language == .go, isAt("(") {
            let end = matches[index]
            index += 1
            return statements(until: end)
                + {
                    index = min(end + 1, tokens.count); return []
                }()
        }
        var found = assignment(isNew: true)
        while take(",") { found += assignment(isNew: true) }
        // Swift: computed properties and observers.
        if language == .swift, isAt("{") { found.append(.block(block())) }
        return found
    }

    // MARK: - Control

    private mutating func header(_ word: String) -> [CodeStatement] {
        index += 1
        if ["else", "do", "repeat", "try", "select"].contains(word) {
            if isAt("{") { return [.block(block())] + trailingCondition() }
            return word == "else" ? bracedStatement() : simple()
        }
        var found: [CodeStatement] = []
        if language == .javaScript {
            _ = takeWord("await")
            guard isAt("(") else { return simple() }
            let end = matches[index]
            index += 1
            found = headerParts(end)
            index = min(end + 1, tokens.count)
            skipNewlines()
            return found + [.block(isAt("{") ? block() : bracedStatement())]
        }
        bracesAreBlocks = true
        found = headerParts(tokens.count)
        bracesAreBlocks = false
        if isAtWord("else") { index += 1 }
        return found + [.block(block())]
    }

    /// Swift's and JavaScript's `while` after a block.
    private mutating func trailingCondition() -> [CodeStatement] {
        guard isAtWord("while") else { return [] }
        index += 1
        return [.condition(expression())]
    }

    /// Conditions, bindings and loops up to the block.
    private mutating func headerParts(_ end: Int) -> [CodeStatement] {
        var found: [CodeStatement] = []
        while index < end, !(bracesAreBlocks && isAt("{")), !isAtWord("else") {
            if isAt(",") || isAt(";") || token?.isNewline == true {
                index += 1
                continue
            }
            let start = index
            if isAtWord("case") || isAtWord("let") || isAtWord("var") || isAtWord("const") { index += 1 }
            let targets = commaTargets()
            if isAtWord("in") || isAtWord("of") {
                index += 1
                found.append(.loop(target: targets.first ?? .other(0..<0), source: expression()))
            } else if isAt("=") || isAt(":=") {
                index += 1
                if takeWord("range") {
                    found.append(.loop(target: targets.last ?? .other(0..<0), source: expression()))
                } else {
                    found.append(.assign(targets, expression(), isNew: true))
                }
            } else {
                found += targets.map { .condition($0) }
            }
            if index == start { skipOne() }
        }
        return found
    }

    private mutating func commaTargets() -> [CodeExpression] {
        var targets = [loopTarget()]
        while language == .go, take(",") { targets.append(loopTarget()) }
        return targets
    }

    /// `x in xs` is no question here.
    private mutating func loopTarget() -> CodeExpression {
        if let word = token?.word, peek(1)?.isWord("in") == true || peek(1)?.isWord("of") == true {
            index += 1
            return .name(word, tokens[index - 1].range)
        }
        return expression()
    }

    // MARK: - Expressions as statements

    private mutating func simple() -> [CodeStatement] { assignment(isNew: false) }

    mutating func assignment(isNew: Bool) -> [CodeStatement] {
        var targets: [CodeExpression] = []
        while true {
            let start = index
            targets.append(expression())
            if index == start { index += 1 }
            // A type: `x: T`.
            if isAt(":"), isNew {
                while let token, !token.isSymbol("="), !token.isSymbol(","), !token.isNewline, !token.isSymbol("{"),
                    !token.isSymbol(";")
                { skipOne() }
            } else if isNew, language == .go, token?.word != nil || isAt("*") || isAt("[") {
                while let token, !token.isSymbol("="), !token.isNewline, !token.isSymbol(";") { skipOne() }
            }
            // Destructured: the names within brackets stand for themselves.
            guard language == .go, isAt(",") else { break }
            index += 1
        }
        return value(of: targets, isNew: isNew)
    }

    mutating func value(of targets: [CodeExpression], isNew: Bool) -> [CodeStatement] {
        guard let symbol = token?.symbol else { return targets.map { .expression($0) } }
        switch symbol {
        case "=", ":=":
            index += 1
            while let token, token.isNewline, language != .python { index += 1 }
            var value = language == .python ? pythonValue() : expression()
            // `a = b = c`
            var targets = targets
            while isAt("=") {
                index += 1
                targets.append(value)
                value = language == .python ? pythonValue() : expression()
            }
            var found: [CodeStatement] = [.assign(targets, value, isNew: true)]
            while language == .go, take(",") { found.append(.expression(expression())) }
            return found
        case "+=", "||=", "??=", "/=", "|=":
            index += 1
            return [.assign(targets, language == .python ? pythonValue() : expression(), isNew: false)]
        default: return targets.map { .expression($0) }
        }
    }

    // MARK: - Imports

    private mutating func imports() -> [CodeStatement] {
        switch language {
        case .javaScript: return scriptImport()
        case .go: return goImport()
        default: return swiftImport()
        }
    }

    /// `import M`, `import struct M.T`: the module stands for itself.
    private mutating func swiftImport() -> [CodeStatement] {
        index += 1
        if let word = token?.word, Self.types.contains(word) || ["func", "var", "let", "typealias"].contains(word) {
            index += 1
        }
        let name = token?.word
        skipLine()
        return name.map { [.alias($0, $0)] } ?? []
    }

    /// `import a, {b as c} from 'm'`, `import * as n from 'm'`, `import('m')`.
    private mutating func scriptImport() -> [CodeStatement] {
        if peek(1)?.isSymbol("(") == true || peek(1)?.isSymbol(".") == true { return simple() }
        let start = index
        var end = index
        while end < tokens.count, !tokens[end].isSymbol(";") {
            if case .text = tokens[end].kind { break }
            end += 1
        }
        index = min(end + 1, tokens.count)
        guard end < tokens.count, case .text(let parts) = tokens[end].kind, case .literal(let module)? = parts.first
        else {
            return []
        }
        var found: [CodeStatement] = []
        var inBraces = false
        var position = start + 1
        while position < end {
            let token = tokens[position]
            if token.isSymbol("{") { inBraces = true }
            if token.isSymbol("}") { inBraces = false }
            if let word = token.word, !["from", "as", "type", "typeof"].contains(word) {
                let alias = position + 2 < end && tokens[position + 1].isWord("as") ? tokens[position + 2].word : nil
                found.append(.alias(alias ?? word, inBraces ? "\(module).\(word)" : module))
                if alias != nil { position += 2 }
            } else if token.isSymbol("*"), position + 2 < end, let word = tokens[position + 2].word {
                found.append(.alias(word, module))
                position += 2
            }
            position += 1
        }
        return found
    }

    private mutating func goImport() -> [CodeStatement] {
        index += 1
        let end =
            isAt("(")
            ? matches[index]
            : { () -> Int in
                var end = index
                while end < tokens.count, !tokens[end].isNewline { end += 1 }
                return end
            }()
        var found: [CodeStatement] = []
        var alias: String?
        while index < end {
            if let word = token?.word { alias = word }
            if let token, case .text(let parts) = token.kind, case .literal(let path)? = parts.first {
                let parts = path.split(separator: "/")
                // `…/v5` is a version of what stands before it.
                let isVersion = parts.last?.first == "v" && parts.last?.dropFirst().allSatisfy(\.isNumber) == true
                let name = (isVersion ? parts.dropLast().last : parts.last).map(String.init) ?? path
                found.append(.alias(alias ?? name, path))
                alias = nil
            }
            index += 1
        }
        index = min(end + 1, tokens.count)
        return found
    }
}

/// Reads tokens as statements: enough of each language to follow values, and nothing is refused. What is not understood is
/// passed over token by token.
struct CodeParser {
    let language: CodeLanguage
    let tokens: [CodeToken]
    /// For each opening bracket where it closes; the end of the tokens where it does not.
    let matches: [Int]
    var index = 0
    var depth = 0
    /// Whether a brace begins a block, and no value.
    var bracesAreBlocks = false

    /// Expressions and blocks within each other.
    static let greatestDepth = 80
    /// Members, calls and elements of one value.
    static let greatestChain = 40

    init(_ tokens: [CodeToken], _ language: CodeLanguage) {
        self.tokens = tokens
        self.language = language
        matches = Self.matches(tokens)
    }

    private static func matches(_ tokens: [CodeToken]) -> [Int] {
        var matches = [Int](repeating: tokens.count, count: tokens.count)
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            guard let symbol = token.symbol else { continue }
            switch symbol {
            case "(", "[", "{": open.append(index)
            case ")", "]", "}":
                let opening = symbol == ")" ? "(" : symbol == "]" ? "[" : "{"
                // A bracket that nothing opened closes nothing.
                guard let place = open.lastIndex(where: { tokens[$0].isSymbol(opening) }) else { continue }
                matches[open[place]] = index
                open.removeSubrange(place...)
            default: break
            }
        }
        return matches
    }

    // MARK: - Looking

    var token: CodeToken? { index < tokens.count ? tokens[index] : nil }
    var isAtEnd: Bool { index >= tokens.count }

    func peek(_ offset: Int) -> CodeToken? {
        index + offset >= 0 && index + offset < tokens.count ? tokens[index + offset] : nil
    }

    func isAt(_ symbol: String) -> Bool { token?.isSymbol(symbol) ?? false }
    func isAtWord(_ word: String) -> Bool { token?.isWord(word) ?? false }

    mutating func take(_ symbol: String) -> Bool {
        guard isAt(symbol) else { return false }
        index += 1
        return true
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard isAtWord(word) else { return false }
        index += 1
        return true
    }

    mutating func skipNewlines() {
        while let token, token.isNewline || token.isSymbol(";") { index += 1 }
    }

    /// To the end of the line or statement, past brackets as wholes.
    mutating func skipLine() {
        while let token, !token.isNewline, !token.isSymbol(";"), !token.isSymbol("}") { skipOne() }
    }

    mutating func skipOne() {
        guard let symbol = token?.symbol else {
            index += 1
            return
        }
        index = ["(", "[", "{"].contains(symbol) ? min(matches[index] + 1, tokens.count) : index + 1
    }

    func range(from start: Int) -> Range<Int> {
        guard start < tokens.count else { return 0..<0 }
        let last = max(start, min(index, tokens.count) - 1)
        return tokens[start].range.lowerBound..<max(tokens[start].range.upperBound, tokens[last].range.upperBound)
    }

    // MARK: - Files and blocks

    mutating func file() -> [CodeStatement] {
        language.isBraced ? statements(until: tokens.count) : pythonFile()
    }

    mutating func statements(until end: Int) -> [CodeStatement] {
        statements(until: end) { parser in
            parser.bracesAreBlocks = false
            return parser.bracedStatement()
        }
    }

    /// Reads one after the other; what nothing is made of is passed over. Too deep within others, all of it is.
    mutating func statements(
        until end: Int, each read: (inout CodeParser) -> [CodeStatement]
    ) -> [CodeStatement] {
        defer { index = max(index, end) }
        guard depth < Self.greatestDepth else { return [] }
        depth += 1
        defer { depth -= 1 }
        var statements: [CodeStatement] = []
        while true {
            skipNewlines()
            guard index < end else { return statements }
            let start = index
            statements += read(&self)
            if index == start { skipOne() }
        }
    }

    /// At its brace; nothing where there is none.
    mutating func block() -> [CodeStatement] {
        guard isAt("{") else { return [] }
        let end = matches[index]
        index += 1
        let outer = bracesAreBlocks
        defer { bracesAreBlocks = outer }
        let statements = statements(until: end)
        index = min(end + 1, tokens.count)
        return statements
    }

    // MARK: - Parameters

    /// At its parenthesis.
    mutating func parameters() -> [CodeParameter] {
        guard isAt("(") else { return [] }
        let end = matches[index]
        var parts: [[CodeToken]] = [[]]
        index += 1
        while index < end {
            if isAt(",") {
                parts.append([])
                index += 1
                continue
            }
            let start = index
            skipOne()
            parts[parts.count - 1] += tokens[start..<min(index, end)].filter { !$0.isNewline }
        }
        index = min(end + 1, tokens.count)
        return language == .go ? Self.goParameters(parts) : parts.compactMap(parameter)
    }

    private func parameter(_ part: [CodeToken]) -> CodeParameter? {
        let beforeDefault = part.prefix { !$0.isSymbol("=") }
        let colon = beforeDefault.firstIndex { $0.isSymbol(":") }
        let names = beforeDefault[..<(colon ?? beforeDefault.endIndex)].compactMap(\.word)
        // Swift has a label before the name; decorators and modifiers come before it in TypeScript.
        guard let name = names.last else { return nil }
        return CodeParameter(
            name: name, type: colon.map { Self.text(beforeDefault[($0 + 1)...]) } ?? "",
            preset: Self.text(part.dropFirst(beforeDefault.count + 1)))
    }

    /// `a, b string, r *http.Request`: a name without a type has that of the next.
    private static func goParameters(_ parts: [[CodeToken]]) -> [CodeParameter] {
        var parameters: [CodeParameter] = []
        var type = ""
        for part in parts.reversed() {
            guard let name = part.first?.word else { continue }
            if part.count > 1 { type = text(part[1...]) }
            parameters.append(CodeParameter(name: name, type: type))
        }
        return parameters.reversed()
    }

    static func text(_ tokens: some Sequence<CodeToken>) -> String {
        tokens.compactMap { $0.word ?? $0.symbol }.joined()
    }
}

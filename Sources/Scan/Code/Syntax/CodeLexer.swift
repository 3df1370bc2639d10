/// Takes code apart into tokens as its language does: strings of every kind with what is interpolated, comments, regular
/// expressions. Anything is accepted: what is no code comes out as tokens that mean nothing.
struct CodeLexer {
    private let language: CodeLanguage
    private let bytes: [UInt8]
    private var position = 0
    /// Of brackets, within which Python's lines go on.
    private var depth = 0
    private var nesting = 0
    /// Whether the file ends within a text or comment that is to go on.
    private(set) var isCutShort = false

    /// Texts within texts.
    private static let greatestNesting = 8
    static let greatestTokens = 400_000

    init(_ bytes: [UInt8], _ language: CodeLanguage) {
        self.bytes = bytes
        self.language = language
    }

    /// - Returns: nil for more tokens than are looked at.
    mutating func tokens() -> [CodeToken]? {
        var tokens: [CodeToken] = []
        tokens.reserveCapacity(bytes.count / 5)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if at(0x23), at(0x21, 1), language != .python { skipLine() }
        lex(into: &tokens, until: nil)
        return tokens.count > Self.greatestTokens ? nil : tokens
    }

    private func at(_ byte: UInt8, _ offset: Int = 0) -> Bool {
        position + offset < bytes.count && bytes[position + offset] == byte
    }

    private func at(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { buffer in
            position + buffer.count <= bytes.count
                && bytes[position..<position + buffer.count].elementsEqual(buffer)
        }
    }

    /// - Parameter closing: ends code within a text, where brackets are even: `}` or `)`.
    private mutating func lex(into tokens: inout [CodeToken], until closing: UInt8?, inLine: Bool = false) {
        var open = 0
        while position < bytes.count, tokens.count <= Self.greatestTokens {
            let byte = bytes[position]
            if let closing {
                if open == 0, byte == closing { return }
                // `!r` and `:>10` after an expression of Python's say how it is written.
                if language == .python, open == 0, byte == 0x3A || (byte == 0x21 && !at(0x3D, 1)) { return }
                if inLine, byte == 0x0A { return }
                if [0x28, 0x5B, 0x7B].contains(byte) { open += 1 }
                if [0x29, 0x5D, 0x7D].contains(byte) { open -= 1 }
            }
            switch byte {
            case 0x0A: newline(&tokens)
            case 0x20, 0x09, 0x0D, 0x0C: position += 1
            case 0x5C where language == .python && (at(0x0A, 1) || at(0x0D, 1)): position += at(0x0D, 1) ? 3 : 2
            case 0x23 where language == .python: skipLine()
            case 0x2F where language != .python && at(0x2F, 1): skipLine()
            case 0x2F where language != .python && at(0x2A, 1): skipComment()
            case 0x22, 0x27, 0x60: text(&tokens, start: position)
            case 0x23 where language == .swift: hash(&tokens)
            case 0x2F where language == .javaScript && Self.mayBeginPattern(tokens.last): pattern(&tokens)
            case 0x30...0x39: number(&tokens)
            default: Self.isWordStart(byte) ? word(&tokens) : symbol(&tokens)
            }
        }
    }

    private static func isWordStart(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x24 || byte >= 0x80
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x24 || byte >= 0x80
            || (0x30...0x39).contains(byte)
    }

    // MARK: - Lines and comments

    private mutating func newline(_ tokens: inout [CodeToken]) {
        let start = position
        var indent = 0
        position += 1
        // The next line that has something on it decides.
        while position < bytes.count {
            switch bytes[position] {
            case 0x20: indent += 1
            case 0x09: indent = (indent / 8 + 1) * 8
            case 0x0A, 0x0D: indent = 0
            case 0x23 where language == .python:
                skipLine()
                continue
            default:
                if language != .python || depth == 0, tokens.last?.isNewline != true {
                    tokens.append(CodeToken(kind: .newline(indent: indent), range: start..<start + 1))
                }
                return
            }
            position += 1
        }
        tokens.append(CodeToken(kind: .newline(indent: 0), range: start..<start + 1))
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    }

    private mutating func skipComment() {
        var level = 0
        while position < bytes.count {
            if at("/*"), level == 0 || language == .swift {
                level += 1
                position += 2
            } else if at("*/") {
                level -= 1
                position += 2
                if level == 0 { return }
            } else {
                position += 1
            }
        }
        isCutShort = true
    }

    // MARK: - Words, numbers, symbols

    private mutating func word(_ tokens: inout [CodeToken]) {
        let start = position
        position += 1
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        // `f"…"`: a prefix of a text.
        if language == .python, position - start <= 2, at(0x22) || at(0x27) {
            let prefix = bytes[start..<position].map { $0 | 0x20 }
            if prefix.allSatisfy({ [0x72, 0x62, 0x75, 0x66, 0x74].contains($0) }) {
                return text(&tokens, start: start, prefix: prefix)
            }
        }
        tokens.append(
            CodeToken(kind: .word(String(decoding: bytes[start..<position], as: UTF8.self)), range: start..<position))
    }

    private mutating func number(_ tokens: inout [CodeToken]) {
        let start = position
        while position < bytes.count,
            Self.isWord(bytes[position])
                || (bytes[position] == 0x2E && position + 1 < bytes.count
                    && (0x30...0x39).contains(bytes[position + 1]))
        { position += 1 }
        tokens.append(CodeToken(kind: .number, range: start..<position))
    }

    private static let symbols: [[UInt8]] = [
        "===", "!==", "...", "**=", "//=", "<<=", ">>=", "&&=", "||=", "??=", "..<", "==", "!=", "<=", ">=", "&&", "||",
        "??", "?.", "=>", "->", ":=", "<-", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "**", "//", "<<", ">>",
        "++",
        "--",
    ].map { Array($0.utf8) }

    private mutating func symbol(_ tokens: inout [CodeToken]) {
        let start = position
        let first = bytes[start]
        var length = 1
        for candidate in Self.symbols where candidate[0] == first {
            if bytes[start...].starts(with: candidate) {
                length = candidate.count
                break
            }
        }
        switch first {
        case 0x28, 0x5B, 0x7B: depth += 1
        case 0x29, 0x5D, 0x7D: depth = max(0, depth - 1)
        default: break
        }
        position += length
        tokens.append(
            CodeToken(
                kind: .symbol(String(decoding: bytes[start..<position], as: UTF8.self)), range: start..<position))
    }

    // MARK: - Regular expressions

    /// A `/` divides after a value, and begins a pattern elsewhere.
    private static func mayBeginPattern(_ last: CodeToken?) -> Bool {
        guard let last else { return true }
        switch last.kind {
        case .number, .text: return false
        case .newline: return true
        case .symbol(let symbol): return ![")", "]", "}", "++", "--"].contains(symbol)
        case .word(let word):
            return ["return", "typeof", "case", "in", "of", "delete", "void", "throw", "new"].contains(word)
        }
    }

    private mutating func pattern(_ tokens: inout [CodeToken]) {
        let start = position
        var inClass = false
        var end = position + 1
        while end < bytes.count, bytes[end] != 0x0A {
            switch bytes[end] {
            case 0x5C: end += 1
            case 0x5B: inClass = true
            case 0x5D: inClass = false
            case 0x2F where !inClass:
                end += 1
                while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
                position = end
                // Its value is no text.
                return tokens.append(CodeToken(kind: .number, range: start..<end))
            default: break
            }
            end += 1
        }
        symbol(&tokens)
    }

    // MARK: - Texts

    private mutating func hash(_ tokens: inout [CodeToken]) {
        let start = position
        var hashes = 0
        while at(0x23, hashes) { hashes += 1 }
        guard at(0x22, hashes) else { return symbol(&tokens) }
        position += hashes
        text(&tokens, start: start, hashes: hashes)
    }

    /// At its first quotation mark.
    private mutating func text(_ tokens: inout [CodeToken], start: Int, prefix: [UInt8] = [], hashes: Int = 0) {
        let quote = bytes[position]
        let isTriple = (language == .python || (language == .swift && quote == 0x22)) && at(quote, 1) && at(quote, 2)
        let isRaw = prefix.contains(0x72) || (language == .go && quote == 0x60)
        var style = TextStyle(quote: quote, isTriple: isTriple, hashes: hashes)
        style.isRaw = isRaw
        style.spansLines = isTriple || quote == 0x60
        switch language {
        case .python: style.opening = prefix.contains(0x66) || prefix.contains(0x74) ? .brace : nil
        case .javaScript: style.opening = quote == 0x60 ? .dollarBrace : nil
        case .swift: style.opening = .backslashParenthesis
        case .go: break
        }
        position += isTriple ? 3 : 1
        let parts = parts(style)
        tokens.append(CodeToken(kind: .text(parts), range: start..<position))
    }

    private struct TextStyle {
        enum Opening { case brace, dollarBrace, backslashParenthesis }

        var quote: UInt8
        var isTriple: Bool
        var hashes: Int
        var isRaw = false
        var spansLines = false
        var opening: Opening?
    }

    private mutating func parts(_ style: TextStyle) -> [CodeToken.Part] {
        var parts: [CodeToken.Part] = []
        var literal: [UInt8] = []
        func flush() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while position < bytes.count {
            let byte = bytes[position]
            if ends(style) {
                position += (style.isTriple ? 3 : 1) + style.hashes
                flush()
                return parts
            }
            if byte == 0x0A, !style.spansLines {
                flush()
                return parts
            }
            if let length = opens(style) {
                flush()
                position += length
                if let inner = interpolated(style) { parts.append(.code(inner)) }
                continue
            }
            if style.opening == .brace, byte == 0x7B, at(0x7B, 1) { position += 1 }
            if byte == 0x5C, style.hashes == 0, !style.isRaw || language == .python, position + 1 < bytes.count {
                literal.append(byte)
                position += 1
            }
            literal.append(bytes[position])
            position += 1
        }
        if style.spansLines { isCutShort = true }
        flush()
        return parts
    }

    private func ends(_ style: TextStyle) -> Bool {
        guard at(style.quote) else { return false }
        if style.isTriple, !at(style.quote, 1) || !at(style.quote, 2) { return false }
        let after = style.isTriple ? 3 : 1
        return (0..<style.hashes).allSatisfy { at(0x23, after + $0) }
    }

    /// How long the mark is that begins code within the text.
    private func opens(_ style: TextStyle) -> Int? {
        switch style.opening {
        case .brace: at(0x7B) && !at(0x7B, 1) ? 1 : nil
        case .dollarBrace: at(0x24) && at(0x7B, 1) ? 2 : nil
        case .backslashParenthesis:
            at(0x5C) && (0..<style.hashes).allSatisfy { at(0x23, 1 + $0) } && at(0x28, 1 + style.hashes)
                ? 2 + style.hashes : nil
        case nil: nil
        }
    }

    private mutating func interpolated(_ style: TextStyle) -> [CodeToken]? {
        let closing: UInt8 = style.opening == .backslashParenthesis ? 0x29 : 0x7D
        nesting += 1
        defer { nesting -= 1 }
        var inner: [CodeToken] = []
        let outer = depth
        // Lines within go on as in brackets.
        depth += 1
        if nesting <= Self.greatestNesting {
            lex(into: &inner, until: closing, inLine: !style.spansLines)
        }
        depth = outer
        // What says how the value is written, or what was not looked at.
        while position < bytes.count, bytes[position] != closing {
            if bytes[position] == 0x0A, !style.spansLines { return inner }
            if ends(style) { return inner }
            position += 1
        }
        if position < bytes.count { position += 1 }
        return inner
    }
}

/// A word or mark of GraphQL (October 2021 edition, section 2.1).
struct GraphQLToken {
    enum Kind: String {
        case invalid = "<Invalid>"
        case end = "<EOF>"
        case bang = "!"
        case dollar = "$"
        case ampersand = "&"
        case openParen = "("
        case closeParen = ")"
        case spread = "..."
        case colon = ":"
        case equals = "="
        case at = "@"
        case openBracket = "["
        case closeBracket = "]"
        case openBrace = "{"
        case closeBrace = "}"
        case pipe = "|"
        case name = "Name"
        case int = "Int"
        case float = "Float"
        case string = "String"
        case blockString = "BlockString"
    }

    let kind: Kind
    var value = ""
    let line: Int
    let column: Int

    var description: String { value.isEmpty ? kind.rawValue : "\(kind.rawValue) \(GoText.quote(value))" }
}

struct GraphQLLexer {
    private let text: [Unicode.Scalar]
    private var at = 0
    private var line = 1
    private var lineStart = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? { at + offset < text.count ? text[at + offset] : nil }
    private func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }
    private func token(_ kind: GraphQLToken.Kind, _ value: String = "", from start: Int) -> GraphQLToken {
        GraphQLToken(kind: kind, value: value, line: line, column: start - lineStart + 1)
    }
    private func slice(_ start: Int) -> String { String(String.UnicodeScalarView(text[start..<at])) }

    private static let marks: [Unicode.Scalar: GraphQLToken.Kind] = [
        "!": .bang, "$": .dollar, "&": .ampersand, "(": .openParen, ")": .closeParen, ":": .colon, "=": .equals,
        "@": .at, "[": .openBracket, "]": .closeBracket, "{": .openBrace, "}": .closeBrace, "|": .pipe,
    ]

    mutating func next() -> GraphQLToken {
        skipBlanks()
        let start = at
        guard let first = peek() else { return token(.end, from: start) }
        if let mark = Self.marks[first] {
            at += 1
            return token(mark, from: start)
        }
        if first == ".", peek(1) == ".", peek(2) == "." {
            at += 3
            return token(.spread, from: start)
        }
        if first == "\"" { return peek(1) == "\"" && peek(2) == "\"" ? blockString() : string() }
        if isDigit(first) || first == "-" { return number() }
        guard RE2Class.isWord(first) else {
            at += 1
            return token(.invalid, from: start)
        }
        while let scalar = peek(), RE2Class.isWord(scalar) { at += 1 }
        return token(.name, slice(start), from: start)
    }

    private mutating func skipBlanks() {
        while let scalar = peek() {
            switch scalar {
            case " ", "\t", ",", "\u{FEFF}": at += 1
            case "\n", "\r": breakLine()
            case "#": while let scalar = peek(), scalar != "\n", scalar != "\r" { at += 1 }
            default: return
            }
        }
    }

    private mutating func breakLine() {
        at += peek() == "\r" && peek(1) == "\n" ? 2 : 1
        line += 1
        lineStart = at
    }

    private mutating func number() -> GraphQLToken {
        let start = at
        var kind = GraphQLToken.Kind.int
        if peek() == "-" { at += 1 }
        guard isDigit(peek()), peek() != "0" || !isDigit(peek(1)) else { return token(.invalid, from: at) }
        while isDigit(peek()) { at += 1 }
        if peek() == "." {
            kind = .float
            at += 1
            guard isDigit(peek()) else { return token(.invalid, from: at) }
            while isDigit(peek()) { at += 1 }
        }
        if peek() == "e" || peek() == "E" {
            kind = .float
            at += 1
            if peek() == "+" || peek() == "-" { at += 1 }
            guard isDigit(peek()) else { return token(.invalid, from: at) }
            while isDigit(peek()) { at += 1 }
        }
        return token(kind, slice(start), from: start)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "\\": "\\", "/": "/", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t",
    ]

    private mutating func string() -> GraphQLToken {
        let start = at
        at += 1
        var value = String.UnicodeScalarView()
        while let scalar = peek(), scalar != "\n", scalar != "\r" {
            at += 1
            if scalar == "\"" { return token(.string, String(value), from: start) }
            guard scalar == "\\" else {
                value.append(scalar)
                continue
            }
            guard let mark = peek() else { break }
            at += 1
            if let plain = Self.escapes[mark] {
                value.append(plain)
            } else if mark == "u", at + 4 <= text.count {
                let digits = String(String.UnicodeScalarView(text[at..<at + 4]))
                guard let code = UInt32(digits, radix: 16) else { return token(.invalid, from: at) }
                value.append(Unicode.Scalar(code) ?? "\u{FFFD}")
                at += 4
            } else {
                return token(.invalid, from: at)
            }
        }
        return token(.invalid, from: at)
    }

    private mutating func blockString() -> GraphQLToken {
        let (startLine, column) = (line, at - lineStart + 1)
        at += 3
        var value = String.UnicodeScalarView()
        while let scalar = peek() {
            if scalar == "\"", peek(1) == "\"", peek(2) == "\"" {
                at += 3
                return GraphQLToken(
                    kind: .blockString, value: Self.dedented(String(value)), line: startLine, column: column)
            }
            if scalar == "\\", peek(1) == "\"", peek(2) == "\"", peek(3) == "\"" {
                value.append(contentsOf: "\"\"\"".unicodeScalars)
                at += 4
            } else if scalar == "\n" || scalar == "\r" {
                value.append("\n")
                breakLine()
            } else {
                value.append(scalar)
                at += 1
            }
        }
        return token(.invalid, from: at)
    }

    /// Without the indentation that all lines but the first share, and blank lines at both ends (section 2.9.4).
    private static func dedented(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func isBlank(_ line: Substring) -> Bool { line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        let indents = lines.dropFirst().filter { !isBlank($0) }.map {
            $0.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
        }
        if let common = indents.min() {
            for index in lines.indices.dropFirst() { lines[index] = lines[index].dropFirst(common) }
        }
        while let first = lines.first, isBlank(first) { lines.removeFirst() }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}

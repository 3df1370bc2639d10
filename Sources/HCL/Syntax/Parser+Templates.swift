extension HCLParser {
    /// A template between double quotes; the current token is the opening one.
    mutating func quoted() throws(HCLProblem) -> HCLExpression {
        let start = token.range.start
        let pieces = try nested { (parser) throws(HCLProblem) in try parser.pieces(start, until: .quote) }
        let end = lexer.place
        try advance()
        return try template(pieces, HCLRange(start, end))
    }

    /// The text of a heredoc; the current token is its name.
    mutating func heredoc(isIndented: Bool) throws(HCLProblem) -> HCLExpression {
        let start = token.range.start
        let name = Array(lexer.bytes[token.range.start.offset..<token.range.end.offset])
        var pieces = try nested { (parser) throws(HCLProblem) in
            try parser.pieces(start, until: .line(name))
        }
        if isIndented { TemplateShape.dedent(&pieces) }
        let end = lexer.place
        try advance()
        return try template(pieces, HCLRange(start, end))
    }

    private func template(
        _ pieces: [TemplatePiece], _ range: HCLRange
    ) throws(HCLProblem) -> HCLExpression {
        var builder = TemplateBuilder(TemplateShape.stripped(pieces))
        let parts = try builder.build()
        if parts.isEmpty { return HCLExpression(.literal(.string("")), range) }
        if parts.count == 1, case .literal(let text) = parts[0] {
            return HCLExpression(.literal(.string(text)), range)
        }
        let height = pieces.reduce(0) { max($0, $1.height) } + builder.depth + 1
        return HCLExpression(.template(HCLTemplate(parts: parts)), range, height: height)
    }

    enum TemplateEnd: Hashable {
        case quote
        /// A line of nothing but white space and this.
        case line([UInt8])
        /// The end of the file, which a template of its own has.
        case file
    }

    /// A text that is a template as a whole, as JSON's strings and the files of `templatefile` are.
    public static func parseTemplate(_ text: String, limits: HCLLimits = HCLLimits()) throws(HCLProblem)
        -> HCLExpression
    {
        var parser = HCLParser(Array(text.utf8), limits: limits)
        let start = parser.lexer.place
        let pieces = try parser.pieces(start, until: .file)
        return try parser.template(pieces, HCLRange(start, parser.lexer.place))
    }

    /// Reads up to the end and over it.
    private mutating func pieces(_ start: HCLPlace, until end: TemplateEnd) throws(HCLProblem) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        var text: [UInt8] = []
        func flush() {
            guard !text.isEmpty else { return }
            pieces.append(.literal(String(decoding: text, as: UTF8.self)))
            text = []
        }
        var isLineStart = true
        while true {
            if case .line(let name) = end, isLineStart, let length = endLength(name) {
                lexer.move(length)
                flush()
                return pieces
            }
            guard !lexer.isAtEnd else {
                if case .file = end {
                    flush()
                    return pieces
                }
                throw HCLProblem("the text that begins here has no end", at: start)
            }
            let byte = lexer.peek()
            isLineStart = byte == 0x0A
            if case .quote = end {
                if byte == UInt8(ascii: "\"") {
                    lexer.move(1)
                    flush()
                    return pieces
                }
                if byte == 0x0A {
                    throw HCLProblem(
                        "the text that begins here ends with its line", at: start, hint: "close it with a quote")
                }
                if byte == UInt8(ascii: "\\") {
                    text += try escape()
                    continue
                }
            }
            let isMark = (byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%"))
            if isMark, lexer.peek(1) == byte, lexer.peek(2) == UInt8(ascii: "{") {
                text += [byte, UInt8(ascii: "{")]
                lexer.move(3)
            } else if isMark, lexer.peek(1) == UInt8(ascii: "{") {
                flush()
                pieces.append(try sequence(isDirective: byte == UInt8(ascii: "%")))
            } else {
                let isReturn = byte == 0x0D && lexer.peek(1) == 0x0A
                if !isReturn || end == .quote { text.append(byte) }
                lexer.move(1)
                if end != .quote, byte == 0x0A { flush() }
            }
        }
    }

    /// Bytes up to the end of a heredoc's last line, when it is this line.
    private func endLength(_ name: [UInt8]) -> Int? {
        var at = 0
        while [0x20, 0x09].contains(lexer.peek(at)) { at += 1 }
        for (index, byte) in name.enumerated() where lexer.peek(at + index) != byte { return nil }
        at += name.count
        var after = at
        while [0x20, 0x09, 0x0D].contains(lexer.peek(after)) { after += 1 }
        let isEnd = lexer.place.offset + after >= lexer.bytes.count
        return isEnd || lexer.peek(after) == 0x0A || isBracket(lexer.peek(after)) ? at : nil
    }

    /// What may stand behind a heredoc's end in practice: the brackets and commas of the call that it is in.
    private func isBracket(_ byte: UInt8) -> Bool { Array(")]},".utf8).contains(byte) }

    private mutating func escape() throws(HCLProblem) -> [UInt8] {
        let byte = lexer.peek(1)
        switch byte {
        case UInt8(ascii: "n"): return plain(0x0A)
        case UInt8(ascii: "r"): return plain(0x0D)
        case UInt8(ascii: "t"): return plain(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return plain(byte)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let digits = byte == UInt8(ascii: "u") ? 4 : 8
            let from = lexer.place.offset + 2
            let text = lexer.text(from, min(from + digits, lexer.bytes.count))
            guard text.utf8.count == digits, let value = UInt32(text, radix: 16), text.utf8.first != 0x2B,
                let scalar = Unicode.Scalar(value)
            else { throw HCLProblem("the escape needs \(digits) hexadecimal digits of a character", at: lexer.place) }
            lexer.move(2 + digits)
            return Array(String(scalar).utf8)
        default:
            throw HCLProblem(
                "\\ has no meaning before this character", at: lexer.place, hint: "write \\\\ for a backslash")
        }
    }

    private mutating func plain(_ byte: UInt8) -> [UInt8] {
        lexer.move(2)
        return [byte]
    }

    // MARK: ${ } and %{ }

    private mutating func sequence(isDirective: Bool) throws(HCLProblem) -> TemplatePiece {
        let start = lexer.place
        lexer.move(2)
        var piece = TemplatePiece(.literal(""), at: start)
        if lexer.peek() == UInt8(ascii: "~") {
            piece.stripsBefore = true
            lexer.move(1)
        }
        skipsNewlines.append(true)
        try advance()
        if isDirective {
            piece.kind = try directive()
        } else {
            piece.kind = .interpolation(try expression())
        }
        if token.kind == .tilde {
            piece.stripsAfter = true
            try advance()
        }
        guard token.kind == .closeBrace else {
            throw unexpected(isDirective ? "in a directive" : "in an interpolation", hint: "it ends with \"}\"")
        }
        // The lexer stands right behind the brace, where the text goes on.
        skipsNewlines.removeLast()
        return piece
    }

    private mutating func directive() throws(HCLProblem) -> TemplatePiece.Kind {
        guard token.kind == .identifier else { throw unexpected("where a directive begins") }
        switch tokenText {
        case "if":
            try advance()
            return .condition(try expression())
        case "for":
            let (keyName, valueName, collection) = try loopHead()
            return .loop(keyName: keyName, valueName: valueName, collection)
        case "else":
            try advance()
            return .otherwise
        case "endif":
            try advance()
            return .endCondition
        case "endfor":
            try advance()
            return .endLoop
        default:
            throw unexpected("where a directive begins", hint: "there are if, else, endif, for and endfor")
        }
    }
}

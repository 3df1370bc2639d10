/// Cuts bytes into tokens, one at a time: what a quote or a brace means depends on where the parser stands.
struct Lexer {
    let bytes: [UInt8]
    /// Where the next token or the next piece of a template begins.
    private(set) var place = HCLPlace()
    private(set) var tokens = 0
    private let limits: HCLLimits

    init(_ bytes: [UInt8], limits: HCLLimits) {
        self.bytes = bytes
        self.limits = limits
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place.offset = 3 }
    }

    init(_ bytes: [UInt8], from place: HCLPlace, limits: HCLLimits) {
        self.bytes = bytes
        self.place = place
        self.limits = limits
    }

    var isAtEnd: Bool { place.offset >= bytes.count }

    /// The byte so many from here; 0 past the end (a NUL is refused anyway).
    @inline(__always)
    func peek(_ ahead: Int = 0) -> UInt8 {
        let at = place.offset + ahead
        return at < bytes.count ? bytes[at] : 0
    }

    func starts(with text: StaticString) -> Bool {
        guard bytes.count - place.offset >= text.utf8CodeUnitCount else { return false }
        for at in 0..<text.utf8CodeUnitCount where bytes[place.offset + at] != text.utf8Start[at] { return false }
        return true
    }

    /// Moves on over so many bytes.
    mutating func move(_ count: Int) {
        let end = min(place.offset + count, bytes.count)
        while place.offset < end {
            let byte = bytes[place.offset]
            if byte == 0x0A {
                place.line += 1
                place.column = 1
            } else if byte & 0xC0 != 0x80 {
                place.column += 1
            }
            place.offset += 1
        }
    }

    func text(_ range: HCLRange) -> String { text(range.start.offset, range.end.offset) }
    func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    // MARK: Tokens

    mutating func next(skippingNewlines: Bool) throws(HCLProblem) -> Token {
        tokens += 1
        guard tokens <= limits.tokens else {
            throw HCLProblem("the file has more than \(limits.tokens) words and signs", at: place)
        }
        while true {
            switch peek() {
            case 0x20, 0x09: move(1)
            case 0x0D where peek(1) == 0x0A: move(1)
            case 0x0A:
                if skippingNewlines { move(1) } else { return token(.newline, 1) }
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): skipLine()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): try skipComment()
            case 0 where isAtEnd: return token(.end, 0)
            default: return try sign()
            }
        }
    }

    private mutating func skipLine() {
        var count = 0
        while place.offset + count < bytes.count, bytes[place.offset + count] != 0x0A { count += 1 }
        move(count)
    }

    private mutating func skipComment() throws(HCLProblem) {
        let start = place
        move(2)
        while !isAtEnd {
            if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") { return move(2) }
            move(1)
        }
        throw HCLProblem("the comment has no end", at: start, hint: "close it with */")
    }

    private mutating func token(_ kind: Token.Kind, _ count: Int) -> Token {
        let start = place
        move(count)
        return Token(kind: kind, range: HCLRange(start, place))
    }

    private mutating func sign() throws(HCLProblem) -> Token {
        let (byte, after) = (peek(), peek(1))
        switch byte {
        case UInt8(ascii: "\""): return token(.quote, 1)
        case UInt8(ascii: "("): return token(.openParenthesis, 1)
        case UInt8(ascii: ")"): return token(.closeParenthesis, 1)
        case UInt8(ascii: "["): return token(.openBracket, 1)
        case UInt8(ascii: "]"): return token(.closeBracket, 1)
        case UInt8(ascii: "{"): return token(.openBrace, 1)
        case UInt8(ascii: "}"): return token(.closeBrace, 1)
        case UInt8(ascii: ","): return token(.comma, 1)
        case UInt8(ascii: "?"): return token(.question, 1)
        case UInt8(ascii: "~"): return token(.tilde, 1)
        case UInt8(ascii: ":"): return after == byte ? token(.doubleColon, 2) : token(.colon, 1)
        case UInt8(ascii: "."): return starts(with: "...") ? token(.ellipsis, 3) : token(.dot, 1)
        case UInt8(ascii: "<") where after == byte: return try heredoc()
        case 0x30...0x39: return number()
        default:
            guard let (kind, count) = Self.operators(byte, after) else { return try name() }
            return token(kind, count)
        }
    }

    private static func operators(_ byte: UInt8, _ after: UInt8) -> (Token.Kind, Int)? {
        let isEqual = after == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "="):
            if isEqual { return (.op(.equal), 2) }
            return after == UInt8(ascii: ">") ? (.arrow, 2) : (.assign, 1)
        case UInt8(ascii: "!"): return isEqual ? (.op(.notEqual), 2) : (.op(.not), 1)
        case UInt8(ascii: "<"): return isEqual ? (.op(.lessEqual), 2) : (.op(.less), 1)
        case UInt8(ascii: ">"): return isEqual ? (.op(.greaterEqual), 2) : (.op(.greater), 1)
        case UInt8(ascii: "&"): return after == byte ? (.op(.and), 2) : nil
        case UInt8(ascii: "|"): return after == byte ? (.op(.or), 2) : nil
        case UInt8(ascii: "+"): return (.op(.plus), 1)
        case UInt8(ascii: "-"): return (.op(.minus), 1)
        case UInt8(ascii: "*"): return (.op(.times), 1)
        case UInt8(ascii: "/"): return (.op(.divide), 1)
        case UInt8(ascii: "%"): return (.op(.modulo), 1)
        default: return nil
        }
    }

    private mutating func heredoc() throws(HCLProblem) -> Token {
        let start = place
        let isIndented = peek(2) == UInt8(ascii: "-")
        move(isIndented ? 3 : 2)
        let from = place
        move(nameLength())
        guard place.offset > from.offset else {
            throw HCLProblem("a heredoc needs the name that ends it after <<", at: start)
        }
        let end = place
        if peek() == 0x0D { move(1) }
        guard peek() == 0x0A else {
            throw HCLProblem("the text of a heredoc begins on the line after its name", at: place)
        }
        move(1)
        return Token(kind: .heredoc(isIndented: isIndented), range: HCLRange(from, end))
    }

    private mutating func number() -> Token {
        var count = digitCount(from: 0)
        if peek(count) == UInt8(ascii: "."), isDigit(peek(count + 1)) { count += 1 + digitCount(from: count + 1) }
        if peek(count) | 0x20 == UInt8(ascii: "e") {
            let signs = [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(peek(count + 1)) ? 1 : 0
            if isDigit(peek(count + 1 + signs)) { count += 1 + signs + digitCount(from: count + 1 + signs) }
        }
        return token(.number, count)
    }

    func digitCount(from: Int) -> Int {
        var count = 0
        while isDigit(peek(from + count)) { count += 1 }
        return count
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private mutating func name() throws(HCLProblem) -> Token {
        let count = nameLength()
        guard count == 0 else { return token(.identifier, count) }
        let (scalar, _) = Self.scalar(bytes, place.offset)
        guard let scalar else {
            throw HCLProblem("is not valid UTF-8", at: place, hint: "save the file as UTF-8")
        }
        let isPrintable = scalar.value > 0x20 && scalar.value != 0x7F
        let shown = isPrintable ? "\"\(Character(scalar))\"" : "the byte \(scalar.value)"
        let hint = scalar == "'" ? "texts stand between double quotes" : nil
        throw HCLProblem("\(shown) has no meaning here", at: place, hint: hint)
    }

    /// Bytes of the name that begins here; 0 where none does. Names are UAX #31 identifiers with `-` inside.
    func nameLength() -> Int {
        var count = 0
        while place.offset + count < bytes.count {
            let byte = bytes[place.offset + count]
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): count += 1
            case 0x30...0x39, UInt8(ascii: "-"):
                if count == 0 { return 0 }
                count += 1
            case 0x80...:
                let (scalar, length) = Self.scalar(bytes, place.offset + count)
                guard let scalar else { return count }
                guard count == 0 ? scalar.properties.isIDStart : scalar.properties.isIDContinue else { return count }
                count += length
            default: return count
            }
        }
        return count
    }

    /// The code point at this offset and its length; nil where the bytes are no UTF-8.
    static func scalar(_ bytes: [UInt8], _ offset: Int) -> (Unicode.Scalar?, Int) {
        var decoder = UTF8()
        var iterator = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return (nil, 1) }
        return (scalar, UTF8.width(scalar))
    }
}

/// Reads tokens from a module's text, one at a time. Copying it remembers a place to come back to.
struct Lexer: Sendable {
    let source: SourceText
    private(set) var position = 0
    private var row: Int32 = 1
    private var lineStart = 0
    /// Comments, where they are to be kept: the place and the text after `#`.
    private(set) var comments: [(place: SourcePlace, text: String)] = []

    /// Letters of a number; a longer one is refused.
    static let longestNumber = 4096

    init(_ source: SourceText) { self.source = source }

    private var bytes: [UInt8] { source.bytes }

    private func byte(_ at: Int) -> UInt8 { at < source.bytes.count ? source.bytes[at] : 0 }

    var place: SourcePlace {
        SourcePlace(row: row, column: Int32(position - lineStart + 1), offset: Int32(truncatingIfNeeded: position))
    }

    func error(_ message: String, at place: SourcePlace? = nil) -> RegoError {
        RegoError(.parse, message, in: source, at: place ?? self.place)
    }

    mutating func next() throws(RegoError) -> Token {
        let before = position
        let rowBefore = row
        skipBlanks()
        let start = place
        let kind = try scan()
        return Token(
            kind: kind, place: start, end: position, startsLine: start.row > rowBefore,
            isAdjacent: Int(start.offset) == before && before > 0)
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n"): newLine()
            case UInt8(ascii: "#"): comment()
            default: return
            }
        }
    }

    private mutating func newLine() {
        position += 1
        row += 1
        lineStart = position
    }

    private mutating func comment() {
        let start = place
        let from = position + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        var end = position
        if end > from, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        comments.append((start, String(decoding: bytes[from..<end], as: UTF8.self)))
    }

    private mutating func scan() throws(RegoError) -> Token.Kind {
        guard position < bytes.count else { return .end }
        switch bytes[position] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            return .identifier(identifier())
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "\""): return .string(try quotedString())
        case UInt8(ascii: "`"): return .string(try rawString())
        case UInt8(ascii: "$"): return try templateStart()
        default: return try symbol()
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func identifier() -> String {
        let start = position
        while Self.isWord(byte(position)) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func number() throws(RegoError) -> Token.Kind {
        let start = position
        let startPlace = place
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        while isDigit(byte(position)) { position += 1 }
        if byte(position) == UInt8(ascii: "."), isDigit(byte(position + 1)) {
            position += 1
            while isDigit(byte(position)) { position += 1 }
        }
        if byte(position) | 0x20 == UInt8(ascii: "e") {
            position += 1
            if byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") { position += 1 }
            while isDigit(byte(position)) { position += 1 }
        }
        while Self.isWord(byte(position)) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard position - start <= Self.longestNumber, RegoNumber(spelling: text) != nil else {
            throw error("illegal number format", at: startPlace)
        }
        return .number(text)
    }

    private mutating func symbol() throws(RegoError) -> Token.Kind {
        let first = bytes[position]
        if byte(position + 1) == UInt8(ascii: "="), first < 0x80,
            let symbol = Token.Symbol(rawValue: String(UnicodeScalar(first)) + "=")
        {
            position += 2
            return .symbol(symbol)
        }
        guard first < 0x80, let symbol = Token.Symbol(rawValue: String(UnicodeScalar(first))) else {
            let letter = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
            throw error("illegal token: unexpected character \(String(letter.prefix(1)).debugDescription)")
        }
        position += 1
        return .symbol(symbol)
    }

    private mutating func templateStart() throws(RegoError) -> Token.Kind {
        switch byte(position + 1) {
        case UInt8(ascii: "\""):
            position += 2
            return .template(isRaw: false)
        case UInt8(ascii: "`"):
            position += 2
            return .template(isRaw: true)
        default: throw error("illegal token: expected a template string after $")
        }
    }

    private mutating func rawString() throws(RegoError) -> String {
        let start = place
        position += 1
        let from = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "`") {
            if bytes[position] == UInt8(ascii: "\n") { newLine() } else { position += 1 }
        }
        guard position < bytes.count else { throw error("non-terminated string", at: start) }
        position += 1
        return String(decoding: bytes[from..<position - 1], as: UTF8.self)
    }

    private mutating func quotedString() throws(RegoError) -> String {
        let start = place
        position += 1
        var text: [UInt8] = []
        while true {
            guard position < bytes.count, bytes[position] != UInt8(ascii: "\n") else {
                throw error("non-terminated string", at: start)
            }
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
    }

    /// What follows a backslash, as JSON has it.
    private mutating func escape(into text: inout [UInt8]) throws(RegoError) {
        let escape = byte(position)
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try unicodeEscape()).utf8))
        default:
            position -= 2
            throw error("illegal string escape sequence")
        }
    }

    private mutating func unicodeEscape() throws(RegoError) -> Character {
        let first = try codeUnit()
        guard first >= 0xD800, first < 0xE000 else { return Character(UnicodeScalar(first) ?? "\u{FFFD}") }
        guard first < 0xDC00, byte(position) == UInt8(ascii: "\\"), byte(position + 1) == UInt8(ascii: "u") else {
            return "\u{FFFD}"
        }
        let saved = self
        position += 2
        let second = try codeUnit()
        guard second >= 0xDC00, second < 0xE000 else {
            self = saved
            return "\u{FFFD}"
        }
        let scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Character(UnicodeScalar(scalar) ?? "\u{FFFD}")
    }

    private mutating func codeUnit() throws(RegoError) -> UInt16 {
        guard position + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("illegal string escape sequence") }
        position += 4
        return unit
    }

    /// The text of a template up to its end (true) or to the brace of an expression (false), either of them passed.
    mutating func templateText(isRaw: Bool) throws(RegoError) -> (text: String, isEnd: Bool) {
        var text: [UInt8] = []
        let start = place
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "{"):
                position += 1
                return (String(decoding: text, as: UTF8.self), false)
            case UInt8(ascii: "`") where isRaw, UInt8(ascii: "\"") where !isRaw:
                position += 1
                return (String(decoding: text, as: UTF8.self), true)
            case UInt8(ascii: "\n"):
                guard isRaw else { throw error("non-terminated string", at: start) }
                text.append(byte)
                newLine()
            case UInt8(ascii: "\\"):
                position += 1
                try templateEscape(isRaw: isRaw, into: &text)
            default:
                position += 1
                text.append(byte)
            }
        }
        throw error("non-terminated string", at: start)
    }

    private mutating func templateEscape(isRaw: Bool, into text: inout [UInt8]) throws(RegoError) {
        if byte(position) == UInt8(ascii: "{") {
            text.append(UInt8(ascii: "{"))
            position += 1
        } else if isRaw {
            text.append(UInt8(ascii: "\\"))
        } else {
            try escape(into: &text)
        }
    }
}

/// What a first look at a text tells: whether there is anything to look behind.
struct Triggers {
    var needsFolding = false
    var isSpaced = false
    /// Stretches that may be base64 or hexadecimal.
    var segments: [Range<Int>] = []

    static let shortestSegment = 16

    private static let classes: [UInt8] = (0...255).map { byte in
        let byte = UInt8(byte)
        if byte.isAlphanumeric || "+/_-".utf8.contains(byte) { return 1 }
        if byte >= 0xc2 || "%\\&([<*~`".utf8.contains(byte) { return 2 }
        return byte == 0x20 ? 3 : 0
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        Triggers.classes.withUnsafeBufferPointer { classes in
            var index = 0
            while index < bytes.count {
                switch classes[Int(bytes[index])] {
                case 1:
                    let start = index
                    repeat { index += 1 } while index < bytes.count && classes[Int(bytes[index])] == 1
                    if index - start >= Triggers.shortestSegment { segment(start..<index, bytes) }
                case 2:
                    if !needsFolding { needsFolding = Triggers.isDisguise(bytes, at: index) }
                    index += 1
                case 3:
                    if !isSpaced { isSpaced = Triggers.isSpaced(bytes, at: index) }
                    index += 1
                default: index += 1
                }
            }
        }
    }

    private mutating func segment(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) {
        // Words and numbers alone are none.
        var kinds: UInt8 = 0
        for byte in bytes[range].prefix(256) { kinds |= byte.isDigit ? 1 : byte.isCapital ? 2 : 4 }
        if kinds & (kinds &- 1) != 0 { segments.append(range) }
    }

    /// ` a b c d`: single characters between blanks.
    private static func isSpaced(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        guard index + 10 < bytes.count else { return false }
        for offset in stride(from: 2, through: 10, by: 2) where bytes[index + offset] != 0x20 { return false }
        for offset in stride(from: 1, through: 9, by: 2) where bytes[index + offset] <= 0x20 { return false }
        return true
    }

    static func isDisguise(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 {
            return Escapes.decode(bytes, at: index) != nil || SpelledSign.read(bytes, at: index) != nil
                || InlineMark.end(bytes, at: index, after: index > 0 ? bytes[index - 1] : nil) != nil
        }
        guard let (scalar, length) = UTF8Reader.scalar(bytes, at: index), let meaning = CharacterMeaning(scalar) else {
            return false
        }
        switch meaning {
        case .removed, .ascii: return true
        case .typographic:
            return index > 0 && bytes[index - 1].isDigit
                || index + length < bytes.count && bytes[index + length].isDigit
        case .lookAlike: return UTF8Reader.isAmongLatin(bytes, index)
        }
    }
}

/// `(at)`, `[dot]`: how people hide an e-mail address from programs.
enum SpelledSign {
    private static let signs: [([UInt8], UInt8)] = ["(at)", "[at]", "(dot)", "[dot]"].map {
        (Array($0.utf8), $0.utf8.count == 4 ? 0x40 : 0x2e)
    }

    static func read(_ bytes: UnsafeRawBufferPointer, at index: Int) -> (sign: UInt8, end: Int)? {
        guard bytes[index] == UInt8(ascii: "(") || bytes[index] == UInt8(ascii: "[") else { return nil }
        for (text, sign) in signs where index + text.count <= bytes.count {
            if zip(bytes[index...], text).allSatisfy({ Words.lowercased($0) == $1 }) {
                return (sign, index + text.count)
            }
        }
        return nil
    }
}

enum UTF8Reader {
    /// The scalar at a lead byte; nil where the bytes are not UTF-8.
    static func scalar(_ bytes: UnsafeRawBufferPointer, at index: Int) -> (UInt32, Int)? {
        let lead = bytes[index]
        let length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
        guard length > 0, index + length <= bytes.count else { return nil }
        if length == 1 { return (UInt32(lead), 1) }
        var value = UInt32(lead) & (0x7f >> UInt32(length))
        for offset in 1..<length {
            guard bytes[index + offset] & 0xc0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[index + offset] & 0x3f)
        }
        return (value, length)
    }

    /// Whether the word around holds an ASCII letter or digit, looking 32 bytes each way.
    static func isAmongLatin(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        var place = index - 1
        while place >= 0, index - place < 32, bytes[place].isWord || bytes[place] == 0x40 {
            if bytes[place] < 0x80 { return true }
            place -= 1
        }
        place = index + 1
        while place < bytes.count, place - index < 32, bytes[place].isWord || bytes[place] == 0x40 {
            if bytes[place] < 0x80 { return true }
            place += 1
        }
        return false
    }

    static func encode(_ scalar: UInt32) -> [UInt8] { Unicode.Scalar(scalar).map { Array(String($0).utf8) } ?? [] }
}

/// What a byte can begin; one table look-up decides what the walk does.
enum ByteClass {
    static let other: UInt8 = 0
    static let lower: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 3
    /// Part of a character beyond ASCII.
    static let wide: UInt8 = 4
    static let at: UInt8 = 5
    static let colon: UInt8 = 6
    static let plus: UInt8 = 7
    static let hyphen: UInt8 = 8

    static let table: [UInt8] = (0...255).map { byte in
        switch UInt8(byte) {
        case 0x61...0x7a: lower
        case 0x41...0x5a: upper
        case 0x30...0x39: digit
        case 0x80...0xff: wide
        case UInt8(ascii: "@"): at
        case UInt8(ascii: ":"): colon
        case UInt8(ascii: "+"), UInt8(ascii: "("): plus
        case UInt8(ascii: "-"): hyphen
        default: other
        }
    }
}

extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    var isCapital: Bool { self &- 0x41 < 26 }
    /// Letter, digit or part of a character beyond ASCII.
    var isWord: Bool { isAlphanumeric || self >= 0x80 }
    var isSpace: Bool { self == 0x20 || self &- 9 < 5 }
}

enum Ascii {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let slash = UInt8(ascii: "/")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let point = UInt8(ascii: ".")
    static let zero = UInt8(ascii: "0")
    static let e = UInt8(ascii: "e")
    static let capitalE = UInt8(ascii: "E")
    static let u = UInt8(ascii: "u")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
}

/// Eight bytes at a time: each function marks, in the high bit of a byte, where the byte has the property.
/// Only the lowest mark is exact, since a subtraction may borrow from the bytes above it.
enum Swar {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
    }

    /// Quote, backslash, control character, or not ASCII: where reading a text must look closer.
    @inline(__always)
    static func special(_ word: UInt64) -> UInt64 {
        let control = word &- ones &* 0x20
        let quote = (word ^ ones &* 0x22) &- ones
        let backslash = (word ^ ones &* 0x5C) &- ones
        return (control | quote | backslash | word) & highs
    }

    /// Quote, backslash or control character: what writing a text must escape.
    @inline(__always)
    static func escapable(_ word: UInt64) -> UInt64 {
        let control = word &- ones &* 0x20
        let quote = (word ^ ones &* 0x22) &- ones
        let backslash = (word ^ ones &* 0x5C) &- ones
        return (control | quote | backslash) & ~word & highs
    }

    @inline(__always)
    static func backslash(_ word: UInt64) -> UInt64 {
        let backslash = word ^ ones &* 0x5C
        return (backslash &- ones) & ~backslash & highs
    }

    /// The place, 0 to 7, of the lowest mark.
    @inline(__always)
    static func place(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }
}

enum Bytes {
    static func same(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return true }
        var at = 0
        while left.count - at >= 8 {
            if Swar.load(leftBase + at) != Swar.load(rightBase + at) { return false }
            at += 8
        }
        while at < left.count {
            if leftBase[at] != rightBase[at] { return false }
            at += 1
        }
        return true
    }

    /// The value of four hexadecimal digits; nil when one is none.
    static func hex4(_ pointer: UnsafePointer<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for place in 0..<4 {
            let digit: UInt8
            switch pointer[place] {
            case 0x30...0x39: digit = pointer[place] - 0x30
            case 0x41...0x46: digit = pointer[place] - 0x41 + 10
            case 0x61...0x66: digit = pointer[place] - 0x61 + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

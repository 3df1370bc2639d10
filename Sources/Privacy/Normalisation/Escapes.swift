/// Characters written as something else: JSON's and others' `\u`, HTML's entities, URLs' percent signs.
enum Escapes {
    struct Decoded {
        var scalar: UInt32
        var end: Int
        /// A byte as such, which may be part of a character.
        var isByte = false
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Decoded? {
        switch bytes[index] {
        case UInt8(ascii: "%"):
            return hex(bytes, index + 1, 2).map { Decoded(scalar: $0, end: index + 3, isByte: true) }
        case UInt8(ascii: "\\"): return backslash(bytes, index)
        case UInt8(ascii: "&"): return entity(bytes, index)
        default: return nil
        }
    }

    private static func hex(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt32? {
        guard start + count <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<(start + count)] {
            guard let digit = digit(byte) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    static func digit(_ byte: UInt8) -> UInt32? {
        if byte.isDigit { return UInt32(byte - 0x30) }
        return byte.isHexDigit ? UInt32((byte | 0x20) - 87) : nil
    }

    private static func backslash(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Decoded? {
        guard index + 1 < bytes.count else { return nil }
        switch bytes[index + 1] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return Decoded(scalar: 0x0a, end: index + 2)
        case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@"),
            UInt8(ascii: "+"):
            return Decoded(scalar: UInt32(bytes[index + 1]), end: index + 2)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): return octal(bytes, index)
        case UInt8(ascii: "x"):
            return hex(bytes, index + 2, 2).map { Decoded(scalar: $0, end: index + 4, isByte: true) }
        case UInt8(ascii: "U"): return hex(bytes, index + 2, 8).map { Decoded(scalar: $0, end: index + 10) }
        case UInt8(ascii: "u"): return unicode(bytes, index)
        default: return nil
        }
    }

    /// `\101`: three digits.
    private static func octal(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Decoded? {
        guard index + 3 < bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index + 1...index + 3] {
            guard byte.isDigit, byte < 0x38 else { return nil }
            value = value << 3 | UInt32(byte - 0x30)
        }
        return Decoded(scalar: value, end: index + 4, isByte: true)
    }

    /// `\u0041`, `\u{41}`, and pairs of surrogates.
    private static func unicode(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Decoded? {
        if index + 2 < bytes.count, bytes[index + 2] == UInt8(ascii: "{") {
            var end = index + 3
            while end < bytes.count, end < index + 9, bytes[end].isHexDigit { end += 1 }
            guard end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return nil }
            return hex(bytes, index + 3, end - index - 3).map { Decoded(scalar: $0, end: end + 1) }
        }
        guard let high = hex(bytes, index + 2, 4) else { return nil }
        guard (0xd800...0xdbff).contains(high) else { return Decoded(scalar: high, end: index + 6) }
        guard index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"), let low = hex(bytes, index + 8, 4),
            (0xdc00...0xdfff).contains(low)
        else { return nil }
        return Decoded(scalar: 0x10000 + (high - 0xd800) << 10 + (low - 0xdc00), end: index + 12)
    }

    private static let entities: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3c, "gt": 0x3e, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "commat": 0x40, "period": 0x2e,
        "colon": 0x3a, "sol": 0x2f, "lowbar": 0x5f, "hyphen": 0x2d, "dash": 0x2d, "num": 0x23, "plus": 0x2b,
        "equals": 0x3d, "shy": 0xad, "zwnj": 0x200c, "zwj": 0x200d, "ndash": 0x2013, "mdash": 0x2014, "lpar": 0x28,
        "rpar": 0x29, "Tab": 0x20, "NewLine": 0x0a, "percnt": 0x25, "bsol": 0x5c, "thinsp": 0x20, "ensp": 0x20,
    ]

    private static func entity(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Decoded? {
        var end = index + 1
        while end < bytes.count, end - index < 12, bytes[end].isAlphanumeric || bytes[end] == UInt8(ascii: "#") {
            end += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";"), end > index + 1 else { return nil }
        guard bytes[index + 1] == UInt8(ascii: "#") else {
            let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
            return entities[name].map { Decoded(scalar: $0, end: end + 1) }
        }
        let isHex = bytes[index + 2] | 0x20 == UInt8(ascii: "x")
        let digits = bytes[(index + (isHex ? 3 : 2))..<end]
        guard !digits.isEmpty, digits.count <= 8 else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = digit(byte), isHex || digit < 10 else { return nil }
            value = value * (isHex ? 16 : 10) + UInt64(digit)
        }
        return value <= 0x10ffff ? Decoded(scalar: UInt32(value), end: end + 1) : nil
    }
}

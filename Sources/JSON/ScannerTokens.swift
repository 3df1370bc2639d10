/// Texts and numbers.
extension Scanner {
    /// Passes the text that starts at `position`; says whether it has escapes.
    mutating func string() throws(JSONError) -> Bool {
        let start = position
        var at = start + 1
        var isEscaped = false
        while true {
            at = endOfPlainRun(from: at)
            guard at < end else {
                throw failure(.unexpectedEnd, "the text that starts here has no closing quote", at: start)
            }
            let byte = base[at]
            if byte == Ascii.quote { break }
            if byte == Ascii.backslash {
                at = try endOfEscape(at)
                isEscaped = true
            } else if byte >= 0x80 {
                at = try endOfMultibyteRun(at)
            } else {
                throw failure(.controlCharacter, "\(Self.name(byte)) in a text must be written as an escape", at: at)
            }
        }
        guard at - start - 1 <= limits.stringLength else {
            throw failure(.tooLarge, "a text of more than \(limits.stringLength) bytes", at: start)
        }
        position = at + 1
        return isEscaped
    }

    @inline(__always)
    private func endOfPlainRun(from start: Int) -> Int {
        var at = start
        while end &- at >= 16 {
            let first = Swar.special(Swar.load(base + at))
            if first != 0 { return at &+ Swar.place(first) }
            let second = Swar.special(Swar.load(base + at + 8))
            if second != 0 { return at &+ 8 &+ Swar.place(second) }
            at = at &+ 16
        }
        while at < end, base[at] >= 0x20, base[at] < 0x80, base[at] != Ascii.quote, base[at] != Ascii.backslash {
            at += 1
        }
        return at
    }

    private func endOfEscape(_ at: Int) throws(JSONError) -> Int {
        guard at + 1 < end else { throw failure(.unexpectedEnd, "the text ends within an escape", at: at) }
        switch base[at + 1] {
        case Ascii.quote, Ascii.backslash, Ascii.slash, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return at + 2
        case Ascii.u:
            let high = try unit(at)
            if high & 0xFC00 == 0xDC00 { throw loneSurrogate(at) }
            guard high & 0xFC00 == 0xD800 else { return at + 6 }
            guard at + 7 < end, base[at + 6] == Ascii.backslash, base[at + 7] == Ascii.u,
                try unit(at + 6) & 0xFC00 == 0xDC00
            else { throw loneSurrogate(at) }
            return at + 12
        default:
            throw failure(.invalidEscape, "a backslash before \(Self.name(base[at + 1])) is no escape of JSON", at: at)
        }
    }

    /// The UTF-16 code unit of `\uXXXX`.
    private func unit(_ at: Int) throws(JSONError) -> UInt32 {
        guard at + 6 <= end else { throw failure(.unexpectedEnd, "the text ends within an escape", at: at) }
        guard let unit = Bytes.hex4(base + at + 2) else {
            throw failure(.invalidEscape, "\\u must be followed by four hexadecimal digits", at: at)
        }
        return unit
    }

    private func loneSurrogate(_ at: Int) -> JSONError {
        failure(.loneSurrogate, "half of a surrogate pair without its other half is no character", at: at)
    }

    /// Passes characters that are not ASCII, each well-formed (Unicode Standard, table 3-7).
    private func endOfMultibyteRun(_ start: Int) throws(JSONError) -> Int {
        var at = start
        while at < end, base[at] >= 0x80 {
            let length = Utf8.length(base + at, available: end - at)
            guard length > 0 else {
                throw failure(.invalidUTF8, "the byte \(Self.name(base[at])) starts no well-formed UTF-8", at: at)
            }
            at += length
        }
        return at
    }

    /// Passes the number that starts at `position`.
    mutating func number() throws(JSONError) {
        let start = position
        if next == Ascii.minus { position += 1 }
        if next == Ascii.zero {
            position += 1
            if next &- 0x30 < 10 {
                throw failure(.invalidNumber, "a number may not start with a needless 0", at: start)
            }
        } else {
            try digits(after: "'-'")
        }
        if next == Ascii.point {
            position += 1
            try digits(after: "the decimal point")
        }
        if next == Ascii.e || next == Ascii.capitalE {
            position += 1
            if next == Ascii.plus || next == Ascii.minus { position += 1 }
            try digits(after: "the exponent's 'e'")
        }
        guard position - start <= limits.numberLength else {
            throw failure(.tooLarge, "a number of more than \(limits.numberLength) bytes", at: start)
        }
    }

    @inline(__always)
    private mutating func digits(after what: StaticString) throws(JSONError) {
        let start = position
        while next &- 0x30 < 10 { position += 1 }
        guard position == start else { return }
        if position >= end {
            throw failure(.unexpectedEnd, "the text ends where a digit must follow \(what)", at: start)
        }
        throw failure(.invalidNumber, "a digit must follow \(what), not \(found)", at: start)
    }
}

/// UTF-8 as the Unicode Standard, table 3-7, has it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum Utf8 {
    /// Bytes of the well-formed character that starts at `pointer` and is not ASCII; 0 when there is none.
    @inline(__always)
    static func length(_ pointer: UnsafePointer<UInt8>, available: Int) -> Int {
        let lead = pointer[0]
        switch lead {
        case 0xC2...0xDF:
            return available >= 2 && isContinuation(pointer[1]) ? 2 : 0
        case 0xE0...0xEF:
            guard available >= 3, isContinuation(pointer[1]), isContinuation(pointer[2]) else { return 0 }
            if lead == 0xE0 { return pointer[1] >= 0xA0 ? 3 : 0 }
            if lead == 0xED { return pointer[1] < 0xA0 ? 3 : 0 }
            return 3
        case 0xF0...0xF4:
            guard available >= 4, isContinuation(pointer[1]), isContinuation(pointer[2]), isContinuation(pointer[3])
            else { return 0 }
            if lead == 0xF0 { return pointer[1] >= 0x90 ? 4 : 0 }
            if lead == 0xF4 { return pointer[1] < 0x90 ? 4 : 0 }
            return 4
        default:
            return 0
        }
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

/// Turns the inside of a validated JSON text into the UTF-8 it stands for. The outcome is never longer.
enum Unescape {
    static func string(_ spelled: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: spelled.count) { decode(spelled, into: $0.baseAddress) }
    }

    static func bytes(_ spelled: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: spelled.count) { $1 = decode(spelled, into: $0.baseAddress) }
    }

    /// Returns the number of bytes written; `out` has room for as many as are spelled.
    private static func decode(_ spelled: UnsafeBufferPointer<UInt8>, into out: UnsafeMutablePointer<UInt8>?) -> Int {
        guard let base = spelled.baseAddress, let out else { return 0 }
        let count = spelled.count
        var (from, to) = (0, 0)
        while from < count {
            while count - from >= 8 {
                // The word fits also where it is written, for `to` never passes `from`.
                let word = Swar.load(base + from)
                UnsafeMutableRawPointer(out + to).storeBytes(of: word.littleEndian, as: UInt64.self)
                let marks = Swar.backslash(word)
                guard marks == 0 else {
                    (from, to) = (from &+ Swar.place(marks), to &+ Swar.place(marks))
                    break
                }
                (from, to) = (from &+ 8, to &+ 8)
            }
            guard from < count else { break }
            if base[from] != Ascii.backslash {
                out[to] = base[from]
                (from, to) = (from + 1, to + 1)
            } else if base[from + 1] != Ascii.u {
                out[to] = meaning(of: base[from + 1])
                (from, to) = (from + 2, to + 1)
            } else {
                let (scalar, length) = scalar(base + from)
                from += length
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    out[to] = byte
                    to += 1
                }
            }
        }
        return to
    }

    /// The character of `\uXXXX` or of a pair of them, and how many bytes spell it.
    private static func scalar(_ escape: UnsafePointer<UInt8>) -> (Unicode.Scalar, length: Int) {
        let unit = Bytes.hex4(escape + 2) ?? 0xFFFD
        guard unit & 0xFC00 == 0xD800 else { return (Unicode.Scalar(unit) ?? "\u{FFFD}", 6) }
        let low = Bytes.hex4(escape + 8) ?? 0xDC00
        return (Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)) ?? "\u{FFFD}", 12)
    }

    @inline(__always)
    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): Ascii.newline
        case UInt8(ascii: "t"): Ascii.tab
        case UInt8(ascii: "r"): Ascii.carriageReturn
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: letter
        }
    }
}

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
        var (from, to) = (0, 0)
        while from < spelled.count {
            if spelled.count - from >= 8 {
                // The word fits also where it is written, for `to` never passes `from`.
                let word = Swar.load(base + from)
                UnsafeMutableRawPointer(out + to).storeBytes(of: word.littleEndian, as: UInt64.self)
                let marks = Swar.backslash(word)
                let plain = marks == 0 ? 8 : Swar.place(marks)
                from += plain
                to += plain
                if marks == 0 { continue }
            } else if base[from] != Ascii.backslash {
                out[to] = base[from]
                from += 1
                to += 1
                continue
            }
            escape(base, &from, out, &to)
        }
        return to
    }

    private static func escape(
        _ base: UnsafePointer<UInt8>, _ from: inout Int, _ out: UnsafeMutablePointer<UInt8>, _ to: inout Int
    ) {
        let letter = base[from + 1]
        guard letter == Ascii.u else {
            out[to] = meaning(of: letter)
            from += 2
            to += 1
            return
        }
        var code = Bytes.hex4(base + from + 2) ?? 0xFFFD
        from += 6
        if code & 0xFC00 == 0xD800 {
            let low = Bytes.hex4(base + from + 2) ?? 0xDC00
            code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
            from += 6
        }
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            out[to] = byte
            to += 1
        }
    }

    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): Ascii.newline
        case UInt8(ascii: "r"): Ascii.carriageReturn
        case UInt8(ascii: "t"): Ascii.tab
        default: letter
        }
    }
}

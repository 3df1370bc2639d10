/// Texts as JSON spells them, with no escape that is not needed (RFC 8785, section 3.2.2.2).
enum EscapedText {
    static func append(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &out) }
    }

    static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        out.append(Ascii.quote)
        if let base = text.baseAddress {
            var start = 0
            while start < text.count {
                let stop = endOfPlainRun(base, start, text.count)
                out.append(contentsOf: UnsafeBufferPointer(start: base + start, count: stop - start))
                if stop < text.count { appendEscape(base[stop], to: &out) }
                start = stop + 1
            }
        }
        out.append(Ascii.quote)
    }

    @inline(__always)
    private static func endOfPlainRun(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while end - at >= 8 {
            let marks = Swar.escapable(Swar.load(base + at))
            if marks != 0 { return at + Swar.place(marks) }
            at += 8
        }
        while at < end, base[at] >= 0x20, base[at] != Ascii.quote, base[at] != Ascii.backslash { at += 1 }
        return at
    }

    private static func appendEscape(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(Ascii.backslash)
        switch byte {
        case Ascii.quote, Ascii.backslash: out.append(byte)
        case 0x08: out.append(UInt8(ascii: "b"))
        case 0x0C: out.append(UInt8(ascii: "f"))
        case Ascii.newline: out.append(UInt8(ascii: "n"))
        case Ascii.carriageReturn: out.append(UInt8(ascii: "r"))
        case Ascii.tab: out.append(UInt8(ascii: "t"))
        default:
            out.append(contentsOf: "u00".utf8)
            out.append(Ascii.zero + byte >> 4)
            let low = byte & 15
            out.append(low < 10 ? Ascii.zero + low : UInt8(ascii: "a") + low - 10)
        }
    }
}

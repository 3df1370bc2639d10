/// Long runs of base64 or hexadecimal in a window, that may be a text in disguise.
enum EncodedRuns {
    /// Shorter ones hold no credential worth the name.
    static let shortest = 40
    /// Any run of ``shortest`` holds two probes that lie this far apart.
    private static let step = shortest / 2
    private static let probed = 16

    /// Calls `body` with each run from left to right.
    static func forEach(in bytes: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
        var probe = step - 1
        while probe + step < bytes.count {
            guard isMember(bytes[probe]), isMember(bytes[probe + step]) else {
                probe += step
                continue
            }
            var start = probe
            while start > 0, isMember(bytes[start - 1]) { start -= 1 }
            var end = probe + 1
            while end < bytes.count, isMember(bytes[end]) { end += 1 }
            if end - start >= shortest, mayBeText(bytes, start..<end) { body(start..<end) }
            probe = max(end, probe + step)
        }
    }

    @inline(__always)
    private static func isMember(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// A look at its first characters, and at those after a path before it: names, rulers, digests and pictures end here.
    private static func mayBeText(_ bytes: UnsafeRawBufferPointer, _ run: Range<Int>) -> Bool {
        if isText(bytes, run.lowerBound) { return true }
        guard let slash = bytes[run].lastIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "_") }),
            run.upperBound - slash > shortest
        else { return false }
        return isText(bytes, slash + 1)
    }

    private static func isText(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        guard start + probed <= bytes.count else { return false }
        return hasText(bytes, start, bits: 6, value: sixBits) || hasText(bytes, start, bits: 4, value: fourBits)
    }

    private static func hasText(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, bits: Int, value: (UInt8) -> UInt32?
    ) -> Bool {
        var (buffer, held) = (0 as UInt32, 0)
        for index in start..<start + probed {
            guard let next = value(bytes[index]) else { return false }
            buffer = buffer << UInt32(bits) | next
            held += bits
            guard held >= 8 else { continue }
            held -= 8
            let byte = UInt8(truncatingIfNeeded: buffer >> UInt32(held))
            guard (0x20...0x7E).contains(byte) || (0x09...0x0D).contains(byte) else { return false }
        }
        return true
    }

    private static func sixBits(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    private static func fourBits(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x41 + 10)
        case 0x61...0x66: UInt32(byte - 0x61 + 10)
        default: nil
        }
    }
}

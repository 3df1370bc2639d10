/// Long runs of base64 or hexadecimal in a window, that may be a text in disguise.
enum EncodedRuns {
    /// Shorter ones hold no credential worth the name.
    static let shortest = 40
    private static let probed = 16

    private static let members: [Bool] = (0...255).map { sixBits($0) != nil }

    /// Calls `body` with each run from left to right. A stretch as long as the shortest run is looked at from its end, so
    /// that most of a text is leapt over.
    static func forEach(in bytes: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
        members.withUnsafeBufferPointer { isMember in
            var start = 0
            while start + shortest <= bytes.count {
                var last = start + shortest - 1
                while last >= start, isMember[Int(bytes[last])] { last -= 1 }
                guard last < start else {
                    start = last + 1
                    continue
                }
                var end = start + shortest
                while end < bytes.count, isMember[Int(bytes[end])] { end += 1 }
                if mayBeText(bytes, start..<end) { body(start..<end) }
                start = end + 1
            }
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

/// Base64 (RFC 4648, both alphabets) and hexadecimal within a text.
package enum EncodedSegment {
    /// The decoded text, or nil where what comes out is no text.
    package static func decode(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> TextView? {
        if let view = hex(bytes, range), isText(view.bytes) { return view }
        if let view = base64(bytes, range), isText(view.bytes) { return view }
        // A path or a name before it (`data/…`): the last part alone.
        guard let slash = bytes[range].lastIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "_") }),
            range.upperBound - slash > Triggers.shortestSegment,
            let view = base64(bytes, (slash + 1)..<range.upperBound), isText(view.bytes)
        else { return nil }
        return view
    }

    private static func hex(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> TextView? {
        guard range.count % 2 == 0 else { return nil }
        var view = TextView()
        for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            guard let high = Escapes.digit(bytes[index]), let low = Escapes.digit(bytes[index + 1]) else { return nil }
            let byte = UInt8(high << 4 | low)
            if isStrange(byte) { return nil }
            view.append(byte, from: index..<(index + 2))
        }
        return view
    }

    private static let values: [Int8] = {
        var table = [Int8](repeating: -1, count: 256)
        for (value, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(byte)] = Int8(value)
        }
        table[Int(UInt8(ascii: "-"))] = 62
        table[Int(UInt8(ascii: "_"))] = 63
        return table
    }()

    private static func base64(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> TextView? {
        guard range.count % 4 != 1 else { return nil }
        var view = TextView()
        var (buffer, bits) = (0 as UInt32, 0)
        // Each byte comes from two characters; the first of them may have begun in the one before.
        var from = range.lowerBound
        for index in range {
            let value = values[Int(bytes[index])]
            guard value >= 0 else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                let byte = UInt8(truncatingIfNeeded: buffer >> UInt32(bits))
                if isStrange(byte) { return nil }
                view.append(byte, from: from..<(index + 1))
                from = bits > 0 ? index : index + 1
            }
        }
        return view
    }

    /// What text does not hold. The first of these ends a decoding, so that pictures and keys cost little.
    private static func isStrange(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09 || byte == 0x7f
    }

    /// Nearly all of it ASCII or letters of UTF-8.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 6 && bytes.count { $0 >= 0x80 } * 4 <= bytes.count
    }
}

/// Covers a value but for its end: `**** **** **** 1111`.
enum Mask {
    /// Letters and digits become `*`, but for the last four, and never more than half of them; separators stay.
    static func cover(_ value: [UInt8]) -> [UInt8] {
        let marks = value.count { isCovered($0) }
        var left = marks - min(4, marks / 2)
        var covered: [UInt8] = []
        covered.reserveCapacity(value.count)
        for byte in value {
            // The rest of a character that was covered or shown by its first byte.
            if byte & 0xc0 == 0x80 {
                if covered.last.map({ $0 >= 0x80 }) == true { covered.append(byte) }
                continue
            }
            let isHidden = isCovered(byte) && left > 0
            if isHidden { left -= 1 }
            covered.append(isHidden ? UInt8(ascii: "*") : byte)
        }
        return covered
    }

    /// A letter, a digit, or the first byte of a character beyond ASCII.
    private static func isCovered(_ byte: UInt8) -> Bool { byte.isAlphanumeric || byte >= 0xc0 }
}

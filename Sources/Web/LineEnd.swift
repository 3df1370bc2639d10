/// What ends a line of a text stream, found eight bytes at a time.
package enum LineEnd {
    package static let feed = UInt8(ascii: "\n")
    package static let carriageReturn = UInt8(ascii: "\r")

    @inline(__always)
    package static func isOne(_ byte: UInt8) -> Bool { byte == feed || byte == carriageReturn }

    /// Where the first line feed or carriage return stands.
    static func first(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            var at = start
            while bytes.count - at >= 8 {
                let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if hasByte(feed, word) || hasByte(carriageReturn, word) { break }
                at += 8
            }
            while at < bytes.count {
                if isOne(bytes[at]) { return at }
                at += 1
            }
            return nil
        }
    }

    @inline(__always)
    private static func hasByte(_ byte: UInt8, _ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let zeros = word ^ ones &* UInt64(byte)
        return (zeros &- ones) & ~zeros & ones &* 0x80 != 0
    }
}

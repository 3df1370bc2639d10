/// A zip archive without compression (APPNOTE 6.3.10, without ZIP64), as a benchmark's input.
struct StoredZip {
    /// More need ZIP64.
    static let mostEntries = 65_000

    private(set) var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    mutating func add(_ name: String, _ content: [UInt8]) {
        let offset = UInt32(bytes.count)
        // The version that is needed, flags, method, time and date, checksum, both sizes, lengths of name and extra field.
        var head: [UInt8] = []
        Self.put([20, 0, 0, 0, 0x21] as [UInt16], to: &head)
        Self.put([Self.checksum(content), UInt32(content.count), UInt32(content.count)], to: &head)
        Self.put([UInt16(name.utf8.count), 0], to: &head)
        Self.put([0x0403_4b50 as UInt32], to: &bytes)
        bytes += head + name.utf8 + content

        Self.put([0x0201_4b50 as UInt32], to: &directory)
        Self.put([20 as UInt16], to: &directory)
        directory += head
        // Length of the comment, disk, attributes within and without.
        Self.put([0, 0, 0, 0, 0] as [UInt16], to: &directory)
        Self.put([offset], to: &directory)
        directory += name.utf8
        count += 1
    }

    consuming func finished() -> [UInt8] {
        let offset = UInt32(bytes.count)
        var end: [UInt8] = []
        Self.put([0x0605_4b50 as UInt32], to: &end)
        Self.put([0, 0, count, count], to: &end)
        Self.put([UInt32(directory.count), offset], to: &end)
        Self.put([0 as UInt16], to: &end)
        return bytes + directory + end
    }

    private static func put<Number: FixedWidthInteger>(_ numbers: [Number], to bytes: inout [UInt8]) {
        for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
    }

    private static func checksum(_ content: [UInt8]) -> UInt32 {
        ~content.reduce(UInt32.max) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
    }
}

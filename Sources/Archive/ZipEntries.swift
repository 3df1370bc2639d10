/// The files in a zip (PKWARE's APPNOTE 6.3, without zip64), by its central directory.
public struct ZipEntries: Sequence, IteratorProtocol {
    public enum Content: Sendable, Hashable {
        case stored(Range<Int>)
        case deflated(Range<Int>)
        case encrypted
        /// By another method, with its number.
        case unknown(method: Int)
        /// The directory says something that the rest of the file does not.
        case damaged
    }

    public struct Entry: Sendable {
        /// As written: it may be absolute or lead upwards, and may be no UTF-8.
        public var path: [UInt8]
        public var content: Content
    }

    private let bytes: UnsafeRawBufferPointer
    private var at: Int
    private var left: Int
    /// How many files the directory has, folders included.
    public let count: Int

    public static func isZip(_ start: UnsafeRawBufferPointer) -> Bool {
        start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6])
    }

    /// Nil where there is no central directory: cut short, damaged, or zip64.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard let end = Self.directoryEnd(bytes) else { return nil }
        self.bytes = bytes
        count = bytes.int16(end + 10)
        at = bytes.int32(end + 16)
        left = count
        guard count < 0xFFFF, at <= end, count == 0 || bytes.has(at, [0x50, 0x4B, 1, 2]) else { return nil }
    }

    /// Nil at the end. A directory that breaks off gives a last entry that is damaged.
    public mutating func next() -> Entry? {
        guard left > 0 else { return nil }
        left -= 1
        guard bytes.has(at, [0x50, 0x4B, 1, 2]), at + 46 <= bytes.count,
            at + 46 + bytes.int16(at + 28) <= bytes.count
        else {
            left = 0
            return Entry(path: [], content: .damaged)
        }
        let start = at
        let nameLength = bytes.int16(start + 28)
        at += 46 + nameLength + bytes.int16(start + 30) + bytes.int16(start + 32)
        return Entry(path: Array(bytes[(start + 46)..<(start + 46 + nameLength)]), content: content(of: start))
    }

    /// - Parameter entry: where it stands in the directory.
    private func content(of entry: Int) -> Content {
        let method = bytes.int16(entry + 10)
        let size = bytes.int32(entry + 20)
        let header = bytes.int32(entry + 42)
        if bytes.int16(entry + 8) & 1 == 1 { return .encrypted }
        guard bytes.has(header, [0x50, 0x4B, 3, 4]), header + 30 <= bytes.count else { return .damaged }
        let start = header + 30 + bytes.int16(header + 26) + bytes.int16(header + 28)
        guard size != 0xFFFF_FFFF, start + size <= bytes.count else { return .damaged }
        switch method {
        case 0: return .stored(start..<start + size)
        case 8: return .deflated(start..<start + size)
        default: return .unknown(method: method)
        }
    }

    /// Where the record stands that ends the file, but for a comment of up to 64 KiB.
    private static func directoryEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let last = bytes.count - 22
        return stride(from: last, through: Swift.max(0, last - 0xFFFF), by: -1).first { at in
            bytes.has(at, [0x50, 0x4B, 5, 6]) && at + 22 + bytes.int16(at + 20) <= bytes.count
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Little endian; the caller has checked that it is there.
    fileprivate func int16(_ at: Int) -> Int { Int(self[at]) | Int(self[at + 1]) << 8 }
    fileprivate func int32(_ at: Int) -> Int { int16(at) | int16(at + 2) << 16 }

    fileprivate func has(_ at: Int, _ mark: [UInt8]) -> Bool {
        at >= 0 && at + mark.count <= count && self[at..<at + mark.count].elementsEqual(mark)
    }
}

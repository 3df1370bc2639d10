public import Core

/// A zip archive (APPNOTE 6.3.10) by its central directory, with ZIP64. Nothing is ever written where an entry's name
/// points, and no size that it claims is believed.
public struct ZipArchive: Sendable {
    public struct Entry: Sendable, Hashable {
        /// As it stands there; what is no UTF-8 is repaired.
        public var name: String
        public var isFolder: Bool { name.hasSuffix("/") }
        /// As claimed, in bytes.
        public var size: Int64
        /// To two seconds, in the local time of whoever made the archive, which is taken to be UTC.
        public var modified: Timestamp?
        var compressedSize: Int64
        var offset: Int64
        var method: UInt16
        var checksum: UInt32
        var isEncrypted: Bool
    }

    public struct Limits: Sendable, Hashable {
        public var entries = 2_000_000
        /// Of the central directory, in bytes.
        public var directory: Int64 = 512 << 20

        public init() {}
    }

    public let entries: [Entry]
    private let source: any ByteSource

    /// - Throws: `corrupt`, `tooLarge`, `unsupported` (in several volumes), `unavailable`.
    public init(_ source: any ByteSource, limits: Limits = Limits()) throws(GatehouseError) {
        self.source = source
        let end = try ZipEnd(source)
        guard end.count <= Int64(limits.entries) else {
            throw GatehouseError("archive", .tooLarge, "the archive has more than \(limits.entries) entries")
        }
        guard end.size >= 0, end.size <= limits.directory else {
            throw GatehouseError(
                "archive", .tooLarge, "the archive's directory has more than \(limits.directory) bytes")
        }
        guard end.offset >= 0, end.offset <= source.count else { throw Self.corrupt("its directory is not in it") }
        var reader = ZipReader(try source.read(end.offset..<end.offset + end.size))
        var entries: [Entry] = []
        for _ in 0..<end.count { entries.append(try Self.entry(&reader)) }
        self.entries = entries
    }

    /// The content of one entry.
    /// - Parameter limit: bytes that it may have when it is decompressed.
    /// - Throws: `corrupt` (also where the checksum differs), `tooLarge`, `unsupported`.
    public func read(_ entry: Entry, limit: Int) throws(GatehouseError) -> [UInt8] {
        guard !entry.isEncrypted else { throw Self.unsupported("\(entry.name) is encrypted") }
        guard entry.compressedSize >= 0, entry.offset >= 0, entry.offset <= source.count - 30 else {
            throw Self.corrupt("\(entry.name) is not in it")
        }
        var header = ZipReader(try source.read(entry.offset..<entry.offset + 30))
        guard try header.number(4) == 0x0403_4B50 else { throw Self.corrupt("\(entry.name) has no header") }
        try header.skip(22)
        let start = entry.offset + 30 + Int64(try header.number(2)) + Int64(try header.number(2))
        guard entry.compressedSize <= source.count - start else { throw Self.corrupt("\(entry.name) is cut short") }
        // What is compressed is longer than what it holds by a few bytes at most.
        guard entry.compressedSize <= Int64(limit) + Int64(limit / 100) + 1024 else { throw Self.tooLong(entry, limit) }
        let bytes = try source.read(start..<start + entry.compressedSize)
        let content = try Deflate.content(bytes, method: entry.method, name: entry.name, limit: limit)
        guard Deflate.checksum(content) == entry.checksum else { throw Self.corrupt("\(entry.name) is damaged") }
        return content
    }

    private static func entry(_ reader: inout ZipReader) throws(GatehouseError) -> Entry {
        guard try reader.number(4) == 0x0201_4B50 else { throw corrupt("its directory is damaged") }
        try reader.skip(4)
        let flags = try reader.number(2)
        let method = UInt16(try reader.number(2))
        let time = DOSTime(time: Int(try reader.number(2)), date: Int(try reader.number(2)))
        let checksum = UInt32(try reader.number(4))
        var entry = Entry(
            name: "", size: 0, modified: time.timestamp, compressedSize: Int64(try reader.number(4)), offset: 0,
            method: method, checksum: checksum, isEncrypted: flags & 1 != 0)
        entry.size = Int64(try reader.number(4))
        let (name, extra, comment) = (try reader.number(2), try reader.number(2), try reader.number(2))
        try reader.skip(8)
        entry.offset = Int64(try reader.number(4))
        entry.name = String(decoding: try reader.bytes(Int(name)), as: UTF8.self)
        try readExtra(try reader.bytes(Int(extra)), into: &entry)
        try reader.skip(Int(comment))
        return entry
    }

    /// ZIP64's numbers stand where the short ones are all ones.
    private static func readExtra(_ bytes: ArraySlice<UInt8>, into entry: inout Entry) throws(GatehouseError) {
        var reader = ZipReader(Array(bytes))
        while reader.left >= 4 {
            let (id, size) = (try reader.number(2), Int(try reader.number(2)))
            // Some writers fill the end with what is no field.
            guard size <= reader.left else { return }
            var field = ZipReader(Array(try reader.bytes(size)))
            guard id == 1 else { continue }
            if entry.size == 0xFFFF_FFFF { entry.size = try field.length() }
            if entry.compressedSize == 0xFFFF_FFFF { entry.compressedSize = try field.length() }
            if entry.offset == 0xFFFF_FFFF { entry.offset = try field.length() }
        }
    }

    static func corrupt(_ reason: String) -> GatehouseError {
        GatehouseError("archive", .corrupt, "the zip archive cannot be read: \(reason)")
    }

    static func unsupported(_ reason: String) -> GatehouseError { GatehouseError("archive", .unsupported, reason) }

    static func tooLong(_ entry: Entry, _ limit: Int) -> GatehouseError {
        GatehouseError("archive", .tooLarge, "\(entry.name) has more than \(limit) bytes")
    }
}

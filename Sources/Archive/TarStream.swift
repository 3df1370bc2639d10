public import Core

/// The entries of a tar (POSIX pax, ustar, GNU) as they come, for tars that are too large to be in memory. Nothing is
/// unpacked: what a path says is for the caller to judge.
public struct TarStream {
    public enum Kind: Sendable, Hashable {
        case file, folder
        case hardLink(to: [UInt8])
        case symbolicLink(to: [UInt8])
        /// A device, a pipe, a sparse file, or a type that is not known.
        case other
    }

    public struct Entry: Sendable, Hashable {
        /// As written: it may be absolute or lead upwards, and may be no UTF-8.
        public var path: [UInt8]
        public var kind: Kind
        /// Of its content, in bytes.
        public var size: Int64
        /// Where its content begins in the tar.
        public var offset: Int64
    }

    private static let longestName = 64 << 10
    private static let longestExtension = 1 << 20
    private static let longestContent: Int64 = 1 << 48

    private let stream: any ByteStream
    private var place: Int64 = 0
    /// Of the content of the entry that was given last.
    private var left: Int64 = 0
    /// What fills its last block.
    private var padding: Int64 = 0

    public init(_ stream: any ByteStream) { self.stream = stream }

    /// Nil at the end. What is left of the entry before is passed over.
    /// - Throws: `corrupt` where it is no tar from here on, and what the stream throws.
    public mutating func next() throws(GatehouseError) -> Entry? {
        var (path, link, size): ([UInt8]?, [UInt8]?, Int64?)
        while true {
            guard try stream.skip(left) == left else { throw Self.cutShort }
            place += left
            place += try stream.skip(padding)
            (left, padding) = (0, 0)
            guard let header = try header() else { return nil }
            guard let declared = header.size, declared >= 0 else { throw Self.corrupt(place) }
            let length = size ?? Int64(declared)
            guard length <= Self.longestContent else { throw Self.corrupt(place) }
            (left, padding) = (length, (512 - length % 512) % 512)
            switch header.type {
            case UInt8(ascii: "L"): path = try whole().prefix(Self.longestName).prefix { $0 != 0 }.map(\.self)
            case UInt8(ascii: "K"): link = try whole().prefix(Self.longestName).prefix { $0 != 0 }.map(\.self)
            case UInt8(ascii: "x"):
                let records = PaxRecords(try whole())
                path = records["path"].map { Array($0.prefix(Self.longestName)) } ?? path
                link = records["linkpath"].map { Array($0.prefix(Self.longestName)) } ?? link
                size = records["size"].flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? size
                guard size ?? 0 >= 0 else { throw Self.corrupt(place) }
            case UInt8(ascii: "g"): continue
            default:
                let path = path ?? header.path
                let kind = Self.kind(header, path, link)
                // Links have no content, whatever their size says.
                switch kind {
                case .hardLink, .symbolicLink, .folder: (left, padding) = (0, 0)
                case .file, .other: break
                }
                return Entry(path: path, kind: kind, size: left, offset: place)
            }
        }
    }

    /// More of the content of the entry that was given last; none at its end.
    /// - Throws: `corrupt` where the tar ends within it.
    public mutating func content(upTo count: Int) throws(GatehouseError) -> [UInt8] {
        let wanted = Int(min(left, Int64(max(0, count))))
        guard wanted > 0 else { return [] }
        let bytes = try stream.read(upTo: wanted)
        guard !bytes.isEmpty else { throw Self.cutShort }
        left -= Int64(bytes.count)
        place += Int64(bytes.count)
        return bytes
    }

    // MARK: - Blocks

    /// Nil at the end, which two blocks of zeros mark or the end of the bytes.
    private mutating func header() throws(GatehouseError) -> TarHeader? {
        var block: [UInt8] = []
        while block.count < TarHeader.size {
            let more = try stream.read(upTo: TarHeader.size - block.count)
            if more.isEmpty { break }
            block += more
        }
        place += Int64(block.count)
        if block.isEmpty { return nil }
        guard block.count == TarHeader.size else { throw Self.cutShort }
        let header = TarHeader(block)
        if header.isZero { return nil }
        guard header.isValid else { throw Self.corrupt(place) }
        return header
    }

    private mutating func whole() throws(GatehouseError) -> [UInt8] {
        guard left <= Int64(Self.longestExtension) else { throw Self.corrupt(place) }
        var bytes: [UInt8] = []
        while left > 0 { bytes += try content(upTo: Int(left)) }
        return bytes
    }

    private static func kind(_ header: TarHeader, _ path: [UInt8], _ link: [UInt8]?) -> Kind {
        switch header.type {
        case UInt8(ascii: "1"): return .hardLink(to: link ?? header.linkName)
        case UInt8(ascii: "2"): return .symbolicLink(to: link ?? header.linkName)
        default:
            guard let isFolder = header.isFolder(path: path) else { return .other }
            return isFolder ? .folder : .file
        }
    }

    private static var cutShort: GatehouseError {
        GatehouseError("archive", .corrupt, "the tar is cut short")
    }

    private static func corrupt(_ place: Int64) -> GatehouseError {
        GatehouseError("archive", .corrupt, "is no tar from byte \(place) on")
    }
}

/// The records of a pax header: `LENGTH KEY=VALUE\n`, the length counting all of it.
struct PaxRecords {
    private var values: [String: [UInt8]] = [:]

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let space = rest.prefix(12).firstIndex(of: UInt8(ascii: " ")),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            length > space - rest.startIndex + 1, length <= rest.count
        {
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                values[String(decoding: record[..<equals], as: UTF8.self)] = Array(record[(equals + 1)...])
            }
            rest = rest.dropFirst(length)
        }
    }

    subscript(key: String) -> [UInt8]? { values[key] }
}

/// The files in a tar, one after the other, with pax's and GNU's long names. Lenient where that harms nobody: links,
/// devices and folders are passed over, since nothing is unpacked.
public struct TarEntries {
    public struct Entry: Sendable {
        /// As written: it may be absolute or lead upwards, and may be no UTF-8.
        public var path: [UInt8]
        /// Of the tar's bytes.
        public var content: Range<Int>
        /// Whether the tar ends before the file does.
        public var isCutShort: Bool
    }

    public enum Step: Sendable {
        case file(Entry)
        case end
        /// From this byte on it is no tar.
        case damaged(at: Int)
    }

    private static let longestName = 64 << 10
    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    private var nextPath: [UInt8]?

    public static func isTar(_ start: UnsafeRawBufferPointer) -> Bool {
        start.count >= TarHeader.size && start[257..<262].elementsEqual("ustar".utf8)
            && TarHeader(start[..<TarHeader.size]).isValid
    }

    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    public mutating func next() -> Step {
        while at + TarHeader.size <= bytes.count {
            let header = TarHeader(bytes[at..<at + TarHeader.size])
            if header.isZero { return .end }
            guard header.isValid, let size = header.size, size >= 0 else { return .damaged(at: at) }
            at += TarHeader.size
            let content = at..<min(bytes.count, at + min(size, bytes.count))
            let isCutShort = content.count < size
            at = min(bytes.count, content.upperBound + (TarHeader.size - size % TarHeader.size) % TarHeader.size)
            switch header.type {
            case UInt8(ascii: "L"): nextPath = Array(bytes[content].prefix(Self.longestName).prefix { $0 != 0 })
            case UInt8(ascii: "x"):
                let records = PaxRecords(Array(bytes[content]))
                nextPath = records["path"].map { Array($0.prefix(Self.longestName)) } ?? nextPath
            case UInt8(ascii: "g"), UInt8(ascii: "K"): continue
            default:
                let path = nextPath ?? header.path
                nextPath = nil
                guard header.isFolder(path: path) == false else { continue }
                return .file(Entry(path: path, content: content, isCutShort: isCutShort))
            }
        }
        return at < bytes.count ? .damaged(at: at) : .end
    }
}

internal import Archive
internal import Core

/// Reads tar (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU's long names) and takes nothing but files and folders from it.
struct TarReader {
    private static let blockSize = 512

    private let bytes: [UInt8]
    private let limits: BundleLimits
    private var at = 0
    private var files: [BundleFile] = []
    private var seen: Set<String> = []
    private var entries = 0
    /// What a header before says of the next entry.
    private var nextPath: [UInt8]?
    private var nextSize: Int?

    private init(_ bytes: [UInt8], _ limits: BundleLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// - Throws: `corrupt`; `invalid` for links, devices and paths that lead out; `too_large`. Each names the entry.
    static func files(in bytes: [UInt8], _ limits: BundleLimits) throws(GatehouseError) -> [BundleFile] {
        var reader = TarReader(bytes, limits)
        while try reader.readEntry() {}
        return reader.files
    }

    /// False at the end mark, which is two blocks of zeros.
    private mutating func readEntry() throws(GatehouseError) -> Bool {
        guard at + Self.blockSize <= bytes.count else { throw .bundle(.corrupt, "is cut short: its tar has no end") }
        let header = TarHeader(bytes[at..<at + Self.blockSize])
        if header.isZero {
            guard bytes[at...].allSatisfy({ $0 == 0 }) else {
                throw .bundle(.corrupt, "has bytes after the end of its tar")
            }
            return false
        }
        guard header.isValid else { throw .bundle(.corrupt, "is no tar, or damaged at byte \(at)") }
        guard let size = header.size, size >= 0 else {
            throw .bundle(.corrupt, "has an entry of no valid size: \(EntryPath.shown(header.path))")
        }
        entries += 1
        guard entries <= limits.entries else { throw .bundle(.tooLarge, "has more than \(limits.entries) entries") }
        at += Self.blockSize
        try take(header, size)
        return true
    }

    private mutating func take(_ header: TarHeader, _ size: Int) throws(GatehouseError) {
        switch header.type {
        case UInt8(ascii: "x"): try takeExtension(try body(size, of: header))
        case UInt8(ascii: "g"): try refusePaths(inGlobal: try body(size, of: header))
        case UInt8(ascii: "L"):
            nextPath = Array(try body(size, of: header).prefix { $0 != 0 })
        // A long target; the link that follows is refused.
        case UInt8(ascii: "K"): _ = try body(size, of: header)
        default: try takeEntry(header, size)
        }
    }

    private mutating func takeEntry(_ header: TarHeader, _ declared: Int) throws(GatehouseError) {
        let raw = nextPath ?? header.path
        let size = nextSize ?? declared
        (nextPath, nextSize) = (nil, nil)
        let path = try EntryPath.normalized(raw[...], limits)
        guard let isFolder = header.isFolder(path: raw) else {
            throw .bundle(
                .invalid, "has an entry that is \(header.kind): \(path)", hint: "Only files and folders belong in it.")
        }
        guard !isFolder else {
            _ = try body(size, of: header)
            return
        }
        guard !path.isEmpty else { throw .bundle(.invalid, "has a file without a name") }
        guard size <= limits.fileBytes else {
            throw .bundle(.tooLarge, "has a file of more than \(limits.fileBytes) bytes: \(path)")
        }
        guard seen.insert(path).inserted else { throw .bundle(.invalid, "has two files \(path)") }
        files.append(BundleFile(path: path, bytes: Array(try body(size, of: header))))
    }

    /// The content of an entry, which fills whole blocks.
    private mutating func body(_ size: Int, of header: TarHeader) throws(GatehouseError) -> ArraySlice<UInt8> {
        guard size <= bytes.count - at else {
            throw .bundle(.corrupt, "is cut short in \(EntryPath.shown(header.path))")
        }
        defer { at = min(bytes.count, at + (size + Self.blockSize - 1) / Self.blockSize * Self.blockSize) }
        return bytes[at..<at + size]
    }

    // MARK: pax

    private mutating func takeExtension(_ records: ArraySlice<UInt8>) throws(GatehouseError) {
        for (key, value) in try Self.records(records) {
            switch key {
            case "path": nextPath = Array(value)
            case "size":
                guard let size = Int(String(decoding: value, as: UTF8.self)), size >= 0 else {
                    throw .bundle(.corrupt, "has an extended header with no valid size")
                }
                nextSize = size
            case let key where key.hasPrefix("GNU.sparse."):
                throw .bundle(.unsupported, "has a sparse file", hint: "Write its tar without --sparse.")
            default: continue
            }
        }
    }

    /// `git archive` writes a comment; what would rename every entry is not believed.
    private func refusePaths(inGlobal records: ArraySlice<UInt8>) throws(GatehouseError) {
        for (key, _) in try Self.records(records) where ["path", "size", "linkpath"].contains(key) {
            throw .bundle(.invalid, "has a global header that sets the \(key) of every entry")
        }
    }

    /// `LENGTH KEY=VALUE\n`, the length counting all of it.
    private static func records(_ bytes: ArraySlice<UInt8>) throws(GatehouseError) -> [(String, ArraySlice<UInt8>)] {
        let damage = GatehouseError.bundle(.corrupt, "has an extended header that is damaged")
        var records: [(String, ArraySlice<UInt8>)] = []
        var rest = bytes
        while !rest.isEmpty, rest.contains(where: { $0 != 0 }) {
            guard let space = rest.prefix(12).firstIndex(of: UInt8(ascii: " ")),
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { throw damage }
            let record = rest[(space + 1)..<(rest.startIndex + length)]
            guard record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw damage
            }
            records.append((String(decoding: record[..<equals], as: UTF8.self), record[(equals + 1)...].dropLast()))
            rest = rest.dropFirst(length)
        }
        return records
    }
}

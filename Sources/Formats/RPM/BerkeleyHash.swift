/// Reads the values of a Berkeley DB hash (versions 8 to 10 of its pages), in whichever order of bytes the machine had
/// that wrote it. Pages are taken one after the other, as all of a hash's pages say what they are.
struct BerkeleyHash {
    private let reader: BinaryReader
    private let pageSize: Int

    private static let magic = 0x0006_1561
    private static let headerSize = 26

    private enum PageKind {
        static let unsorted = 2
        static let overflow = 7
        static let sorted = 13
    }

    static func isOne(_ bytes: [UInt8]) -> Bool {
        [true, false].contains { BinaryReader(bytes: bytes, isLittleEndian: $0).int32(12) == magic }
    }

    init(_ bytes: [UInt8]) throws(TextError) {
        let little = BinaryReader(bytes: bytes)
        reader = little.int32(12) == Self.magic ? little : BinaryReader(bytes: bytes, isLittleEndian: false)
        guard let size = reader.int32(20), size >= 512, size <= 65536, size & (size - 1) == 0 else {
            throw RPMDatabase.damaged("has pages that Berkeley DB does not have")
        }
        // An encrypted one says by which algorithm.
        guard reader.int8(24) == 0 else { throw RPMDatabase.damaged("is encrypted") }
        pageSize = size
    }

    /// The values, without those that are too short to be a package.
    func blobs() throws(TextError) -> [ArraySlice<UInt8>] {
        var out: [ArraySlice<UInt8>] = []
        var total = 0
        for page in 1..<max(1, reader.count / pageSize) {
            let start = page * pageSize
            guard let kind = reader.int8(start + 25), kind == PageKind.sorted || kind == PageKind.unsorted else {
                continue
            }
            guard let entries = reader.int16(start + 20), entries <= pageSize / 2 else {
                throw RPMDatabase.damaged("page \(page) has too many entries")
            }
            // Keys and values by turns.
            for entry in stride(from: 1, to: entries, by: 2) {
                guard let value = try value(entry, of: start) else { continue }
                total += value.count
                guard total <= reader.count, out.count < RPMDatabase.maximumPackages else {
                    throw RPMDatabase.damaged("its values lie over one another")
                }
                out.append(value)
            }
        }
        return out
    }

    /// Nil for the counter of packages, which is no package.
    private func value(_ entry: Int, of start: Int) throws(TextError) -> ArraySlice<UInt8>? {
        let table = start + Self.headerSize
        guard let offset = reader.int16(table + entry * 2), let end = reader.int16(table + entry * 2 - 2),
            offset < end, end <= pageSize, let kind = reader.int8(start + offset)
        else { throw RPMDatabase.damaged("an entry does not lie in its page") }
        switch kind {
        case 1:
            guard let bytes = reader.slice(start + offset + 1, end - offset - 1) else {
                throw RPMDatabase.damaged("an entry is cut short")
            }
            return bytes.count > 16 ? bytes : nil
        case 3:
            guard let first = reader.int32(start + offset + 4), let length = reader.int32(start + offset + 8) else {
                throw RPMDatabase.damaged("an entry is cut short")
            }
            return try overflow(first, length)
        default: return nil
        }
    }

    private func overflow(_ first: Int, _ length: Int) throws(TextError) -> ArraySlice<UInt8> {
        guard length <= reader.count else { throw RPMDatabase.damaged("a value is longer than the file") }
        var out: [UInt8] = []
        var page = first
        while out.count < length {
            let start = page * pageSize
            guard page > 0, reader.int8(start + 25) == PageKind.overflow, let held = reader.int16(start + 22), held > 0,
                let piece = reader.slice(start + Self.headerSize, min(held, length - out.count)),
                held <= pageSize - Self.headerSize, let next = reader.int32(start + 16)
            else { throw RPMDatabase.damaged("a value is cut short") }
            out += piece
            page = next
        }
        return out[...]
    }
}

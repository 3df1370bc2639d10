/// Reads tables of an SQLite file (file format 3, "The SQLite Database File Format", sections 1 and 2): no SQL, no index,
/// no journal. Each page is read once at most, so that no file leads in circles.
struct SQLiteTable {
    private let reader: BinaryReader
    private let pageSize: Int
    /// Of each page, without what extensions keep at its end.
    private let usable: Int

    private static let magic = Array("SQLite format 3\0".utf8)

    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    init(_ bytes: [UInt8]) throws(TextError) {
        reader = BinaryReader(bytes: bytes, isLittleEndian: false)
        guard let size = reader.int16(16), let reserved = reader.int8(20) else {
            throw RPMDatabase.damaged("has no header of SQLite")
        }
        pageSize = size == 1 ? 65536 : size
        usable = pageSize - reserved
        guard pageSize >= 512, pageSize & (pageSize - 1) == 0, usable >= 480 else {
            throw RPMDatabase.damaged("has pages of \(pageSize) bytes, which SQLite does not")
        }
    }

    /// The first blob of each row.
    func blobs(of table: String) throws(TextError) -> [ArraySlice<UInt8>] {
        var root: Int?
        for row in try rows(root: 1) {
            let fields = try fields(row)
            guard fields.count >= 4, case .text("table") = fields[0], case .text(let name) = fields[1], name == table
            else { continue }
            if case .int(let page) = fields[3] { root = page }
        }
        guard let root else { throw RPMDatabase.damaged("has no table \(table)") }
        var out: [ArraySlice<UInt8>] = []
        for row in try rows(root: root) {
            for case .blob(let blob) in try fields(row) {
                out.append(blob)
                break
            }
        }
        return out
    }

    // MARK: - Pages

    /// The records of a table's b-tree, in the order of their pages.
    private func rows(root: Int) throws(TextError) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var seen: Set<Int> = []
        var waiting = [root]
        var total = 0
        while let page = waiting.popLast() {
            guard page > 0, page <= reader.count / pageSize + 1, seen.insert(page).inserted else {
                throw RPMDatabase.damaged("page \(page) is not there, or is there twice")
            }
            let start = (page - 1) * pageSize
            // The first page begins with the file's header.
            let header = page == 1 ? start + 100 : start
            guard let kind = reader.int8(header), let cells = reader.int16(header + 3),
                kind == 0x05 || kind == 0x0D
            else { throw RPMDatabase.damaged("page \(page) is no page of a table") }
            let pointers = header + (kind == 0x05 ? 12 : 8)
            guard cells <= pageSize / 2 else { throw RPMDatabase.damaged("page \(page) has too many cells") }
            if kind == 0x05 {
                guard let last = reader.int32(header + 8) else {
                    throw RPMDatabase.damaged("page \(page) is cut short")
                }
                waiting.append(last)
            }
            for cell in 0..<cells {
                guard let offset = reader.int16(pointers + cell * 2), offset < pageSize else {
                    throw RPMDatabase.damaged("page \(page) has a cell outside of it")
                }
                if kind == 0x05 {
                    guard let child = reader.int32(start + offset) else {
                        throw RPMDatabase.damaged("page \(page) is cut short")
                    }
                    waiting.append(child)
                } else {
                    let row = try payload(start + offset)
                    total += row.count
                    guard total <= reader.count, out.count < RPMDatabase.maximumPackages else {
                        throw RPMDatabase.damaged("its rows lie over one another")
                    }
                    out.append(row)
                }
            }
        }
        return out
    }

    /// What a cell of a leaf holds, with what lies in overflow pages.
    private func payload(_ cell: Int) throws(TextError) -> [UInt8] {
        var at = cell
        let length = try varint(&at)
        _ = try varint(&at)
        guard length >= 0, length <= reader.count else { throw RPMDatabase.damaged("a row is longer than the file") }
        let local = localLength(length)
        guard let first = reader.slice(at, local) else { throw RPMDatabase.damaged("a row is cut short") }
        var out = Array(first)
        out.reserveCapacity(length)
        var next = local < length ? reader.int32(at + local) : nil
        while out.count < length {
            guard let page = next, page > 0,
                let piece = reader.slice((page - 1) * pageSize + 4, min(usable - 4, length - out.count))
            else { throw RPMDatabase.damaged("a row is cut short") }
            out += piece
            next = reader.int32((page - 1) * pageSize)
        }
        return out
    }

    /// How much of a row stands in its own page (section 1.6).
    private func localLength(_ length: Int) -> Int {
        let most = usable - 35
        guard length > most else { return length }
        let least = (usable - 12) * 32 / 255 - 23
        let some = least + (length - least) % (usable - 4)
        return some <= most ? some : least
    }

    // MARK: - Records

    private enum Field {
        case int(Int)
        case text(String)
        case blob(ArraySlice<UInt8>)
        case other
    }

    /// Section 2.1.
    private func fields(_ row: [UInt8]) throws(TextError) -> [Field] {
        let reader = BinaryReader(bytes: row, isLittleEndian: false)
        var at = 0
        let header = try Self.varint(&at, in: reader)
        guard header >= 0, header <= row.count else { throw RPMDatabase.damaged("a row has no header") }
        var place = header
        var out: [Field] = []
        while at < header {
            let type = try Self.varint(&at, in: reader)
            let length = type < 0 ? -1 : type >= 12 ? (type - 12) / 2 : [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type]
            guard let bytes = reader.slice(place, length) else { throw RPMDatabase.damaged("a row is cut short") }
            place += length
            switch type {
            case 1...6: out.append(.int(Self.signed(bytes)))
            case 8: out.append(.int(0))
            case 9: out.append(.int(1))
            case 12...: out.append(type % 2 == 0 ? .blob(bytes) : .text(String(decoding: bytes, as: UTF8.self)))
            default: out.append(.other)
            }
        }
        return out
    }

    private static func signed(_ bytes: ArraySlice<UInt8>) -> Int {
        let first: Int = (bytes.first ?? 0) & 0x80 != 0 ? -1 : 0
        return bytes.reduce(first) { $0 << 8 | Int($1) }
    }

    private func varint(_ at: inout Int) throws(TextError) -> Int { try Self.varint(&at, in: reader) }

    /// Up to nine bytes, the last of which counts whole; seven bits of each of the others.
    private static func varint(_ at: inout Int, in reader: BinaryReader) throws(TextError) -> Int {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard let byte = reader.int8(at) else { throw RPMDatabase.damaged("a number is cut short") }
            at += 1
            if index == 8 { return Int(truncatingIfNeeded: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte & 0x80 == 0 { break }
        }
        return Int(truncatingIfNeeded: value)
    }
}

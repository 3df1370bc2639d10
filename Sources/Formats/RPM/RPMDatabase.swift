/// The packages that RPM's database names, in each form that it has had: SQLite (RPM 4.16 and later), NDB (SUSE) and
/// Berkeley DB's hash (RPM 4.15 and before). Read from memory without the libraries of these: nothing but the table of
/// packages is looked at, and a damaged file is an error and no crash.
public struct RPMDatabase: Sendable, Hashable {
    public var packages: [RPMHeader] = []
    /// Entries that are no header that can be read.
    public var unreadable = 0

    public static let maximumPackages = 200_000

    /// - Throws: where it is none of the three, or damaged. The line is always 1: there are none.
    public init(_ bytes: [UInt8]) throws(TextError) {
        let blobs: [ArraySlice<UInt8>]
        if SQLiteTable.isOne(bytes) {
            blobs = try SQLiteTable(bytes).blobs(of: "Packages")
        } else if NDBFile.isOne(bytes) {
            blobs = try NDBFile.blobs(bytes)
        } else if BerkeleyHash.isOne(bytes) {
            blobs = try BerkeleyHash(bytes).blobs()
        } else {
            throw Self.damaged("is no database of RPM's that is known here (SQLite, NDB, Berkeley DB)")
        }
        for blob in blobs {
            guard let header = RPMHeader(blob) else {
                unreadable += 1
                continue
            }
            // Keys that were imported are kept as packages.
            if header.name != "gpg-pubkey" { packages.append(header) }
        }
        packages.sort { ($0.name, $0.fullVersion) < ($1.name, $1.fullVersion) }
    }

    static func damaged(_ reason: String) -> TextError { TextError(line: 1, reason: reason) }
}

/// NDB: slots that say where packages' blobs lie, in units of 16 bytes, with the least byte first.
enum NDBFile {
    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("RpmP".utf8)) }

    static func blobs(_ bytes: [UInt8]) throws(TextError) -> [ArraySlice<UInt8>] {
        let reader = BinaryReader(bytes: bytes)
        guard let pages = reader.int32(12), pages > 0, pages <= bytes.count / 4096 else {
            throw RPMDatabase.damaged("says that it has more pages than it has")
        }
        var out: [ArraySlice<UInt8>] = []
        var total = 0
        // The first two slots are the file's header.
        for slot in 2..<pages * 256 {
            let at = slot * 16
            guard reader.starts(with: "Slot".utf8, at: at), let package = reader.int32(at + 4),
                let block = reader.int32(at + 8)
            else { throw RPMDatabase.damaged("slot \(slot) is damaged") }
            if package == 0 { continue }
            let start = block * 16
            guard reader.starts(with: "BlbS".utf8, at: start), reader.int32(start + 4) == package,
                let length = reader.int32(start + 12), let blob = reader.slice(start + 16, length)
            else { throw RPMDatabase.damaged("package \(package) is not where its slot says") }
            total += length
            guard total <= bytes.count, out.count < RPMDatabase.maximumPackages else {
                throw RPMDatabase.damaged("its packages lie over one another")
            }
            out.append(blob)
        }
        return out
    }
}

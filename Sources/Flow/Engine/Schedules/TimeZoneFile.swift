import Config
import Core

/// Reads time zones as the system has them: TZif of version 2 and later (RFC 8536, section 3).
public enum TimeZoneFile {
    static let folder = "/usr/share/zoneinfo"
    /// Bytes of a file. The greatest that there are have some thousands.
    static let greatest = 256 << 10

    /// The zone with this name: `Europe/Berlin`, or `UTC`, which needs no file.
    /// - Throws: `invalid` for what is no name, `notFound`, `corrupt`.
    public static func zone(named name: String) throws -> TimeZoneRules {
        if name == "UTC" || name == "Etc/UTC" { return .utc }
        guard isName(name) else {
            throw GatehouseError(
                "flow", .invalid, "\"\(name.prefix(60))\" is no name of a time zone",
                hint: "write it as the IANA database has it: Europe/Berlin")
        }
        guard let bytes = try? InputFile.contents(of: "\(folder)/\(name)", limit: greatest).bytes else {
            throw GatehouseError(
                "flow", .notFound, "there is no time zone \"\(name)\" on this machine",
                hint: "names are case-sensitive; where there are none at all, install tzdata")
        }
        guard let rules = TimeZoneRules(bytes) else {
            throw GatehouseError(
                "flow", .corrupt, "the file of the time zone \(name) cannot be read", hint: "install tzdata anew")
        }
        return rules
    }

    /// Words of letters, digits, `_`, `+` and `-`, each beginning with a letter, joined by slashes: no way out of the
    /// folder.
    static func isName(_ name: String) -> Bool {
        let words = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return name.utf8.count <= 64 && words.count <= 3
            && words.allSatisfy { word in
                guard let first = word.first, (0x41...0x5A).contains(first & 0xDF) else { return false }
                return word.allSatisfy { byte in
                    (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2B
                        || byte == 0x2D
                }
            }
    }
}

extension TimeZoneRules {
    /// Nil for what is no such file, or only one of version 1, which knows nothing after 2037.
    init?(_ bytes: [UInt8]) {
        var reader = TZifReader(bytes: bytes)
        guard bytes.count <= TimeZoneFile.greatest, let first = reader.header(), first.version >= 2,
            reader.skip(first.size(wide: false)), let header = reader.header()
        else { return nil }
        guard let rules = reader.rules(header) else { return nil }
        self = rules
    }
}

private struct TZifReader {
    struct Header {
        var version = 0
        var utCount = 0
        var standardCount = 0
        var leapCount = 0
        var timeCount = 0
        var typeCount = 0
        var nameCount = 0

        /// Of the block of data.
        func size(wide: Bool) -> Int {
            let time = wide ? 8 : 4
            return timeCount * (time + 1) + typeCount * 6 + nameCount + leapCount * (time + 4) + standardCount + utCount
        }
    }

    let bytes: [UInt8]
    var position = 0

    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, bytes.count - position >= count else { return false }
        position += count
        return true
    }

    mutating func integer(_ size: Int) -> Int64? {
        guard bytes.count - position >= size else { return nil }
        var value: UInt64 = 0
        for byte in bytes[position..<position + size] { value = value << 8 | UInt64(byte) }
        position += size
        return size == 8 ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
    }

    /// Counts beyond any file's length are refused.
    private mutating func count() -> Int? {
        guard let value = integer(4), (0...20_000).contains(value) else { return nil }
        return Int(value)
    }

    mutating func header() -> Header? {
        guard bytes.count - position >= 44, bytes[position..<position + 4].elementsEqual("TZif".utf8) else {
            return nil
        }
        var header = Header()
        // A NUL is version 1; later ones are digits.
        header.version = bytes[position + 4] == 0 ? 1 : Int(bytes[position + 4]) - 0x30
        position += 20
        guard let utCount = count(), let standardCount = count(), let leapCount = count(), let timeCount = count(),
            let typeCount = count(), let nameCount = count()
        else { return nil }
        (header.utCount, header.standardCount, header.leapCount) = (utCount, standardCount, leapCount)
        (header.timeCount, header.typeCount, header.nameCount) = (timeCount, typeCount, nameCount)
        return header
    }

    /// The block of version 2 and its footer.
    mutating func rules(_ header: Header) -> TimeZoneRules? {
        guard header.typeCount > 0, bytes.count - position >= header.size(wide: true) else { return nil }
        var times: [Int64] = []
        for _ in 0..<header.timeCount {
            guard let time = integer(8), times.last.map({ $0 < time }) ?? true else { return nil }
            times.append(time)
        }
        let kinds = bytes[position..<position + header.timeCount].map(Int.init)
        position += header.timeCount
        var offsets: [Int] = []
        for _ in 0..<header.typeCount {
            guard let offset = integer(4), (-93_599...93_599).contains(offset), skip(2) else { return nil }
            offsets.append(Int(offset))
        }
        guard kinds.allSatisfy({ $0 < offsets.count }),
            skip(header.nameCount + header.leapCount * 12 + header.standardCount + header.utCount)
        else { return nil }
        guard let footer = footer() else { return nil }
        return TimeZoneRules(
            times: times, offsets: kinds.map { offsets[$0] }, first: offsets[0],
            footer: footer.isEmpty ? nil : PosixTimeZone(footer))
    }

    /// Between two line feeds; nil where it is missing or no rule.
    private mutating func footer() -> [UInt8]? {
        guard position < bytes.count, bytes[position] == 0x0A,
            let end = bytes[(position + 1)...].firstIndex(of: 0x0A)
        else { return nil }
        let text = Array(bytes[(position + 1)..<end])
        return text.isEmpty || PosixTimeZone(text) != nil ? text : nil
    }
}

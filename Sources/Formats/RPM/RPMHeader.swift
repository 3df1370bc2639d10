/// What RPM keeps of an installed package: a header (RPM file format, "Header structure"), whose index of tags stands
/// before its data, all with the greatest byte first.
public struct RPMHeader: Sendable, Hashable {
    public var name: String
    public var epoch: Int?
    public var version: String
    public var release: String
    public var architecture: String?
    public var license: String?
    /// The file name of the source package: `name-version-release.src.rpm`.
    public var sourceFile: String?

    private enum Tag {
        static let name = 1000
        static let version = 1001
        static let release = 1002
        static let epoch = 1003
        static let license = 1014
        static let architecture = 1022
        static let sourceFile = 1044
    }

    /// RPM's own bound on tags.
    private static let maximumTags = 0xFFFF
    private static let maximumText = 4096

    /// Nil for what is no header, or has no name, version or release.
    public init?(_ bytes: some Collection<UInt8>) {
        let reader = BinaryReader(bytes: Array(bytes), isLittleEndian: false)
        guard let tags = reader.int32(0), let size = reader.int32(4), tags > 0, tags <= Self.maximumTags,
            size <= reader.count - 8 - tags * 16
        else { return nil }
        var places: [Int: (type: Int, offset: Int)] = [:]
        for index in 0..<tags {
            let at = 8 + index * 16
            guard let tag = reader.int32(at), let type = reader.int32(at + 4), let offset = reader.int32(at + 8) else {
                return nil
            }
            // The first of a tag counts, as for RPM.
            if offset < size, places[tag] == nil { places[tag] = (type, 8 + tags * 16 + offset) }
        }
        func text(_ tag: Int) -> String? {
            // A text, a list of them, one of several languages.
            guard let place = places[tag], [6, 8, 9].contains(place.type) else { return nil }
            let field = reader.bytes[place.offset...].prefix(Self.maximumText).prefix { $0 != 0 }
            return field.isEmpty ? nil : String(decoding: field, as: UTF8.self)
        }
        guard let name = text(Tag.name), let version = text(Tag.version), let release = text(Tag.release) else {
            return nil
        }
        self.name = name
        self.version = version
        self.release = release
        epoch = places[Tag.epoch].flatMap { $0.type == 4 ? reader.int32($0.offset) : nil }
        architecture = text(Tag.architecture)
        license = text(Tag.license)
        sourceFile = text(Tag.sourceFile)
    }

    /// `epoch:version-release`, without an epoch of 0.
    public var fullVersion: String {
        let plain = "\(version)-\(release)"
        return epoch.map { $0 > 0 ? "\($0):\(plain)" : plain } ?? plain
    }

    /// The name of the source package.
    public var source: String? {
        guard let sourceFile else { return nil }
        let parts = sourceFile.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count > 2 ? parts.dropLast(2).joined(separator: "-") : nil
    }
}

public import Core

/// Advisories of one ecosystem, as they were imported together.
public struct AdvisoryFeed: Sendable, Hashable {
    /// As OSV names it, without a distribution's release: `PyPI`, `Debian`.
    public var ecosystem: String
    /// The file, folder or address that it came from.
    public var source: String
    /// How far it tells what is known: the newest change in it, or the date that its source gives.
    public var asOf: Timestamp
    public var imported: Timestamp
    public var advisories: Int
    public var packages: Int
    /// Files that could not be read as advisories; nothing is known of what they say.
    public var unreadable: Int
    /// Of the rows that belong to it.
    var generation: Int

    public func age(at now: Timestamp) -> Duration { now - asOf }
}

/// How a package's name is looked up: the spellings that an ecosystem takes for one name are one.
enum PackageName {
    static func key(_ name: String, in ecosystem: String) -> String {
        switch AdvisoryDatabase.base(ecosystem) {
        case "PyPI": python(name)
        case "NuGet", "Packagist", "Hex", "Pub", "SwiftURL": name.lowercased()
        default: name
        }
    }

    /// PEP 503: in lower case, with one hyphen for each run of `-`, `_` and `.`.
    static func python(_ name: String) -> String {
        var out: [UInt8] = []
        for byte in name.lowercased().utf8 {
            let isMark = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            if isMark, out.last == UInt8(ascii: "-") { continue }
            out.append(isMark ? UInt8(ascii: "-") : byte)
        }
        return String(decoding: out, as: UTF8.self)
    }
}

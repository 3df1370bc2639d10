public import JSON

/// Which versions of one package an advisory is about.
public struct OSVAffected: Sendable, Hashable {
    /// A stretch of versions, by its events in any order.
    public struct Range: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable {
            case semver = "SEMVER"
            case ecosystem = "ECOSYSTEM"
            /// Of commits: not to be compared with versions.
            case git = "GIT"
        }

        public enum Event: Sendable, Hashable {
            /// `0` is before every version.
            case introduced(String)
            case fixed(String)
            case lastAffected(String)
            /// Versions from here on are another line of the package, about which the range says nothing.
            case limit(String)
        }

        public var kind: Kind
        public var events: [Event]

        public init(kind: Kind, events: [Event]) {
            self.kind = kind
            self.events = events
        }
    }

    /// Functions that are flawed, in the package that this import path names.
    public struct Symbols: Sendable, Hashable {
        public var path: String
        /// Empty where all of it is.
        public var names: [String]
    }

    /// With the release of a distribution after a colon: `PyPI`, `Debian:12`.
    public var ecosystem: String
    public var name: String
    public var ranges: [Range]
    /// Listed one by one; counts beside the ranges.
    public var versions: [String]
    /// CVSS vectors for this package, where they differ from the advisory's.
    public var vectors: [String]
    public var symbols: [Symbols]

    /// Nil for what names no package.
    public init?(_ view: JSONView) {
        guard let ecosystem = view["package"]?["ecosystem"]?.string, let name = view["package"]?["name"]?.string,
            !ecosystem.isEmpty, !name.isEmpty
        else { return nil }
        self.ecosystem = ecosystem
        self.name = name
        ranges = view["ranges"]?.elements.compactMap(Range.init) ?? []
        versions = view.strings("versions")
        vectors = OSVAdvisory.vectors(view)
        symbols = Self.symbols(view)
    }

    /// Go's database names them by import, RustSec's as a list of paths.
    private static func symbols(_ view: JSONView) -> [Symbols] {
        guard let specific = view["ecosystem_specific"] else { return [] }
        let imports = specific["imports"]?.elements.compactMap { entry -> Symbols? in
            entry["path"]?.string.map { Symbols(path: $0, names: entry.strings("symbols")) }
        }
        let functions = specific["affects"]?.strings("functions") ?? []
        return (imports ?? []) + functions.map { Symbols(path: $0, names: []) }
    }
}

extension OSVAffected.Range {
    /// Nil for a kind that is not known.
    init?(_ view: JSONView) {
        guard let kind = view["type"]?.string.flatMap(Kind.init(rawValue:)) else { return nil }
        let events = view["events"]?.elements.flatMap { event -> [Event] in
            event.members.compactMap { member in
                guard let version = member.value.string else { return nil }
                switch member.key {
                case "introduced": return .introduced(version)
                case "fixed": return .fixed(version)
                case "last_affected": return .lastAffected(version)
                case "limit": return .limit(version)
                default: return nil
                }
            }
        }
        self.init(kind: kind, events: events ?? [])
    }
}

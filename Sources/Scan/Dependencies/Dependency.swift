public import Formats

/// A package of a certain version that a file names.
public struct Dependency: Sendable, Hashable {
    /// As OSV names it, with the release of a distribution where it has one: `npm`, `Debian:12`.
    public var ecosystem: String
    /// As the file spells it. Maven's is `group:artifact`.
    public var name: String
    public var version: String
    /// In its file, from 1.
    public var line: Int
    /// Named by the project itself; nil where the file does not say.
    public var isDirect: Bool?
    /// Only for building or testing; nil where the file does not say.
    public var isDevelopment: Bool?
    /// The shortest way to it from the project, by names, itself last; empty where the file does not say.
    public var path: [String] = []
    /// An SPDX expression or name, where the file says so.
    public var license: String?

    public init(
        ecosystem: String, name: String, version: String, line: Int, isDirect: Bool? = nil,
        isDevelopment: Bool? = nil, license: String? = nil
    ) {
        self.ecosystem = ecosystem
        self.name = name
        self.version = version
        self.line = line
        self.isDirect = isDirect
        self.isDevelopment = isDevelopment
        self.license = license
    }

    /// Nil for an ecosystem whose packages have none.
    public var purl: PURL? {
        let base = AdvisoryDatabase.base(ecosystem)
        guard let type = Self.types[base] else { return nil }
        let name = base == "PyPI" ? PackageName.python(name) : name
        let separator: Character = base == "Maven" ? ":" : "/"
        let parts = name.split(separator: separator).map(String.init)
        let distribution = Self.distributions[base]
        let namespace = distribution ?? (parts.count > 1 ? parts.dropLast().joined(separator: "/") : nil)
        let release = distribution == nil ? nil : ecosystem.firstIndex(of: ":").map { ecosystem[$0...].dropFirst() }
        return try? PURL(
            type: type, namespace: namespace, name: distribution == nil ? parts.last ?? "" : name, version: version,
            qualifiers: release.map { ["distro": String($0)] } ?? [:])
    }

    private static let types: [String: String] = [
        "npm": "npm", "PyPI": "pypi", "crates.io": "cargo", "Go": "golang", "Maven": "maven", "NuGet": "nuget",
        "RubyGems": "gem", "Packagist": "composer", "Pub": "pub", "Hex": "hex", "SwiftURL": "swift",
        "ConanCenter": "conan", "Debian": "deb", "Ubuntu": "deb", "Alpine": "apk", "Wolfi": "apk", "Chainguard": "apk",
        "Hackage": "hackage", "CRAN": "cran",
    ]
    private static let distributions: [String: String] = [
        "Debian": "debian", "Ubuntu": "ubuntu", "Alpine": "alpine", "Wolfi": "wolfi", "Chainguard": "chainguard",
    ]
}

/// What one file names.
public struct DependencyFile: Sendable, Hashable {
    /// Relative to the root, made printable.
    public var path: String
    /// `package-lock.json`, `poetry.lock`, ….
    public var kind: String
    public var dependencies: [Dependency]
}

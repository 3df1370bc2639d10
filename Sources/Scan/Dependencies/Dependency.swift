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
    /// The file that says so, where it is another than the one that names the package.
    public var licenseFile: String?
    /// The package that is installed of the source package ``name``, where the file names both (Debian's).
    public var binary: String?
    /// The source package of the installed package ``name``, where the file names both (RPM's).
    public var source: String?

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

    /// What packages are told apart by, whatever the spelling of their names.
    var key: String { "\(Ecosystems.base(ecosystem)) \(PackageName.key(name, in: ecosystem)) \(version)" }

    /// Nil for an ecosystem whose packages have none.
    public var purl: PURL? {
        let base = Ecosystems.base(ecosystem)
        if let type = Distribution.type(base) { return packageOfDistribution(type, base) }
        guard let type = Self.types[base] else { return nil }
        let name = base == "PyPI" ? PackageName.python(name) : name
        let parts = name.split(separator: base == "Maven" ? ":" : "/").map(String.init)
        let namespace = parts.count > 1 ? parts.dropLast().joined(separator: "/") : nil
        return try? PURL(type: type, namespace: namespace, name: parts.last ?? "", version: version)
    }

    /// RPM's epoch is a qualifier of its own.
    private func packageOfDistribution(_ type: String, _ base: String) -> PURL? {
        var qualifiers: [String: String] = [:]
        if let colon = ecosystem.firstIndex(of: ":") { qualifiers["distro"] = String(ecosystem[colon...].dropFirst()) }
        var version = version
        if type == "rpm", let colon = version.firstIndex(of: ":") {
            qualifiers["epoch"] = String(version[..<colon])
            version = String(version[version.index(after: colon)...])
        }
        if type == "rpm" { qualifiers["distro"] = qualifiers["distro"]?.split(separator: ":").last.map(String.init) }
        return try? PURL(
            type: type, namespace: Distribution.namespace(base), name: name, version: version, qualifiers: qualifiers)
    }

    private static let types: [String: String] = [
        "npm": "npm", "PyPI": "pypi", "crates.io": "cargo", "Go": "golang", "Maven": "maven", "NuGet": "nuget",
        "RubyGems": "gem", "Packagist": "composer", "Pub": "pub", "Hex": "hex", "SwiftURL": "swift",
        "ConanCenter": "conan", "Hackage": "hackage", "CRAN": "cran",
    ]
}

/// What one file names.
public struct DependencyFile: Sendable, Hashable {
    /// Relative to the root, made printable.
    public var path: String
    /// `package-lock.json`, `poetry.lock`, ….
    public var kind: String
    public var dependencies: [Dependency]
    /// The layer of an image that it came with, by its digest.
    public var layer: String?
}

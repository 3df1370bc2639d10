import Formats

/// The ecosystems that OSV has and packages are found of.
public enum Ecosystems {
    /// Those that are fetched where none are named.
    public static let all = [
        "npm", "PyPI", "Go", "crates.io", "Maven", "NuGet", "RubyGems", "Packagist", "Pub", "Hex", "SwiftURL",
        "ConanCenter", "Debian", "Ubuntu", "Alpine", "Red Hat", "Rocky Linux", "AlmaLinux", "GitHub Actions", "Hackage",
        "CRAN",
    ]

    /// Without the release of a distribution.
    static func base(_ ecosystem: String) -> String { String(ecosystem.prefix { $0 != ":" }) }

    static func isKnown(_ name: String) -> Bool { all.contains(name) || VersionScheme(ecosystem: name) != nil }
}

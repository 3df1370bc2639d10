/// How an ecosystem orders its versions. Each is total: what is no version of the ecosystem has a place too (which one
/// the ecosystem's own tool gives it, where it gives one), and nothing crashes or takes more than linear time in the
/// length of both texts.
public enum VersionScheme: String, Sendable, Hashable, CaseIterable {
    /// semver.org 2.0.0, also with `v` before it and with fewer than three numbers: npm, Cargo, Go, Hex, SwiftPM.
    case semver
    /// PEP 440; what is older than it, as setuptools ordered it.
    case pypi
    /// Maven's `ComparableVersion`, by the POM reference's section on version order.
    case maven
    /// SemVer with four numbers, without regard to letters' case.
    case nuget
    /// `Gem::Version`.
    case rubygems
    /// PHP's `version_compare` after Composer's leading `v` is gone.
    case packagist
    /// SemVer where the build part decides between equals.
    case pub
    /// deb-version(7).
    case debian
    /// apk-package(5).
    case alpine
    /// `rpmvercmp` of epoch, version and release.
    case rpm
    /// R's `package_version`: numbers between points and hyphens.
    case cran
    /// Cabal's: numbers between points.
    case hackage

    /// The scheme of an ecosystem by the name that OSV gives it; what follows a colon (a distribution's release) does
    /// not matter. Nil where none is known: such versions cannot be ordered.
    public init?(ecosystem: String) {
        let name = ecosystem.prefix { $0 != ":" }
        guard let scheme = Self.byEcosystem[String(name)] else { return nil }
        self = scheme
    }

    private static let byEcosystem: [String: VersionScheme] = [
        "npm": .semver, "crates.io": .semver, "Go": .semver, "Hex": .semver, "SwiftURL": .semver,
        "GitHub Actions": .semver, "Julia": .semver, "Bitnami": .semver, "ConanCenter": .semver, "Kubernetes": .semver,
        "VSCode": .semver, "PyPI": .pypi, "Maven": .maven, "NuGet": .nuget, "RubyGems": .rubygems,
        "Packagist": .packagist, "Pub": .pub, "CRAN": .cran, "Bioconductor": .cran, "Hackage": .hackage,
        "GHC": .hackage,
        "Debian": .debian, "Ubuntu": .debian, "Echo": .debian, "Alpine": .alpine, "Chainguard": .alpine,
        "Wolfi": .alpine, "MinimOS": .alpine, "Alpaquita": .alpine, "BellSoft Hardened Containers": .alpine,
        "Red Hat": .rpm, "AlmaLinux": .rpm, "Rocky Linux": .rpm, "SUSE": .rpm, "openSUSE": .rpm, "Mageia": .rpm,
        "openEuler": .rpm, "Photon OS": .rpm, "Azure Linux": .rpm,
    ]

    /// Orders two versions, comparing bytes in place.
    public func compare(_ a: String, _ b: String) -> VersionOrder {
        // A version of one of these is read in place; a bridged text, which Linux does not have, is copied.
        let order = a.utf8.withContiguousStorageIfAvailable { left in
            b.utf8.withContiguousStorageIfAvailable { right in compare(left.span, right.span) }
        }
        return (order ?? nil)
            ?? Array(a.utf8).withUnsafeBufferPointer { left in
                Array(b.utf8).withUnsafeBufferPointer { right in compare(left.span, right.span) }
            }
    }

    func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> VersionOrder {
        switch self {
        case .semver: SemanticVersions.compare(a, b)
        case .nuget: SemanticVersions.compareNuGet(a, b)
        case .pub: SemanticVersions.comparePub(a, b)
        case .pypi: PythonVersions.compare(a, b)
        case .maven: MavenVersions.compare(a, b)
        case .rubygems: GemVersions.compare(a, b)
        case .packagist: PackagistVersions.compare(a, b)
        case .debian: DebianVersions.compare(a, b)
        case .alpine: AlpineVersions.compare(a, b)
        case .rpm: RPMVersions.compare(a, b)
        case .cran: NumberedVersions.compare(a, b, separators: (UInt8(ascii: "."), UInt8(ascii: "-")))
        case .hackage: NumberedVersions.compare(a, b, separators: (UInt8(ascii: "."), UInt8(ascii: ".")))
        }
    }
}

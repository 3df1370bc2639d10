import Formats
import JSON

/// A software bill of materials in the tree, or beside an image: what others found in it.
enum BillFile {
    static func isNamed(_ name: String, _ path: String) -> Bool {
        name.hasSuffix(".cdx.json") || name.hasSuffix(".spdx.json") || ["bom.json", "sbom.json"].contains(name)
    }

    static func read(_ bytes: [UInt8]) throws(TextError) -> LockfileReading {
        let file = try JSONLockfile(bytes)
        guard let bill = ReadBill(file.root) else {
            throw TextError(line: 1, reason: "is neither CycloneDX nor SPDX 2")
        }
        let lines = LineIndex(bytes)
        var reading = LockfileReading()
        for entry in bill.entries {
            let line = lines.line(of: entry.offset)
            guard let purl = entry.purl, let version = purl.version else {
                reading.gap(line, "\(entry.name.prefix(100)) has no package URL with a version")
                continue
            }
            guard var dependency = Dependency(purl, version: version, line: line) else {
                reading.gap(line, "no advisories are known for packages of the type \(purl.type)")
                continue
            }
            dependency.license = entry.license
            reading.dependencies.append(dependency)
        }
        return reading
    }
}

extension Dependency {
    /// Nil for a type whose packages no advisories are known for.
    init?(_ purl: PURL, version: String, line: Int) {
        guard let base = Self.ecosystem(purl) else { return nil }
        let separator = base == "Maven" ? ":" : "/"
        let isDistribution = ["deb", "apk", "rpm"].contains(purl.type)
        let namespace = isDistribution ? nil : purl.namespace
        let epoch = purl.type == "rpm" ? purl.qualifiers["epoch"].map { "\($0):" } ?? "" : ""
        self.init(
            ecosystem: base, name: namespace.map { $0 + separator + purl.name } ?? purl.name, version: epoch + version,
            line: line)
    }

    private static func ecosystem(_ purl: PURL) -> String? {
        if ["deb", "apk", "rpm"].contains(purl.type) {
            return Distribution.ecosystem(namespace: purl.namespace, release: purl.qualifiers["distro"])
        }
        return [
            "npm": "npm", "pypi": "PyPI", "cargo": "crates.io", "golang": "Go", "maven": "Maven", "nuget": "NuGet",
            "gem": "RubyGems", "composer": "Packagist", "pub": "Pub", "hex": "Hex", "swift": "SwiftURL",
            "conan": "ConanCenter", "hackage": "Hackage", "cran": "CRAN",
        ][purl.type]
    }
}

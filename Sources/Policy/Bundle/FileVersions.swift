internal import Core
internal import Rego

/// What a manifest says of the versions of files: of a file by its own name, else by the first pattern, else of all.
struct FileVersions {
    private let exact: [String: RegoVersion]
    private let patterns: [(pattern: PathPattern, version: RegoVersion)]
    private let other: RegoVersion?
    /// Of matching, for all files together: patterns come from outside, and many of them against many files take long.
    private var steps = 20_000_000

    init(_ manifest: Bundle.Manifest) {
        var exact: [String: RegoVersion] = [:]
        var patterns: [(pattern: PathPattern, version: RegoVersion)] = []
        for (text, version) in manifest.fileRegoVersions.sorted(by: { $0.key < $1.key }) {
            if !PathPattern.isPattern(text) {
                exact[String(text.drop { $0 == "/" })] = version
            } else if let pattern = PathPattern(text) {
                patterns.append((pattern, version))
            }
        }
        self.exact = exact
        self.patterns = patterns
        other = manifest.regoVersion
    }

    /// - Throws: `too_large` when matching takes too long.
    mutating func version(of path: String) throws(GatehouseError) -> RegoVersion? {
        if let version = exact[path] { return version }
        for (pattern, version) in patterns {
            if pattern.matches(path, steps: &steps) { return version }
            guard steps > 0 else {
                throw .bundle(.tooLarge, "has too many files for the patterns of its file_rego_versions")
            }
        }
        return other
    }
}

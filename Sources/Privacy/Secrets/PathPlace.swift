/// What the path of an input says about what is found in it. Says it when asked: of most inputs nothing is found.
struct PathPlace {
    private let path: String?

    private static let names: Set<String> = [
        "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "npm-shrinkwrap.json", "cargo.lock", "gemfile.lock",
        "poetry.lock", "pipfile.lock", "uv.lock", "composer.lock", "go.sum", "package.resolved", "podfile.lock",
    ]
    private static let suffixes = [".min.js", ".min.css", ".map", ".svg", ".ipynb", ".lock", ".snap"]
    private static let folders: Set<String> = [
        "test", "tests", "testdata", "test-data", "fixtures", "__tests__", "__snapshots__", "spec", "specs", "mocks",
        "examples", "example", "samples", "node_modules", "vendor",
    ]

    init(_ path: String?) { self.path = path }

    /// Lock files, minified code, fixtures and documentation hold many values that look like secrets and few that are.
    var isUnlikely: Bool {
        guard let parts = path?.lowercased().split(separator: "/"), let file = parts.last else { return false }
        return PathPlace.names.contains(String(file)) || PathPlace.suffixes.contains { file.hasSuffix($0) }
            || parts.dropLast().contains { PathPlace.folders.contains(String($0)) }
    }

    /// Without a path, rules for certain files do not apply.
    func allows(_ rule: SecretRule) -> Bool {
        if rule.pathSuffixes.isEmpty { return true }
        guard let path else { return false }
        return rule.pathSuffixes.contains { ends(path, $0) }
    }

    /// - Parameter suffix: in lower case.
    private func ends(_ path: String, _ suffix: String) -> Bool {
        var rest = path.utf8[...]
        for byte in suffix.utf8.reversed() {
            guard let last = rest.popLast(), Words.lowercased(last) == byte else { return false }
        }
        return true
    }
}

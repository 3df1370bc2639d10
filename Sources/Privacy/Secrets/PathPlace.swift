/// What the path of an input says about what is found in it.
struct PathPlace {
    /// Lock files, minified code, fixtures and documentation hold many values that look like secrets and few that are.
    let isUnlikely: Bool
    private let name: String?

    private static let names: Set<String> = [
        "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "npm-shrinkwrap.json", "cargo.lock", "gemfile.lock",
        "poetry.lock", "pipfile.lock", "uv.lock", "composer.lock", "go.sum", "package.resolved", "podfile.lock",
    ]
    private static let suffixes = [".min.js", ".min.css", ".map", ".svg", ".ipynb", ".lock", ".snap"]
    private static let folders: Set<String> = [
        "test", "tests", "testdata", "test-data", "fixtures", "__tests__", "__snapshots__", "spec", "specs", "mocks",
        "examples", "example", "samples", "node_modules", "vendor",
    ]

    init(_ path: String?) {
        name = path?.lowercased()
        guard let parts = name?.split(separator: "/"), let file = parts.last else {
            isUnlikely = false
            return
        }
        isUnlikely =
            PathPlace.names.contains(String(file)) || PathPlace.suffixes.contains { file.hasSuffix($0) }
            || parts.dropLast().contains { PathPlace.folders.contains(String($0)) }
    }

    /// Without a path, rules for certain files do not apply.
    func allows(_ rule: SecretRule) -> Bool {
        if rule.pathSuffixes.isEmpty { return true }
        guard let name else { return false }
        return rule.pathSuffixes.contains { name.hasSuffix($0) }
    }
}

import Scan

/// Which program a file belongs to: each folder with a manifest of packages or a Dockerfile is one, and the root.
struct Components: Sendable {
    private static let kinds: Set<String> = [
        "npm", "yarn", "pnpm", "pip", "pipenv", "python", "poetry", "uv", "pdm", "cargo", "go", "maven", "gradle",
        "swiftpm", "docker", "bundler", "composer",
    ]

    private let folders: Set<String>
    /// The element that runs the code of a folder, where it is known.
    private(set) var elements: [String: String] = [:]

    init(_ manifests: [Inventory.Manifest], builds: [String: String]) {
        var folders: Set<String> = [""]
        for manifest in manifests where Self.kinds.contains(manifest.kind) {
            let (folder, _) = PathParts.split(manifest.path)
            if !FileKinds.isTest(Array(manifest.path.utf8)[...]) { folders.insert(folder) }
        }
        self.folders = folders.union(builds.keys)
        elements = builds
    }

    /// The nearest folder above.
    func folder(of path: String) -> String {
        var folder = PathParts.split(path).folder
        while !folder.isEmpty, !folders.contains(folder) { folder = PathParts.split(folder).folder }
        return folder
    }

    func element(of path: String) -> String? { elements[folder(of: path)] }

    mutating func set(_ folder: String, _ id: String) { elements[folder] = id }
}

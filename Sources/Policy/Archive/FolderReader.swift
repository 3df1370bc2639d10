internal import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the files of a folder. Hidden folders, and hidden files that are not a bundle's own, are left out; links are
/// followed to files inside the folder only.
struct FolderReader {
    private let root: String
    private let limits: BundleLimits
    private let isWanted: (String) -> Bool
    private var files: [BundleFile] = []
    private var entries = 0
    private var total = 0

    /// - Parameter isWanted: whether a path matters; others are not read.
    static func files(
        in folder: String, _ limits: BundleLimits, where isWanted: @escaping (String) -> Bool = { _ in true }
    ) throws(GatehouseError) -> [BundleFile] {
        guard let root = LocalFile.realPath(folder) else {
            throw GatehouseError("policy", .notFound, "there is no folder \(folder)")
        }
        var reader = FolderReader(root: root, limits: limits, isWanted: isWanted)
        try reader.read("", depth: 0)
        return reader.files
    }

    private init(root: String, limits: BundleLimits, isWanted: @escaping (String) -> Bool) {
        self.root = root
        self.limits = limits
        self.isWanted = isWanted
    }

    private mutating func read(_ folder: String, depth: Int) throws(GatehouseError) {
        guard depth <= limits.depth else {
            throw .bundle(.tooLarge, "has more than \(limits.depth) folders within each other: \(folder)")
        }
        let names = try LocalFile.names(in: folder.isEmpty ? root : "\(root)/\(folder)", limit: limits.entries)
        for name in names.sorted() {
            entries += 1
            guard entries <= limits.entries else { throw .bundle(.tooLarge, "has more than \(limits.entries) entries") }
            if name.hasPrefix("."), ![".manifest", ".signatures.json"].contains(name) { continue }
            let raw = folder.isEmpty ? name : "\(folder)/\(name)"
            let path = try EntryPath.normalized(Array(raw.utf8)[...], limits)
            switch LocalFile.kind(of: "\(root)/\(raw)") {
            case .folder: try read(raw, depth: depth + 1)
            case .file: try take(path, from: "\(root)/\(raw)")
            case .link: try takeLinked(path, from: "\(root)/\(raw)")
            case .other, nil: continue
            }
        }
    }

    private mutating func takeLinked(_ path: String, from link: String) throws(GatehouseError) {
        guard isWanted(path) else { return }
        guard let target = LocalFile.realPath(link) else { throw .bundle(.invalid, "has a link to nothing: \(path)") }
        guard target.hasPrefix(root == "/" ? "/" : "\(root)/") else {
            throw .bundle(.invalid, "has a link that leads out of it: \(path)")
        }
        // A link to a folder inside would show the same files twice.
        if LocalFile.kind(of: target) == .file { try take(path, from: target) }
    }

    private mutating func take(_ path: String, from file: String) throws(GatehouseError) {
        guard isWanted(path) else { return }
        let bytes = try LocalFile.read(file, limit: limits.fileBytes)
        total += bytes.count
        guard total <= limits.totalBytes else {
            throw .bundle(.tooLarge, "has more than \(limits.totalBytes) bytes")
        }
        files.append(BundleFile(path: path, bytes: bytes))
    }
}

import Core
import Scan

/// The files of a folder as they would be after the fixes so far.
struct FixTree: Sendable {
    /// Files beyond this are not changed.
    static let fileBytes = 4 << 20
    /// Files that are read whole only to judge others.
    static let wholeBytes = 64 << 20

    let folder: AssessedFolder
    let assessor: Assessor
    private let names: [String: [UInt8]]
    private var originals: [String: [UInt8]] = [:]
    private var changed: [String: [UInt8]] = [:]

    init(folder: AssessedFolder, assessor: Assessor) async throws {
        self.folder = folder
        self.assessor = try assessor.adding(rulesOf: folder)
        names = try await folder.paths()
    }

    var paths: some Sequence<String> { names.keys.sorted() }

    func has(_ path: String) -> Bool { names[path] != nil }

    func name(of path: String) -> [UInt8]? { names[path] }

    /// As it is by now. Nil for what is not listed or cannot be read.
    mutating func read(_ path: String) -> [UInt8]? {
        if let bytes = changed[path] ?? originals[path] { return bytes }
        guard let name = names[path], let bytes = folder.read(name, limit: Self.wholeBytes) else { return nil }
        originals[path] = bytes
        return bytes
    }

    /// The file as one that may be changed.
    mutating func editable(_ path: String) throws(NoFix) -> [UInt8] {
        guard let name = names[path], name.elementsEqual(path.utf8) else {
            throw NoFix("\(path) is no file of the tree: it is ignored, a link, within an archive, or oddly named")
        }
        guard let bytes = read(path) else { throw NoFix("\(path) cannot be read") }
        guard bytes.count <= Self.fileBytes else { throw NoFix("\(path) has more than \(Self.fileBytes) bytes") }
        guard !bytes.contains(0) else { throw NoFix("\(path) is no text") }
        return bytes
    }

    mutating func write(_ bytes: [UInt8], to path: String) {
        _ = read(path)
        changed[path] = bytes
    }

    /// Every file that differs from what is on the disk.
    var changes: [FileChange] {
        changed.keys.sorted().compactMap { path in
            guard let before = originals[path], let after = changed[path], before != after else { return nil }
            return FileChange(path: path, before: before, after: after)
        }
    }

    // MARK: What a scanner needs to see

    /// The files without which a finding in this one cannot be told.
    mutating func scope(of source: String, around path: String) -> Set<String> {
        guard source == "scan.infrastructure" else { return [path] }
        let own = names.keys.filter { $0.hasPrefix(".gatehouse/checks/") }
        return Set(own).union([path]).union(configuration(around: path))
    }

    private mutating func configuration(around path: String) -> [String] {
        let name = path.split(separator: "/").last ?? ""
        let folder = path.dropLast(name.count)
        if name.hasSuffix(".tf") {
            let all = names.keys.filter { $0.hasSuffix(".tf") || $0.hasSuffix(".tf.json") || $0.hasSuffix(".tfvars") }
            return callsLocalModules(all)
                ? all : all.filter { $0.hasPrefix(folder) && !$0.dropFirst(folder.count).contains("/") }
        }
        let isYAML = name.hasSuffix(".yml") || name.hasSuffix(".yaml") || name.hasSuffix(".json")
        guard isYAML, !path.contains(".github/") else { return [] }
        let hasOverlays = names.keys.contains { $0.lowercased().contains("kustomization") }
        return hasOverlays ? names.keys.filter { assessor.reads($0, by: "scan.infrastructure") } : []
    }

    private mutating func callsLocalModules(_ paths: [String]) -> Bool {
        for path in paths {
            guard let bytes = read(path) else { continue }
            let text = SourceText(bytes)
            if !text.find("\"./").isEmpty || !text.find("\"../").isEmpty { return true }
        }
        return false
    }

    /// The files of a scope, with other bytes for some of them.
    mutating func files(_ scope: Set<String>, with edited: [String: [UInt8]] = [:]) -> [TreeFile] {
        scope.union(edited.keys).sorted().compactMap { path in
            guard let name = names[path], let bytes = edited[path] ?? read(path) else { return nil }
            return TreeFile(path: name, bytes: bytes)
        }
    }
}

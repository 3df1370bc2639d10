import Core
import Formats

/// The lockfiles of one tree, read.
struct LockfileSet {
    private(set) var files: [DependencyFile] = []
    private(set) var unchecked: [CouldNotCheck] = []
    private(set) var vex = VEXStatements()
    private(set) var uses = ReachabilityIndex()
    /// Packages that lie in the tree themselves, each by its own metadata.
    private var installed: [DependencyFile] = []
    private var licenses = LicenseStatements()
    /// Of images that lie in the tree: the folder above `etc`, and the ecosystem.
    private var releases: [String: String] = [:]
    private var waiting: [DependencyFile] = []

    /// Entries without a version that are told one by one; how many more there were is told.
    private static let gapsTold = 20

    mutating func read(_ file: TreeFile) {
        let path = Printable.text(file.path)
        if let language = SourceLanguage(path) {
            return uses.add(path, SourceUses(kept: file.bytes) ?? SourceReading.uses(language, file.bytes))
        }
        if ReachabilityIndex.isModules(path) { return uses.add(modules: file.bytes, path) }
        if PythonImports.isNamed(path) { return uses.add(pythonNames: file.bytes, path) }
        if DependencyScanner.isRelease(path) { return addRelease(path, file.bytes) }
        if VEXFile.isNamed(path) { return addVEX(path, file.bytes) }
        if DebianCopyright.package(path) != nil { return licenses.add(DebianCopyright.read(file.bytes), path) }
        guard let format = LockfileFormat.of(path) else { return }
        do throws(TextError) {
            let reading = try format.read(file.bytes)
            var read = DependencyFile(path: path, kind: format.kind, dependencies: reading.dependencies)
            read.layer = file.layer
            if format.isInstalled { installed.append(read) } else { add(read) }
            for gap in reading.gaps.prefix(Self.gapsTold) { note(path, .version, gap.description) }
            let more = reading.gaps.count - Self.gapsTold
            if more > 0 { note(path, .version, "and \(more) entries more") }
        } catch {
            note(path, .malformed, "\(format.kind) cannot be read: \(error)")
        }
    }

    /// Once all are read: adds the packages that lie in the tree and that no lockfile names, and tells licenses from what
    /// is said beside the lockfiles.
    mutating func settle() {
        let named = Set(files.flatMap(\.dependencies).map(\.key))
        let systems = files.filter { ["dpkg status", "rpm database"].contains($0.kind) }.map {
            (root: Self.imageRoot($0.path), isDebian: $0.kind == "dpkg status")
        }
        for file in installed where !systems.contains(where: { Self.isOfSystem(file, $0.root, isDebian: $0.isDebian) })
        {
            for dependency in file.dependencies { licenses.add(dependency, file.path) }
            var rest = file
            rest.dependencies.removeAll { named.contains($0.key) }
            if !rest.dependencies.isEmpty { files.append(rest) }
        }
        installed = []
        files.sort { $0.path < $1.path }
        for index in files.indices { licenses.complete(&files[index]) }
    }

    /// Whether the distribution installed it: it is judged as its package then, since its version has other fixes.
    private static func isOfSystem(_ file: DependencyFile, _ root: String, isDebian: Bool) -> Bool {
        guard file.kind == "python metadata" else { return false }
        if isDebian { return file.path.hasPrefix(root + "usr/lib/python3/dist-packages/") }
        return ["usr/lib/python3.", "usr/lib64/python3."].contains { file.path.hasPrefix(root + $0) }
    }

    private mutating func note(_ path: String, _ reason: CouldNotCheck.Reason, _ detail: String) {
        unchecked.append(CouldNotCheck(path: path, reason: reason, detail: detail))
    }

    private mutating func addVEX(_ path: String, _ bytes: [UInt8]) {
        do {
            vex.add(try VEXDocument(bytes))
        } catch {
            note(path, .malformed, "the VEX document cannot be read: \(error.message)")
        }
    }

    // MARK: - Images

    private mutating func addRelease(_ path: String, _ bytes: [UInt8]) {
        let root = Self.root(path, ["usr/lib/os-release", "etc/os-release"])
        if let ecosystem = Distribution.ecosystem(osRelease: bytes) { releases[root] = ecosystem }
        for file in waiting where Self.imageRoot(file.path) == root { settle(file) }
        waiting.removeAll { Self.imageRoot($0.path) == root && releases[root] != nil }
        unchecked.removeAll {
            $0.reason == .version && releases[Self.imageRoot($0.path)] != nil && $0.detail == Self.unknown
        }
    }

    private static let unknown = "the distribution and its release are not known: there is no etc/os-release that tells"

    private mutating func add(_ file: DependencyFile) {
        let managers = [SystemPackages.debian, SystemPackages.alpine, SystemPackages.rpm]
        guard file.dependencies.contains(where: { managers.contains($0.ecosystem) }) else { return files.append(file) }
        if releases[Self.imageRoot(file.path)] != nil { return settle(file) }
        waiting.append(file)
        note(file.path, .version, Self.unknown)
    }

    private mutating func settle(_ file: DependencyFile) {
        guard let ecosystem = releases[Self.imageRoot(file.path)] else { return }
        var file = file
        // One source package makes several, which would all be told alike.
        var seen: Set<String> = []
        file.dependencies = file.dependencies.filter { seen.insert("\($0.name) \($0.version)").inserted }
        for index in file.dependencies.indices { file.dependencies[index].ecosystem = ecosystem }
        files.append(file)
    }

    private static func imageRoot(_ path: String) -> String {
        if let place = path.firstRange(of: "var/lib/dpkg/") { return String(path[..<place.lowerBound]) }
        for folder in ["var/lib/rpm/", "usr/lib/sysimage/rpm/"] {
            if let place = path.firstRange(of: folder) { return String(path[..<place.lowerBound]) }
        }
        return root(path, ["usr/lib/apk/db/installed", "lib/apk/db/installed"])
    }

    private static func root(_ path: String, _ ends: [String]) -> String {
        for end in ends where path.hasSuffix(end) { return String(path.dropLast(end.count)) }
        return path
    }
}

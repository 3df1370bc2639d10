import Core
import Formats
import JSON

/// What was read of a lockfile.
struct LockfileReading: Sendable {
    var dependencies: [Dependency] = []
    /// Entries whose package or version cannot be told, and why.
    var gaps: [TextError] = []

    mutating func gap(_ line: Int, _ reason: String) { gaps.append(TextError(line: line, reason: reason)) }
}

/// A kind of file that names packages with their versions.
struct LockfileFormat: Sendable {
    /// As reports call it.
    var kind: String
    /// Whether a file of this name, at this path, is one. Names are compared in lower case.
    var isNamed: @Sendable (_ name: String, _ path: String) -> Bool
    var read: @Sendable (_ bytes: [UInt8]) throws(TextError) -> LockfileReading
    /// Whether it is the metadata of packages that lie beside it, and no list of what to install.
    var isInstalled: Bool

    init(
        _ kind: String, installed isInstalled: Bool = false,
        named isNamed: @escaping @Sendable (String, String) -> Bool,
        _ read: @escaping @Sendable ([UInt8]) throws(TextError) -> LockfileReading
    ) {
        self.kind = kind
        self.isInstalled = isInstalled
        self.isNamed = isNamed
        self.read = read
    }

    init(_ name: String, _ read: @escaping @Sendable ([UInt8]) throws(TextError) -> LockfileReading) {
        self.init(name, named: { found, _ in found == name.lowercased() }, read)
    }

    static let all: [LockfileFormat] = [
        LockfileFormat("package-lock.json", NPMLockfile.read), LockfileFormat("npm-shrinkwrap.json", NPMLockfile.read),
        LockfileFormat("yarn.lock", YarnLockfile.read), LockfileFormat("pnpm-lock.yaml", PNPMLockfile.read),
        LockfileFormat("requirements.txt", named: RequirementsFile.isNamed, RequirementsFile.read),
        LockfileFormat("poetry.lock") { bytes throws(TextError) in try PythonLockfile.read(bytes) },
        LockfileFormat("uv.lock") { bytes throws(TextError) in try PythonLockfile.read(bytes) },
        LockfileFormat("pdm.lock") { bytes throws(TextError) in try PythonLockfile.read(bytes) },
        LockfileFormat("Pipfile.lock", PipfileLock.read), LockfileFormat("Cargo.lock", CargoLockfile.read),
        LockfileFormat("go.mod", GoModule.read), LockfileFormat("pom.xml", MavenProject.read),
        LockfileFormat("gradle.lockfile", GradleLockfile.read),
        LockfileFormat("packages.lock.json", NuGetLockfile.read), LockfileFormat("Gemfile.lock", GemLockfile.read),
        LockfileFormat("gems.locked", GemLockfile.read), LockfileFormat("composer.lock", ComposerLockfile.read),
        LockfileFormat("pubspec.lock", PubLockfile.read), LockfileFormat("mix.lock", MixLockfile.read),
        LockfileFormat("Package.resolved", SwiftLockfile.read), LockfileFormat("conan.lock", ConanLockfile.read),
        LockfileFormat("bill of materials", named: BillFile.isNamed, BillFile.read),
        LockfileFormat("dpkg status", named: SystemPackages.isDebian, SystemPackages.readDebian),
        LockfileFormat("apk installed", named: SystemPackages.isAlpine, SystemPackages.readAlpine),
        LockfileFormat("rpm database", named: SystemPackages.isRPM, SystemPackages.readRPM),
        LockfileFormat("rpm journal", named: SystemPackages.isRPMJournal, SystemPackages.readRPMJournal),
        LockfileFormat("python metadata", installed: true, named: PythonMetadata.isNamed, PythonMetadata.read),
        LockfileFormat("node package", installed: true, named: NodePackage.isNamed, NodePackage.read),
        LockfileFormat("java archive", installed: true, named: JarFile.isNamed, JarFile.read),
        LockfileFormat("vendored crate", installed: true, named: VendoredCrate.isNamed, VendoredCrate.read),
    ]

    static func of(_ path: String) -> LockfileFormat? {
        let name = (path.split(separator: "/").last ?? "").lowercased()
        return all.first { $0.isNamed(name, path) }
    }
}

/// A lockfile in JSON, with the lines of its values.
struct JSONLockfile {
    let root: JSONView
    private let lines: LineIndex

    /// - Throws: the place of what is no JSON. A key that is there twice is refused: readers disagree about which counts.
    init(_ bytes: [UInt8]) throws(TextError) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        do {
            let limits = JSON.Limits(bytes: 128 << 20, values: 8_000_000)
            root = try JSONDocument(start == 0 ? bytes : Array(bytes[start...]), limits: limits).root
        } catch {
            throw TextError(line: max(error.line, 1), reason: error.message)
        }
        guard root.kind == .object else { throw TextError(line: 1, reason: "is no JSON object") }
        lines = LineIndex(bytes)
    }

    func line(_ view: JSONView) -> Int { lines.line(of: view.raw.lowerBound) }
}

/// Which packages lead to which, to tell the shortest way to each.
struct DependencyGraph {
    var edges: [Int: [Int]] = [:]
    /// Those that the project itself names.
    var direct: [Int] = []

    /// - Parameter index: of the package that wants the others; nil for the project itself.
    mutating func lead(from index: Int?, to targets: [Int]) {
        if let index { edges[index] = targets } else { direct += targets }
    }

    /// Sets the way to each package and whether it is direct. Nothing is set where no direct ones are known.
    func apply(to dependencies: inout [Dependency]) {
        guard !direct.isEmpty else { return }
        var parents: [Int: Int] = [:]
        var reached = Set(direct)
        var queue = direct
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            for next in edges[node] ?? [] where reached.insert(next).inserted {
                parents[next] = node
                queue.append(next)
            }
        }
        let named = Set(direct)
        for index in dependencies.indices {
            dependencies[index].isDirect = named.contains(index)
            guard reached.contains(index) else { continue }
            var path = [dependencies[index].name]
            var node = index
            while let parent = parents[node], path.count < 64 {
                path.append(dependencies[parent].name)
                node = parent
            }
            dependencies[index].path = path.reversed()
        }
    }
}

extension Character {
    /// Of a line of either kind: to Swift, a carriage return and a line feed are one character.
    var isLineEnd: Bool { self == "\n" || self == "\r\n" }
}

import Core
import Formats
public import Risk

/// Packages with known flaws, by what lockfiles name and advisories say.
public struct DependencyScanner: TreeScanner {
    public let id = "scan.dependencies"
    private let advisories: AdvisoryDatabase
    private let threats: ThreatDatabase
    private let settings: SharedDependencySettings

    public init(
        advisories: AdvisoryDatabase, threats: ThreatDatabase,
        settings: SharedDependencySettings = SharedDependencySettings()
    ) {
        self.advisories = advisories
        self.threats = threats
        self.settings = settings
    }

    public func reads(_ path: String) -> Bool {
        LockfileFormat.of(path) != nil || Self.isRelease(path) || VEXFile.isNamed(path)
    }

    static func isRelease(_ path: String) -> Bool {
        path.hasSuffix("etc/os-release") || path.hasSuffix("usr/lib/os-release")
    }

    @concurrent
    public func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome {
        var outcome = TreeOutcome()
        var lockfiles = LockfileSet()
        for file in files { lockfiles.read(file) }
        outcome.unchecked = lockfiles.unchecked
        outcome.dependencies = lockfiles.files.sorted { $0.path < $1.path }
        let all = outcome.dependencies.flatMap { file in file.dependencies.map { (path: file.path, dependency: $0) } }
        guard !all.isEmpty else { return outcome }
        do {
            let settings = settings.current
            let verdicts = try await advisories.verdicts(
                on: all.map(\.dependency), greatestAge: settings.greatestAge)
            outcome.feeds = verdicts.feeds
            outcome.unchecked += Self.gaps(verdicts, outcome.dependencies)
            let ids = Set(verdicts.matches.values.joined().flatMap(\.cves))
            let known = try await threats.threats(ids)
            let findings = DependencyFindings(
                verdicts: verdicts, threats: known.threats, threatFeeds: known.feeds, vex: lockfiles.vex,
                asset: settings.asset)
            outcome.hits = findings.hits(all)
        } catch {
            outcome.unchecked += outcome.dependencies.map {
                CouldNotCheck(path: $0.path, reason: .feed, detail: "advisories could not be asked: \(error)")
            }
        }
        return outcome
    }

    /// On each file that it concerns, so that nothing in it counts as checked.
    private static func gaps(_ verdicts: DependencyVerdicts, _ files: [DependencyFile]) -> [CouldNotCheck] {
        verdicts.gaps.flatMap { gap in
            files.compactMap { file in
                let count = file.dependencies.count { AdvisoryDatabase.base($0.ecosystem) == gap.ecosystem }
                guard count > 0 else { return nil }
                return CouldNotCheck(
                    path: file.path, reason: .feed, detail: "\(count) package\(count == 1 ? "" : "s"): \(gap.reason)")
            }
        }
    }
}

/// The lockfiles of one tree, read.
struct LockfileSet {
    private(set) var files: [DependencyFile] = []
    private(set) var unchecked: [CouldNotCheck] = []
    private(set) var vex = VEXStatements()
    /// Of images that lie in the tree: the folder above `etc`, and the ecosystem.
    private var releases: [String: String] = [:]
    private var waiting: [DependencyFile] = []

    /// Entries without a version that are told one by one; how many more there were is told.
    private static let gapsTold = 20

    mutating func read(_ file: TreeFile) {
        let path = Printable.text(file.path)
        if DependencyScanner.isRelease(path) { return addRelease(path, file.bytes) }
        if VEXFile.isNamed(path) { return addVEX(path, file.bytes) }
        guard let format = LockfileFormat.of(path) else { return }
        do throws(TextError) {
            let reading = try format.read(file.bytes)
            add(DependencyFile(path: path, kind: format.kind, dependencies: reading.dependencies))
            for gap in reading.gaps.prefix(Self.gapsTold) { note(path, .version, gap.description) }
            let more = reading.gaps.count - Self.gapsTold
            if more > 0 { note(path, .version, "and \(more) entries more") }
        } catch {
            note(path, .malformed, "\(format.kind) cannot be read: \(error)")
        }
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
        if let ecosystem = SystemPackages.ecosystem(osRelease: bytes) { releases[root] = ecosystem }
        for file in waiting where Self.imageRoot(file.path) == root { settle(file) }
        waiting.removeAll { Self.imageRoot($0.path) == root && releases[root] != nil }
        unchecked.removeAll {
            $0.reason == .version && releases[Self.imageRoot($0.path)] != nil && $0.detail == Self.unknown
        }
    }

    private static let unknown = "the distribution and its release are not known: there is no etc/os-release that tells"

    private mutating func add(_ file: DependencyFile) {
        let managers = [SystemPackages.debian, SystemPackages.alpine]
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
        return root(path, ["lib/apk/db/installed"])
    }

    private static func root(_ path: String, _ ends: [String]) -> String {
        for end in ends where path.hasSuffix(end) { return String(path.dropLast(end.count)) }
        return path
    }
}

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
            || DebianCopyright.package(path) != nil || SourceLanguage(path) != nil
            || ReachabilityIndex.isModules(path) || PythonImports.isNamed(path)
    }

    public var readsImages: Bool { true }

    /// Of a Java archive, what it is made of; of a source file, what it imports and calls.
    public func condensed(_ file: TreeFile) -> [UInt8]? {
        let path = Printable.text(file.path)
        if let language = SourceLanguage(path) { return SourceReading.uses(language, file.bytes).bytes }
        let name = (path.split(separator: "/").last ?? "").lowercased()
        return JarFile.isNamed(name, "") ? JarFile.condensed(file.bytes) : nil
    }

    static func isRelease(_ path: String) -> Bool {
        path.hasSuffix("etc/os-release") || path.hasSuffix("usr/lib/os-release")
    }

    @concurrent
    public func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome {
        var outcome = TreeOutcome()
        var lockfiles = LockfileSet()
        for file in files { lockfiles.read(file) }
        lockfiles.settle()
        outcome.unchecked = lockfiles.unchecked
        outcome.dependencies = lockfiles.files
        let settings = settings.current
        outcome.hits = LicenseFindings(settings.licenses, now: advisories.clock.now()).hits(lockfiles.files)
        await judge(lockfiles, settings, &outcome)
        return outcome
    }

    /// Compares packages with advisories.
    private func judge(_ lockfiles: LockfileSet, _ settings: DependencySettings, _ outcome: inout TreeOutcome) async {
        let all = lockfiles.files.flatMap { file in file.dependencies.map { (path: file.path, dependency: $0) } }
        guard !all.isEmpty else { return }
        do {
            let verdicts = try await advisories.verdicts(
                on: all.map(\.dependency), greatestAge: settings.greatestAge)
            outcome.feeds = verdicts.feeds
            outcome.unchecked += Self.gaps(verdicts, lockfiles.files)
            let ids = Set(verdicts.matches.values.joined().flatMap(\.cves))
            let known = try await threats.threats(ids)
            let findings = DependencyFindings(
                verdicts: verdicts, threats: known.threats, threatFeeds: known.feeds, vex: lockfiles.vex,
                asset: settings.asset, uses: lockfiles.uses)
            outcome.hits += findings.hits(all)
        } catch {
            outcome.unchecked += lockfiles.files.map {
                CouldNotCheck(path: $0.path, reason: .feed, detail: "advisories could not be asked: \(error)")
            }
        }
    }

    /// On each file that it concerns, so that nothing in it counts as checked.
    private static func gaps(_ verdicts: DependencyVerdicts, _ files: [DependencyFile]) -> [CouldNotCheck] {
        verdicts.gaps.flatMap { gap in
            files.compactMap { file in
                let count = file.dependencies.count { Ecosystems.base($0.ecosystem) == gap.ecosystem }
                guard count > 0 else { return nil }
                return CouldNotCheck(
                    path: file.path, reason: .feed, detail: "\(count) package\(count == 1 ? "" : "s"): \(gap.reason)")
            }
        }
    }
}

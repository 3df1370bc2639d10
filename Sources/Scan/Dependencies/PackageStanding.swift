public import Core
import JSON
import Store

/// A package of a repository, with what is known against it.
public struct PackageStanding: Sendable, Hashable {
    public var dependency: Dependency
    /// The file that names it.
    public var path: String
    /// What to do first before the rest, in the state in which they are now.
    public var flaws: [StoredFinding]

    /// Lower for what to do first; nil without an open flaw.
    public var tier: Priority.Tier? { flaws.filter { $0.finding.state == .open }.map(\.finding.priority.tier).min() }
}

/// The packages that the newest assessment of a repository found.
public struct PackageList: Sendable, Hashable {
    public var repository: String
    public var assessmentID: String
    public var assessed: Timestamp
    /// The advisories that they were compared with.
    public var feeds: [AdvisoryFeed]
    /// With what to do first before the rest, then those against which nothing is known, by name.
    public var packages: [PackageStanding]
}

extension FindingsStore {
    /// Nil where no report of a whole assessment of it is kept.
    public func packages(of repository: String) async throws -> PackageList? {
        let newest = try await store.read { tx in
            try tx.first(
                """
                SELECT id FROM scan_assessments WHERE repository = ? AND scope = 'whole' AND document IS NOT NULL
                ORDER BY started DESC, id DESC LIMIT 1
                """, [.text(repository)])
        }
        guard let id = try newest?.text("id") else { return nil }
        let assessment = try await assessment(id)
        let flaws = try await flaws(in: repository)
        var packages = assessment.dependencies.flatMap { file in
            file.dependencies.map { dependency in
                PackageStanding(
                    dependency: dependency, path: file.path, flaws: flaws[Self.key(file.path, dependency)] ?? [])
            }
        }
        packages.sort { Self.rank($0) < Self.rank($1) }
        return PackageList(
            repository: repository, assessmentID: id, assessed: assessment.finished, feeds: assessment.feeds,
            packages: packages)
    }

    private static func rank(_ package: PackageStanding) -> (Int, Int, String, String) {
        let severity = package.flaws.filter { $0.finding.state == .open }.map(\.finding.severity.rank).max() ?? -1
        let tier = package.tier?.rawValue ?? (package.flaws.isEmpty ? 9 : 8)
        return (tier, -severity, package.dependency.name, package.path)
    }

    /// By file and package; fixed ones are left out.
    private func flaws(in repository: String) async throws -> [String: [StoredFinding]] {
        var flaws: [String: [StoredFinding]] = [:]
        var filter = FindingsFilter()
        filter.repository = repository
        filter.source = "scan.dependencies"
        filter.states = Set(Finding.State.allCases).subtracting([.fixed])
        filter.limit = 1000
        while true {
            let page = try await findings(filter)
            for stored in page.findings {
                guard let dependency = stored.finding.details?["package"].flatMap(Dependency.init) else { continue }
                flaws[Self.key(stored.finding.path, dependency), default: []].append(stored)
            }
            filter.offset += page.findings.count
            if page.findings.isEmpty || filter.offset >= page.total { return flaws }
        }
    }

    private static func key(_ path: String, _ dependency: Dependency) -> String {
        [path, dependency.ecosystem, dependency.name, dependency.version].joined(separator: "\n")
    }
}

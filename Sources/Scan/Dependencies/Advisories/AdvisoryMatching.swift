import Core
import Formats
import JSON
import Store

/// What the advisories say of a list of packages.
public struct DependencyVerdicts: Sendable {
    /// For each package that has any, by its place in the list.
    public var matches: [Int: [AdvisoryMatch]] = [:]
    /// The feeds that were asked.
    public var feeds: [AdvisoryFeed] = []
    /// Why packages could not be judged, each with the ecosystem and how many of the packages it concerns.
    public var gaps: [(ecosystem: String, packages: Int, reason: String)] = []
}

extension AdvisoryDatabase {
    /// Older feeds count as missing: what was found since is not in them.
    public static let greatestAge = Duration.seconds(7 * 86_400)

    /// Judges packages by what was imported, all on one state of it. A package that could not be judged is in a gap,
    /// never simply without matches.
    @concurrent
    public func verdicts(
        on dependencies: [Dependency], greatestAge: Duration = AdvisoryDatabase.greatestAge
    ) async throws -> DependencyVerdicts {
        let now = clock.now()
        return try await store().read { tx in
            var judge = try DependencyJudge(tx)
            for (index, dependency) in dependencies.enumerated() { try judge.judge(dependency, index) }
            return judge.finish(now, greatestAge)
        }
    }
}

/// Looks packages up one by one within one transaction.
private struct DependencyJudge {
    private let tx: Transaction
    private let feeds: [String: AdvisoryFeed]
    private var asked: [String: Int] = [:]
    private var undecided: [String: Int] = [:]
    private var records: [String: AdvisoryRecord] = [:]
    private var verdicts = DependencyVerdicts()

    init(_ tx: Transaction) throws {
        self.tx = tx
        let feeds = try tx.query("SELECT * FROM advisory_feeds").map(AdvisoryFeed.init)
        self.feeds = Dictionary(feeds.map { ($0.ecosystem, $0) }) { first, _ in first }
    }

    mutating func judge(_ dependency: Dependency, _ index: Int) throws {
        let base = AdvisoryDatabase.base(dependency.ecosystem)
        asked[base, default: 0] += 1
        guard let feed = feeds[base] else { return }
        let scheme = VersionScheme(ecosystem: dependency.ecosystem)
        var hits: [AdvisoryHit] = []
        var isUndecided = false
        let key = PackageName.key(dependency.name, in: dependency.ecosystem)
        try tx.forEach(
            "SELECT advisory, affected FROM advisory_packages WHERE generation = ? AND ecosystem = ? AND name = ?",
            [Value(feed.generation), .text(dependency.ecosystem), .text(key)]
        ) { row in
            guard case .text(let id) = row.values[0], case .text(let text) = row.values[1],
                let affected = OSVAffected(try JSONDocument(text).root)
            else { return true }
            switch affected.verdict(on: dependency.version, scheme: scheme) {
            case .affected:
                let record = AdvisoryRecord(id: id, aliases: [])
                hits.append(
                    AdvisoryHit(
                        record: record, affected: affected,
                        fix: affected.firstFix(after: dependency.version, scheme: scheme)))
            case .undecided: isUndecided = true
            case .unaffected: break
            }
            return true
        }
        if isUndecided { undecided[base, default: 0] += 1 }
        guard !hits.isEmpty else { return }
        for place in hits.indices { hits[place].record = try record(hits[place].record.id, feed) }
        verdicts.matches[index] = AdvisoryMatch.merged(hits, scheme: scheme)
    }

    private mutating func record(_ id: String, _ feed: AdvisoryFeed) throws -> AdvisoryRecord {
        let key = "\(feed.generation)/\(id)"
        if let known = records[key] { return known }
        let row = try tx.first(
            "SELECT document FROM advisories WHERE generation = ? AND id = ?", [Value(feed.generation), .text(id)])
        let record =
            try row.map { try AdvisoryRecord(id: id, $0.text("document")) } ?? AdvisoryRecord(id: id, aliases: [])
        records[key] = record
        return record
    }

    func finish(_ now: Timestamp, _ greatestAge: Duration) -> DependencyVerdicts {
        var verdicts = verdicts
        for (ecosystem, packages) in asked.sorted(by: { $0.key < $1.key }) {
            func gap(_ count: Int, _ reason: String) { verdicts.gaps.append((ecosystem, count, reason)) }
            guard let feed = feeds[ecosystem] else {
                gap(
                    packages,
                    "no advisories of \(ecosystem) were imported; run: gatehouse advisories update \(ecosystem)")
                continue
            }
            verdicts.feeds.append(feed)
            if feed.age(at: now) > greatestAge {
                gap(
                    packages,
                    "the advisories of \(ecosystem) are as of \(feed.asOf): what was found since is missing; run: "
                        + "gatehouse advisories update \(ecosystem)")
            }
            if feed.unreadable > 0 {
                gap(packages, "\(feed.unreadable) advisories of \(ecosystem) could not be read when they were imported")
            }
            if let count = undecided[ecosystem] {
                gap(
                    count, "no order is known for versions of \(ecosystem): only versions that are listed were compared"
                )
            }
        }
        return verdicts
    }
}

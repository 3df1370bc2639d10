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
    private var records: [RecordKey: AdvisoryRecord] = [:]
    private var channels: [String: [String]] = [:]
    private var scores = VectorScores()
    private var verdicts = DependencyVerdicts()

    init(_ tx: Transaction) throws {
        self.tx = tx
        let feeds = try tx.query("SELECT * FROM advisory_feeds").map(AdvisoryFeed.init)
        self.feeds = Dictionary(feeds.map { ($0.ecosystem, $0) }) { first, _ in first }
    }

    mutating func judge(_ dependency: Dependency, _ index: Int) throws {
        let base = Ecosystems.base(dependency.ecosystem)
        asked[base, default: 0] += 1
        guard let feed = feeds[base] else { return }
        let scheme = VersionScheme(ecosystem: dependency.ecosystem)
        var hits: [AdvisoryHit] = []
        var isUndecided = false
        for (ecosystem, name) in try places(dependency, feed) {
            try look(for: name, in: ecosystem, feed, dependency.version, scheme, &hits, &isUndecided)
        }
        if isUndecided { undecided[base, default: 0] += 1 }
        guard !hits.isEmpty else { return }
        verdicts.matches[index] = AdvisoryMatch.merged(hits, scheme: scheme, &scores)
    }

    /// Under which name and ecosystems advisories may be about it: some distributions have an ecosystem for each channel
    /// of a release.
    private mutating func places(_ dependency: Dependency, _ feed: AdvisoryFeed) throws -> [(String, String)] {
        let isByInstalled = ["Red Hat", "AlmaLinux"].contains(feed.ecosystem)
        let name = isByInstalled ? dependency.name : dependency.source ?? dependency.name
        let key = PackageName.key(name, in: dependency.ecosystem)
        return try channels(dependency.ecosystem, feed).map { ($0, key) }
    }

    private mutating func channels(_ ecosystem: String, _ feed: AdvisoryFeed) throws -> [String] {
        guard Channels.hasSeveral(ecosystem) else { return [ecosystem] }
        if let known = channels[ecosystem] { return known }
        let all = try tx.query(
            "SELECT DISTINCT ecosystem FROM advisory_packages WHERE generation = ?", [Value(feed.generation)]
        ).map { try $0.text("ecosystem") }
        let found = all.filter { Channels.belongs($0, to: ecosystem) }
        channels[ecosystem] = found
        return found
    }

    /// What is said of the flaw comes with what is said of the versions: a query of its own for each hit is a third of the
    /// whole cost.
    private mutating func look(
        for name: String, in ecosystem: String, _ feed: AdvisoryFeed, _ version: String, _ scheme: VersionScheme?,
        _ hits: inout [AdvisoryHit], _ isUndecided: inout Bool
    ) throws {
        let tx = tx
        try tx.forEach(
            """
            SELECT p.advisory, p.affected, a.document FROM advisory_packages p
            LEFT JOIN advisories a ON a.generation = p.generation AND a.id = p.advisory
            WHERE p.generation = ? AND p.ecosystem = ? AND p.name = ?
            """, [Value(feed.generation), .text(ecosystem), .text(name)]
        ) { row in
            guard case .text(let id) = row.values[0], case .text(let text) = row.values[1],
                let affected = OSVAffected(try JSONDocument(text).root)
            else { return true }
            switch affected.verdict(on: version, scheme: scheme) {
            case .affected:
                hits.append(
                    AdvisoryHit(
                        record: try record(id, row.values[2], feed), affected: affected,
                        fix: affected.firstFix(after: version, scheme: scheme)))
            case .undecided: isUndecided = true
            case .unaffected: break
            }
            return true
        }
    }

    private mutating func record(_ id: String, _ document: Value, _ feed: AdvisoryFeed) throws -> AdvisoryRecord {
        let key = RecordKey(generation: feed.generation, id: id)
        if let known = records[key] { return known }
        guard case .text(let text) = document else { return AdvisoryRecord(id: id, aliases: []) }
        let record = try AdvisoryRecord(id: id, text)
        records[key] = record
        return record
    }

    private struct RecordKey: Hashable {
        var generation: Int
        var id: String
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

/// Distributions whose advisories have an ecosystem for each channel or product of a release.
private enum Channels {
    static func hasSeveral(_ ecosystem: String) -> Bool {
        ecosystem.hasPrefix("Red Hat:") || ecosystem.hasPrefix("SUSE:")
    }

    /// `Red Hat:enterprise_linux:9::appstream` to `Red Hat:enterprise_linux:9`; `SUSE:Linux Enterprise Module for
    /// Basesystem 15 SP5` to `SUSE:Linux Enterprise 15 SP5`.
    static func belongs(_ channel: String, to ecosystem: String) -> Bool {
        if ecosystem.hasPrefix("Red Hat:") { return channel == ecosystem || channel.hasPrefix("\(ecosystem)::") }
        let product = "SUSE:Linux Enterprise "
        return channel.hasPrefix(product) && channel.hasSuffix(" \(ecosystem.dropFirst(product.count))")
    }
}

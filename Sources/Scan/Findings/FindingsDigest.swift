import Config
public import Core
import JSON
import Store

/// What became of findings in a span of time, repository by repository: for who reads once a week.
public struct FindingsDigest: Sendable, Hashable {
    /// A section lists so many findings; it tells how many there are.
    public static let listed = 50
    /// What ends within this time, or within the digest's own span where that is longer, is expiring.
    public static let foresight = Duration.seconds(7 * 86_400)
    /// So many repositories are told about, those assessed last.
    static let listedRepositories = 500

    /// How far back one goes; a week where nothing is said.
    public static func span(_ text: String?, domain: String) throws(GatehouseError) -> Duration {
        guard let span = Units.duration(text ?? "7d"), span > .zero, span <= .seconds(3660 * 86_400) else {
            throw GatehouseError(domain, .invalid, "'since' must be a time such as 7d, at most ten years")
        }
        return span
    }

    public enum Section: String, Sendable, Hashable, CaseIterable {
        case exploited, overdue, new, reopened, expiring, fixed

        public var title: String {
            switch self {
            case .exploited: "Newly known to be exploited"
            case .overdue: "Overdue"
            case .new: "New"
            case .reopened: "Open again"
            case .expiring: "Acceptances that end soon"
            case .fixed: "Fixed"
            }
        }
    }

    public struct Line: Sendable, Hashable {
        public var id: String
        public var severity: Severity
        public var tier: Priority.Tier
        public var title: String
        public var path: String
        /// "due 2026-12-01", "until 2027-01-31 (owner: Ada)"; empty where there is nothing to say.
        public var note: String
    }

    public struct Repository: Sendable, Hashable {
        public var name: String
        public var assessed: Timestamp
        public var open: [Severity: Int]
        public var lines: [Section: [Line]]
        public var totals: [Section: Int]
        /// Of the newest assessment of the whole; the first of them.
        public var unchecked: [CouldNotCheck]
        public var uncheckedCount: Int

        public var isQuiet: Bool { totals.values.allSatisfy { $0 == 0 } && uncheckedCount == 0 }
    }

    public var since: Timestamp
    public var until: Timestamp
    public var repositories: [Repository]
    /// How many more there are.
    public var repositoriesCut: Int

    public func total(_ section: Section) -> Int { repositories.reduce(0) { $0 + ($1.totals[section] ?? 0) } }
}

extension FindingsStore {
    /// - Parameter span: up to now.
    public func digest(of span: Duration) async throws -> FindingsDigest {
        try await settle()
        let (now, levels) = (clock.now(), levels.current)
        return try await store.read { tx in
            var making = DigestMaking(tx: tx, since: now - span, until: now, levels: levels)
            return try making.run(foresight: max(span, FindingsDigest.foresight))
        }
    }
}

/// Puts a digest together within one transaction.
private struct DigestMaking {
    let tx: Transaction
    let since: Timestamp
    let until: Timestamp
    let levels: ServiceLevels
    private var repositories: [String: FindingsDigest.Repository] = [:]
    private var cut = 0

    init(tx: Transaction, since: Timestamp, until: Timestamp, levels: ServiceLevels) {
        self.tx = tx
        self.since = since
        self.until = until
        self.levels = levels
    }

    mutating func run(foresight: Duration) throws -> FindingsDigest {
        try loadRepositories()
        try happened(.new, "found", "f.state = 'open'")
        try happened(.fixed, "fixed", "f.state = 'fixed'")
        try happened(.reopened, "reopened", "f.state = 'open'")
        try happened(.exploited, "exploited", "f.state <> 'fixed'")
        try add(.overdue, "\(levels.dueSQL) < ?", [.time(until)])
        try add(
            .expiring, "state <> 'fixed' AND triage_expires > ? AND triage_expires <= ?",
            [.time(until), .time(until + foresight)])
        let sorted = repositories.values.sorted {
            $0.isQuiet == $1.isQuiet ? $0.name < $1.name : !$0.isQuiet
        }
        return FindingsDigest(since: since, until: until, repositories: sorted, repositoriesCut: cut)
    }

    private mutating func loadRepositories() throws {
        let sql = """
            SELECT repository, MAX(started) AS newest FROM scan_assessments WHERE scope = 'whole' GROUP BY repository
            ORDER BY newest DESC
            """
        let rows = try tx.query(sql)
        cut = max(0, rows.count - FindingsDigest.listedRepositories)
        for row in rows.prefix(FindingsDigest.listedRepositories) {
            let name = try row.text("repository")
            let newest = try tx.first(
                """
                SELECT finished, unchecked, CASE WHEN unchecked > 0 THEN document END AS document FROM scan_assessments
                WHERE repository = ? AND scope = 'whole' ORDER BY started DESC, id DESC LIMIT 1
                """, [.text(name)])
            guard let newest else { continue }
            repositories[name] = FindingsDigest.Repository(
                name: name, assessed: try newest.time("finished"), open: try openCounts(name), lines: [:], totals: [:],
                unchecked: try unchecked(newest.optionalText("document")), uncheckedCount: try newest.int("unchecked"))
        }
    }

    private func openCounts(_ repository: String) throws -> [Severity: Int] {
        let rows = try tx.query(
            "SELECT severity, COUNT(*) AS n FROM scan_findings WHERE state = 'open' AND repository = ? GROUP BY severity",
            [.text(repository)])
        return Dictionary(try rows.map { (try $0.severity(), try $0.int("n")) }) { first, _ in first }
    }

    private func unchecked(_ document: String?) throws -> [CouldNotCheck] {
        guard let document else { return [] }
        let json = try JSON.parse(document, limits: AssessmentDocument.limits)
        return (json["could_not_check"]?.array ?? []).prefix(FindingsDigest.listed).compactMap { place in
            guard let reason = place["reason"]?.string.flatMap(CouldNotCheck.Reason.init(rawValue:)) else { return nil }
            return CouldNotCheck(
                path: place["path"]?.string ?? "", reason: reason, detail: place["detail"]?.string ?? "")
        }
    }

    /// What happened in the span and still holds.
    private mutating func happened(_ section: FindingsDigest.Section, _ kind: String, _ holds: String) throws {
        let condition = """
            id IN (SELECT e.finding FROM scan_finding_events e JOIN scan_findings f ON f.id = e.finding
            WHERE e.time > ? AND e.time <= ? AND e.kind = ? AND \(holds))
            """
        try add(section, condition, [.time(since), .time(until), .text(kind)])
    }

    private mutating func add(_ section: FindingsDigest.Section, _ condition: String, _ arguments: [Value]) throws {
        let sql = """
            SELECT id, repository, severity, tier, title, path, triage, triage_reason, triage_record, triage_expires,
            last_seen, \(levels.dueSQL) AS due FROM scan_findings WHERE \(condition)
            ORDER BY tier, severity DESC, path, id
            """
        try tx.forEach(sql, arguments) { row in
            let name = try row.text("repository")
            guard var repository = repositories[name] else { return true }
            repository.totals[section, default: 0] += 1
            if repository.lines[section, default: []].count < FindingsDigest.listed {
                repository.lines[section, default: []].append(try line(row, section))
            }
            repositories[name] = repository
            return true
        }
    }

    private func line(_ row: Row, _ section: FindingsDigest.Section) throws -> FindingsDigest.Line {
        var note = ""
        if section == .expiring, let triage = try row.triage(), let end = triage.expires {
            note = "\(triage.state.rawValue) until \(end.description.prefix(10))"
            if !triage.owner.isEmpty { note += " (owner: \(triage.owner))" }
        } else if let due = try row.optionalTime("due") {
            note = "\(due < until ? "overdue since" : "due") \(due.description.prefix(10))"
        }
        return FindingsDigest.Line(
            id: try row.text("id"), severity: try row.severity(),
            tier: Priority.Tier(rawValue: try row.int("tier")) ?? .later, title: try row.text("title"),
            path: try row.text("path"), note: note)
    }
}

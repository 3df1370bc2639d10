public import Core
public import JSON
import Store

/// An assessment in a list.
public struct AssessmentSummary: Sendable, Hashable {
    public var id: String
    public var repository: String
    public var target: String
    public var commit: String?
    public var branch: String?
    public var started: Timestamp
    public var finished: Timestamp
    public var files: Int
    public var bytes: Int64
    public var findings: Int
    public var unchecked: Int
    public var open: [Severity: Int]
    /// Whether its whole report is still kept.
    public var hasReport: Bool
}

/// A finding with where it belongs and what became of it.
public struct StoredFinding: Sendable, Hashable {
    public var finding: Finding
    public var repository: String
    /// The last assessment that had a word on it.
    public var assessmentID: String
    /// Since when it is open, or was.
    public var openedAt: Timestamp
    public var fixedAt: Timestamp?
    /// Whether it should be gone by now.
    public var isOverdue: Bool

    /// As a report has it, with `repository`, `assessment`, `open_since` and `fixed_at`.
    public var json: JSON {
        var json = AssessmentDocument.finding(finding)
        json["repository"] = .string(repository)
        json["assessment"] = .string(assessmentID)
        json["open_since"] = .string(openedAt.description)
        json["fixed_at"] = fixedAt.map { .string($0.description) } ?? .null
        json["overdue"] = .bool(isOverdue)
        return json
    }
}

public struct FindingsPage: Sendable, Hashable {
    public var findings: [StoredFinding]
    /// How many fit the filter.
    public var total: Int
}

extension FindingsStore {
    /// Newest first.
    public func assessments(repository: String? = nil, limit: Int = 50, before: Timestamp? = nil) async throws
        -> [AssessmentSummary]
    {
        try await store.read { tx in
            let sql = """
                SELECT id, repository, target, commit_id, branch, started, finished, files, bytes, findings,
                unchecked, open_counts,
                CASE WHEN document IS NULL THEN 0 ELSE 1 END AS has_report FROM scan_assessments
                WHERE (? IS NULL OR repository = ?) AND (? IS NULL OR started < ?) ORDER BY started DESC, id DESC
                LIMIT ?
                """
            return try tx.query(
                sql,
                [Value(repository), Value(repository), Value(before), Value(before), Value(min(max(limit, 1), 1000))]
            ).map(Self.summary)
        }
    }

    /// In the filter's order.
    public func findings(_ filter: FindingsFilter = FindingsFilter()) async throws -> FindingsPage {
        try await settle()
        let (levels, now) = (levels.current, clock.now())
        let (condition, arguments) = filter.condition(levels, at: now)
        return try await store.read { tx in
            let total =
                try tx.first("SELECT COUNT(*) AS n FROM scan_findings WHERE \(condition)", arguments)?.int("n") ?? 0
            let sql =
                """
                SELECT \(Self.columns), \(levels.dueSQL) AS due FROM scan_findings WHERE \(condition)
                ORDER BY \(filter.order.sql(levels.dueSQL)) LIMIT ? OFFSET ?
                """
            let paging = [Value(min(max(filter.limit, 1), 1000)), Value(max(filter.offset, 0))]
            return FindingsPage(
                findings: try tx.query(sql, arguments + paging).map { try Self.finding($0, at: now) }, total: total)
        }
    }

    /// - Throws: `notFound`.
    public func finding(_ id: String) async throws -> StoredFinding {
        try await settle()
        let (levels, now) = (levels.current, clock.now())
        let row = try await store.read { tx in
            try tx.first(
                "SELECT \(Self.columns), \(levels.dueSQL) AS due FROM scan_findings WHERE id = ?", [.text(id)])
        }
        guard let row else { throw Self.missing("finding", id) }
        return try Self.finding(row, at: now)
    }

    /// Those of which an assessment is kept, by name.
    public func repositories() async throws -> [String] {
        try await store.read { tx in
            try tx.query("SELECT DISTINCT repository FROM scan_assessments ORDER BY repository LIMIT 1000").map {
                try $0.text("repository")
            }
        }
    }

    /// The scanners whose findings are kept.
    public func sources() async throws -> [String] {
        try await store.read { tx in
            try tx.query("SELECT DISTINCT source FROM scan_findings ORDER BY source").map { try $0.text("source") }
        }
    }

    /// Open findings by severity, of one repository or of all.
    public func openCounts(repository: String? = nil) async throws -> [Severity: Int] {
        try await settle()
        return try await store.read { tx in
            let sql = """
                SELECT severity, COUNT(*) AS n FROM scan_findings WHERE state = 'open' AND (? IS NULL OR repository =
                ?) GROUP BY severity
                """
            var counts: [Severity: Int] = [:]
            for row in try tx.query(sql, [Value(repository), Value(repository)]) {
                counts[try row.severity()] = try row.int("n")
            }
            return counts
        }
    }

    /// - Throws: `notFound`, also for an assessment whose report is not kept any more.
    public func assessment(_ id: String) async throws -> Assessment {
        let row = try await store.read { tx in
            try tx.first("SELECT document FROM scan_assessments WHERE id = ?", [.text(id)])
        }
        guard let row else { throw Self.missing("assessment", id) }
        guard let document = try row.optionalText("document") else {
            throw GatehouseError(
                "scan", .notFound, "the report of assessment \(id) is not kept any more",
                hint: "the last \(Self.keptReports) of a repository are; assess it again")
        }
        do {
            return try AssessmentDocument.parse(try JSON.parse(document, limits: AssessmentDocument.limits))
        } catch let error as JSONError {
            throw GatehouseError(
                "scan", .corrupt, "the report of assessment \(id) is damaged", cause: error.description)
        }
    }

    public func report(_ assessmentID: String, _ format: AssessmentReport.Format) async throws -> [UInt8] {
        AssessmentReport(try await assessment(assessmentID), version: version).bytes(format)
    }

    /// - Parameter span: up to now.
    public func digest(of span: Duration, _ format: DigestReport.Format) async throws -> [UInt8] {
        DigestReport(try await digest(of: span), version: version).bytes(format)
    }

    // MARK: - Rows

    static let columns = """
        document, repository, assessment, fixed_at, state, first_seen, last_seen, opened_at, found_reason, triage,
        triage_reason, triage_record
        """

    static func finding(_ row: Row, at now: Timestamp) throws -> StoredFinding {
        let document = try JSON.parse(try row.text("document"))
        var finding = try AssessmentDocument.parseFinding(document)
        finding.state = Finding.State(rawValue: try row.text("state")) ?? finding.state
        finding.triage = try row.triage()
        finding.due = try row.optionalTime("due")
        let isAside = finding.state == .known || finding.state == .suppressed
        finding.stateReason =
            try finding.triage?.reason ?? row.optionalText("found_reason") ?? (isAside ? finding.stateReason : nil)
        return StoredFinding(
            finding: finding, repository: try row.text("repository"), assessmentID: try row.text("assessment"),
            openedAt: try row.optionalTime("opened_at") ?? finding.firstSeen,
            fixedAt: try row.optionalTime("fixed_at"), isOverdue: finding.isOverdue(at: now))
    }

    private static func summary(_ row: Row) throws -> AssessmentSummary {
        let counts = try JSON.parse(try row.text("open_counts"))
        let open = Severity.allCases.compactMap { severity in counts[severity.rawValue]?.int.map { (severity, $0) } }
        return AssessmentSummary(
            id: try row.text("id"), repository: try row.text("repository"), target: try row.text("target"),
            commit: try row.optionalText("commit_id"), branch: try row.optionalText("branch"),
            started: try row.time("started"),
            finished: try row.time("finished"), files: try row.int("files"), bytes: try row.integer("bytes"),
            findings: try row.int("findings"), unchecked: try row.int("unchecked"),
            open: Dictionary(open) { a, _ in a },
            hasReport: try row.bool("has_report"))
    }
}

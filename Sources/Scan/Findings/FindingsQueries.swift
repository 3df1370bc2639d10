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
    public var fixedAt: Timestamp?

    /// As a report has it, with `repository`, `assessment` and `fixed_at`.
    public var json: JSON {
        var json = AssessmentDocument.finding(finding)
        json["repository"] = .string(repository)
        json["assessment"] = .string(assessmentID)
        json["fixed_at"] = fixedAt.map { .string($0.description) } ?? .null
        return json
    }
}

/// Which findings; an empty filter means all.
public struct FindingsFilter: Sendable, Hashable {
    public var severities: Set<Severity> = []
    public var states: Set<Finding.State> = []
    public var repository: String?
    /// Part of the path, title or rule, in any case.
    public var text: String?
    /// At most 1,000.
    public var limit = 100
    public var offset = 0

    public init() {}
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

    /// Ordered by priority, severity and path.
    public func findings(_ filter: FindingsFilter = FindingsFilter()) async throws -> FindingsPage {
        let (condition, arguments) = Self.condition(filter)
        return try await store.read { tx in
            let total =
                try tx.first("SELECT COUNT(*) AS n FROM scan_findings WHERE \(condition)", arguments)?.int("n") ?? 0
            let sql =
                """
                SELECT \(Self.columns) FROM scan_findings WHERE \(condition)
                ORDER BY tier, severity DESC, path, id LIMIT ? OFFSET ?
                """
            let paging = [Value(min(max(filter.limit, 1), 1000)), Value(max(filter.offset, 0))]
            return FindingsPage(findings: try tx.query(sql, arguments + paging).map(Self.finding), total: total)
        }
    }

    /// - Throws: `notFound`.
    public func finding(_ id: String) async throws -> StoredFinding {
        let row = try await store.read { tx in
            try tx.first("SELECT \(Self.columns) FROM scan_findings WHERE id = ?", [.text(id)])
        }
        guard let row else { throw Self.missing("finding", id) }
        return try Self.finding(row)
    }

    /// Open findings by severity, of one repository or of all.
    public func openCounts(repository: String? = nil) async throws -> [Severity: Int] {
        try await store.read { tx in
            let sql = """
                SELECT severity, COUNT(*) AS n FROM scan_findings WHERE state = 'open' AND (? IS NULL OR repository =
                ?) GROUP BY severity
                """
            var counts: [Severity: Int] = [:]
            for row in try tx.query(sql, [Value(repository), Value(repository)]) {
                let rank = try row.int("severity")
                if Severity.allCases.indices.contains(rank) { counts[Severity.allCases[rank]] = try row.int("n") }
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

    // MARK: - Rows

    private static let columns = "document, repository, assessment, fixed_at, state, triage_reason, last_seen"

    private static func finding(_ row: Row) throws -> StoredFinding {
        let document = try JSON.parse(try row.text("document"))
        var finding = try AssessmentDocument.parseFinding(document)
        finding.state = Finding.State(rawValue: try row.text("state")) ?? finding.state
        finding.stateReason = try row.optionalText("triage_reason") ?? finding.stateReason
        return StoredFinding(
            finding: finding, repository: try row.text("repository"), assessmentID: try row.text("assessment"),
            fixedAt: try row.optionalTime("fixed_at"))
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

    private static func condition(_ filter: FindingsFilter) -> (String, [Value]) {
        var parts = ["1 = 1"]
        var arguments: [Value] = []
        if !filter.severities.isEmpty {
            parts.append("severity IN (\(filter.severities.map { _ in "?" }.joined(separator: ", ")))")
            arguments += filter.severities.map { Value($0.rank) }
        }
        if !filter.states.isEmpty {
            parts.append("state IN (\(filter.states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += filter.states.map { .text($0.rawValue) }
        }
        if let repository = filter.repository {
            parts.append("repository = ?")
            arguments.append(.text(repository))
        }
        if let text = filter.text, !text.isEmpty {
            parts.append(
                #"(LOWER(path) LIKE ? ESCAPE '\' OR LOWER(title) LIKE ? ESCAPE '\' OR rule LIKE ? ESCAPE '\')"#)
            arguments += Array(repeating: .text("%\(escapedForLike(text.lowercased().prefix(200)))%"), count: 3)
        }
        return (parts.joined(separator: " AND "), arguments)
    }

    private static func escapedForLike(_ text: Substring) -> String {
        var out = ""
        for character in text where character != "\0" {
            if character == "%" || character == "_" || character == "\\" { out.append("\\") }
            out.append(character)
        }
        return out
    }
}

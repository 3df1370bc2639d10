public import Core
public import JSON
import Store

/// How findings come and go: what was open after each assessment, how long fixing takes, and whether it was in time.
public struct FindingsTrends: Sendable, Hashable {
    /// After an assessment of a whole repository.
    public struct Point: Sendable, Hashable {
        public var time: Timestamp
        public var open: [Severity: Int]
    }

    public struct Fixing: Sendable, Hashable {
        public var severity: Severity
        public var open = 0
        public var overdue = 0
        public var fixed = 0
        /// From when it was opened until an assessment found it no more.
        public var median: Duration?
        public var inTime = 0
        public var late = 0
        /// The level in force; nil where there is none.
        public var limit: Duration?
    }

    public static let mostPoints = 60

    /// Oldest first.
    public var points: [Point]
    /// The most severe first.
    public var fixing: [Fixing]

    public var json: JSON {
        [
            "points": .array(
                points.map { point in
                    ["time": .string(point.time.description), "open": Self.counts(point.open)]
                }),
            "fixing": .array(fixing.map(\.json)),
        ]
    }

    private static func counts(_ open: [Severity: Int]) -> JSON {
        .object(JSONObject(Severity.allCases.reversed().map { ($0.rawValue, JSON(open[$0] ?? 0)) }))
    }
}

extension FindingsTrends.Fixing {
    var json: JSON {
        [
            "severity": .string(severity.rawValue), "open": JSON(open), "overdue": JSON(overdue), "fixed": JSON(fixed),
            "median_seconds": median.map { JSON(Int($0.components.seconds)) } ?? .null, "in_time": JSON(inTime),
            "late": JSON(late), "limit_seconds": limit.map { JSON(Int($0.components.seconds)) } ?? .null,
        ]
    }
}

extension FindingsStore {
    /// - Parameter repository: all of them together, where none is named.
    public func trends(repository: String? = nil) async throws -> FindingsTrends {
        try await settle()
        let (now, levels) = (clock.now(), levels.current)
        return try await store.read { tx in
            FindingsTrends(
                points: try Self.points(repository, tx), fixing: try Self.fixing(repository, levels, now, tx))
        }
    }

    /// What was open in all repositories after each assessment of one, from the newest 2,000.
    private static func points(_ repository: String?, _ tx: Transaction) throws -> [FindingsTrends.Point] {
        let sql = """
            SELECT repository, finished, open_counts FROM scan_assessments
            WHERE scope = 'whole' AND (? IS NULL OR repository = ?) ORDER BY started DESC, id DESC LIMIT 2000
            """
        var standing: [String: [Severity: Int]] = [:]
        var points: [FindingsTrends.Point] = []
        for row in try tx.query(sql, [Value(repository), Value(repository)]).reversed() {
            let counts = try JSON.parse(try row.text("open_counts"))
            standing[try row.text("repository")] = Dictionary(
                uniqueKeysWithValues: Severity.allCases.map { ($0, counts[$0.rawValue]?.int ?? 0) })
            let sum = standing.values.reduce(into: [Severity: Int]()) { $0.merge($1, uniquingKeysWith: +) }
            points.append(.init(time: try row.time("finished"), open: sum))
        }
        return Array(points.suffix(FindingsTrends.mostPoints))
    }

    private static func fixing(
        _ repository: String?, _ levels: ServiceLevels, _ now: Timestamp, _ tx: Transaction
    ) throws -> [FindingsTrends.Fixing] {
        var bySeverity: [Severity: FindingsTrends.Fixing] = [:]
        var times: [Severity: [Duration]] = [:]
        for severity in Severity.allCases {
            bySeverity[severity] = .init(severity: severity, limit: levels.limits[severity])
        }
        let open = """
            SELECT severity, COUNT(*) AS n, SUM(CASE WHEN \(levels.dueSQL) < ? THEN 1 ELSE 0 END) AS late
            FROM scan_findings WHERE state = 'open' AND (? IS NULL OR repository = ?) GROUP BY severity
            """
        for row in try tx.query(open, [.time(now), Value(repository), Value(repository)]) {
            let severity = try row.severity()
            bySeverity[severity]?.open = try row.int("n")
            bySeverity[severity]?.overdue = try row.int("late")
        }
        let fixed = """
            SELECT severity, time, opened_at, due FROM scan_finding_events WHERE kind = 'fixed' AND opened_at IS NOT NULL
            AND (? IS NULL OR repository = ?) ORDER BY number DESC LIMIT 20000
            """
        try tx.forEach(fixed, [Value(repository), Value(repository)]) { row in
            let (severity, time, opened) = (try row.severity(), try row.time("time"), try row.time("opened_at"))
            times[severity, default: []].append(time - opened)
            bySeverity[severity]?.fixed += 1
            guard let due = try row.optionalTime("due") ?? levels.due(severity, openSince: opened) else { return true }
            if time <= due { bySeverity[severity]?.inTime += 1 } else { bySeverity[severity]?.late += 1 }
            return true
        }
        return Severity.allCases.reversed().compactMap { severity in
            var fixing = bySeverity[severity]
            fixing?.median = times[severity].flatMap(median)
            return fixing
        }
    }

    private static func median(_ times: [Duration]) -> Duration? {
        let sorted = times.sorted()
        guard let upper = sorted.indices.contains(sorted.count / 2) ? sorted[sorted.count / 2] : nil else { return nil }
        return sorted.count.isMultiple(of: 2) ? (sorted[sorted.count / 2 - 1] + upper) / 2 : upper
    }
}

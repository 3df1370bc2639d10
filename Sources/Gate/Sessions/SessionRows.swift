import Core
import JSON
import Store

/// Sessions and break-glass reviews on disk.
enum SessionRows {
    static let migrations = [
        Migration(
            id: "sessions.001",
            steps: [
                .createTable(
                    "gate_sessions",
                    columns: [
                        .text("id", .primaryKey), .text("principal", .notNull), .text("class", .notNull),
                        // Microseconds after the end for which the row is kept.
                        .integer("retention", .notNull), .text("logging", .notNull), .text("approval", .notNull),
                        .json("labels", .notNull), .time("started", .notNull), .time("expires", .notNull),
                        .time("ended"),
                        .text("glass_reason"), .time("glass_until"),
                    ]),
                .createIndex(on: "gate_sessions", columns: ["ended"]),
                .createTable(
                    "gate_reviews",
                    columns: [
                        .text("id", .primaryKey), .text("session", .notNull), .text("principal", .notNull),
                        .text("reason", .notNull), .time("opened", .notNull), .time("expires", .notNull),
                        .time("closed"),
                        .text("closed_by"), .text("note"),
                    ]),
            ]),
        Migration(id: "sessions.002", steps: [.addColumn(.bool("bodies"), to: "gate_sessions")]),
        Migration(id: "sessions.003", steps: [.addColumn(.bool("is_of_run"), to: "gate_sessions")]),
    ]

    // MARK: Sessions

    static func live(at now: Timestamp, _ tx: Transaction) throws -> [SessionEntry] {
        try tx.query("SELECT * FROM gate_sessions WHERE ended IS NULL AND expires > ?", [.time(now)]).map(entry)
    }

    static func save(_ entry: SessionEntry, _ tx: Transaction) throws {
        let labels = JSON.array(entry.labels.sorted().map { .string($0.rawValue) }).text()
        let asked = entry.asked
        try tx.execute(
            """
            INSERT INTO gate_sessions
            (id, principal, class, retention, logging, approval, labels, started, expires, glass_reason, glass_until,
            bodies, is_of_run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
            labels = excluded.labels, glass_reason = excluded.glass_reason, glass_until = excluded.glass_until
            """,
            [
                .text(entry.id), .text(entry.principalID), .text(asked.name), .integer(asked.retention.microseconds),
                .text(asked.logging.rawValue), .text(asked.approval.text), .text(labels), .time(entry.started),
                .time(entry.expires), Value(entry.breakGlass?.reason), Value(entry.breakGlass?.until),
                .bool(asked.bodies), .bool(entry.isOfRun),
            ])
    }

    static func end(_ ends: [String: Timestamp], _ tx: Transaction) throws {
        for (id, time) in ends {
            try tx.execute(
                "UPDATE gate_sessions SET ended = ? WHERE id = ? AND ended IS NULL", [.time(time), .text(id)])
        }
    }

    /// Deletes sessions that ended longer ago than their class keeps them, and than the operator does. A review is kept
    /// as long, from its closing, and keeps its session.
    static func removeOld(keeping floor: Duration, at now: Timestamp, _ tx: Transaction) throws {
        let times = [Value.time(now), .time(now - floor)]
        try tx.execute(
            """
            DELETE FROM gate_reviews WHERE EXISTS (SELECT 1 FROM gate_sessions AS s
            WHERE s.id = gate_reviews.session AND gate_reviews.closed + s.retention < ?) AND closed < ?
            """, times)
        try tx.execute(
            """
            DELETE FROM gate_sessions WHERE ended IS NOT NULL AND ended + retention < ? AND ended < ?
            AND NOT EXISTS (SELECT 1 FROM gate_reviews WHERE gate_reviews.session = gate_sessions.id)
            """, times)
    }

    private static func entry(_ row: Row) throws -> SessionEntry {
        let asked = SessionClass(
            name: try row.text("class"), retention: .microseconds(try row.integer("retention")),
            logging: SessionClass.Logging(rawValue: try row.text("logging")) ?? .required,
            approval: SessionClass.Approval(text: try row.text("approval")),
            bodies: try row.optionalBool("bodies") ?? false)
        var entry = SessionEntry(
            id: try row.text("id"), principalID: try row.text("principal"), asked: asked,
            started: try row.time("started"),
            expires: try row.time("expires"), isOfRun: try row.optionalBool("is_of_run") ?? false, inForce: asked)
        guard let labels = try? JSON.parse(try row.text("labels")).array else {
            throw GatehouseError("gate", .corrupt, "the labels of session \(entry.id) cannot be read")
        }
        entry.labels = Set(labels.compactMap(\.string).map { Label($0) })
        if let reason = try row.optionalText("glass_reason"), let until = try row.optionalTime("glass_until") {
            entry.breakGlass = SessionEntry.BreakGlass(reason: reason, until: until)
        }
        return entry
    }

    // MARK: Reviews

    static func open(_ review: BreakGlassReview, _ tx: Transaction) throws {
        try tx.execute(
            "INSERT INTO gate_reviews (id, session, principal, reason, opened, expires) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(review.id), .text(review.sessionID), .text(review.principalID), .text(review.reason),
                .time(review.opened), .time(review.expires),
            ])
    }

    /// - Returns: whether it was open.
    static func close(_ id: String, _ closing: BreakGlassReview.Closing, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            "UPDATE gate_reviews SET closed = ?, closed_by = ?, note = ? WHERE id = ? AND closed IS NULL",
            [.time(closing.time), .text(closing.by), .text(closing.note), .text(id)]) == 1
    }

    /// Open ones first, then the latest.
    static func reviews(_ tx: Transaction) throws -> [BreakGlassReview] {
        let order = "CASE WHEN closed IS NULL THEN 0 ELSE 1 END, opened DESC"
        return try tx.query("SELECT * FROM gate_reviews ORDER BY \(order) LIMIT 1000").map(review)
    }

    static func review(_ id: String, _ tx: Transaction) throws -> BreakGlassReview? {
        try tx.first("SELECT * FROM gate_reviews WHERE id = ?", [.text(id)]).map(review)
    }

    private static func review(_ row: Row) throws -> BreakGlassReview {
        let closing = try row.optionalTime("closed").map { time in
            BreakGlassReview.Closing(by: try row.text("closed_by"), note: try row.text("note"), time: time)
        }
        return BreakGlassReview(
            id: try row.text("id"), sessionID: try row.text("session"), principalID: try row.text("principal"),
            reason: try row.text("reason"), opened: try row.time("opened"), expires: try row.time("expires"),
            closing: closing)
    }
}

extension SessionClass.Approval {
    /// As it is written in configuration and on disk: `none`, `auto`, or the role.
    var text: String {
        switch self {
        case .none: "none"
        case .auto: "auto"
        case .role(let role): role
        }
    }

    init(text: String) {
        switch text {
        case "none": self = .none
        case "auto": self = .auto
        default: self = .role(text)
        }
    }
}

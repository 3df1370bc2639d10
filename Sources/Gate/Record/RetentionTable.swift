import Core
import Store

/// How far retention has come, in the store. What is lost of it with a crash is only looked at again.
struct RetentionTable: Sendable {
    /// Entries to be looked at, and what sends there.
    struct Stretch: Sendable {
        enum Source: Sendable {
            /// All before were looked at for this term.
            case cursor(RetentionRules.Term)
            /// These were left out for what has ended since.
            case released(RetentionSieve.Obstacle)
        }

        let source: Source
        let range: Range<UInt64>
    }

    let store: Store

    static let migrations = [
        Migration(
            id: "retention.001",
            steps: [
                .createTable("gate_retention_time", columns: [.integer("id", .primaryKey), .time("time", .notNull)]),
                // The term in seconds, or -1 for what belongs to no session.
                .createTable(
                    "gate_retention_cursors", columns: [.integer("term", .primaryKey), .integer("next", .notNull)]),
                .createTable(
                    "gate_retention_left",
                    columns: [
                        .text("kind", .notNull), .text("subject", .notNull), .integer("first", .notNull),
                        .integer("last", .notNull),
                    ], primaryKey: ["kind", "subject"]),
                // Of the session's class as it was in force, for what is recorded after the session has ended.
                .addColumn(.text("class"), to: "actions"), .addColumn(.integer("retention"), to: "actions"),
            ])
    ]

    // MARK: Reading

    /// The time by which the last turn went.
    func time() async throws -> Timestamp? {
        try await store.read { try $0.first("SELECT time FROM gate_retention_time WHERE id = 1")?.time("time") }
    }

    /// What is to be looked at: first what was left out, then the terms, the one that is furthest behind first.
    func stretches(holds: Set<UInt64>, end: UInt64) async throws -> [Stretch] {
        try await store.read { tx in try Self.released(holds, tx) + Self.cursors(end, tx) }
    }

    private static func released(_ holds: Set<UInt64>, _ tx: Transaction) throws -> [Stretch] {
        let rows = try tx.query(
            """
            SELECT kind, subject, first, last FROM gate_retention_left AS l WHERE kind = 'hold'
            OR kind = 'action' AND NOT EXISTS (SELECT 1 FROM actions WHERE actions.id = l.subject)
            OR kind = 'review'
            AND NOT EXISTS (SELECT 1 FROM gate_reviews AS r WHERE r.session = l.subject AND r.closed IS NULL)
            ORDER BY first LIMIT 1000
            """)
        return try rows.compactMap { row in
            let obstacle = try RetentionSieve.Obstacle(kind: row.text("kind"), subject: row.text("subject"))
            if case .hold(let id) = obstacle, holds.contains(id) { return nil }
            let first = UInt64(clamping: try row.integer("first"))
            let last = UInt64(clamping: try row.integer("last"))
            return Stretch(source: .released(obstacle), range: first..<last + 1)
        }
    }

    private static func cursors(_ end: UInt64, _ tx: Transaction) throws -> [Stretch] {
        try tx.query("SELECT term, next FROM gate_retention_cursors ORDER BY next, term").map { row in
            let next = UInt64(clamping: try row.integer("next"))
            return Stretch(source: .cursor(try .init(key: row.integer("term"))), range: min(next, end)..<end)
        }
    }

    /// What the store says of what the marks name.
    func known(of marks: [RetentionMark]) async throws -> RetentionSieve.Known {
        let actions = Set(marks.compactMap(\.action))
        return try await store.read { tx in
            var known = RetentionSieve.Known()
            for id in actions where try tx.first("SELECT 1 AS one FROM actions WHERE id = ?", [.text(id)]) != nil {
                known.keptActions.insert(id)
            }
            let reviews = try tx.query("SELECT DISTINCT session FROM gate_reviews WHERE closed IS NULL")
            known.reviewedSessions = Set(try reviews.map { try $0.text("session") })
            return known
        }
    }

    // MARK: Writing

    /// Begins a turn: keeps the time, and sees to it that there is a place to begin at.
    func begin(at time: Timestamp, from term: RetentionRules.Term) async throws {
        try await store.write(.relaxed) { tx in
            try tx.execute(
                "INSERT INTO gate_retention_time (id, time) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET time = excluded.time",
                [.time(time)])
            try Self.bring(term, to: 0, onlyBack: false, tx)
        }
    }

    /// Keeps what came of a stretch, of which everything before `next` was looked at.
    func finish(_ stretch: Stretch, next: UInt64, _ sieve: RetentionSieve) async throws {
        try await store.write(.relaxed) { tx in
            switch stretch.source {
            case .cursor(let term):
                try tx.execute(
                    "UPDATE gate_retention_cursors SET next = ? WHERE term = ?", [Self.value(next), .integer(term.key)])
            case .released(let obstacle):
                let sql =
                    next < stretch.range.upperBound
                    ? "UPDATE gate_retention_left SET first = ? WHERE kind = ? AND subject = ?"
                    : "DELETE FROM gate_retention_left WHERE first < ? AND kind = ? AND subject = ?"
                try tx.execute(sql, [Self.value(next), .text(obstacle.kind), .text(obstacle.subject)])
            }
            for (obstacle, entries) in sieve.left { try Self.leave(entries, for: obstacle, tx) }
            for (term, first) in sieve.later { try Self.bring(term, to: first, onlyBack: true, tx) }
        }
    }

    private static func leave(
        _ entries: ClosedRange<UInt64>, for obstacle: RetentionSieve.Obstacle, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO gate_retention_left AS l (kind, subject, first, last) VALUES (?, ?, ?, ?)
            ON CONFLICT (kind, subject) DO UPDATE SET
            first = CASE WHEN excluded.first < l.first THEN excluded.first ELSE l.first END,
            last = CASE WHEN excluded.last > l.last THEN excluded.last ELSE l.last END
            """,
            [
                .text(obstacle.kind), .text(obstacle.subject), value(entries.lowerBound), value(entries.upperBound),
            ])
    }

    /// A term's cursor comes not later than an entry of which it has still to decide.
    private static func bring(_ term: RetentionRules.Term, to index: UInt64, onlyBack: Bool, _ tx: Transaction) throws {
        let rest = onlyBack ? "UPDATE SET next = excluded.next WHERE excluded.next < c.next" : "NOTHING"
        try tx.execute(
            "INSERT INTO gate_retention_cursors AS c (term, next) VALUES (?, ?) ON CONFLICT (term) DO \(rest)",
            [.integer(term.key), value(index)])
    }

    private static func value(_ index: UInt64) -> Value { .integer(Int64(clamping: index)) }
}

extension RetentionRules.Term {
    fileprivate var key: Int64 {
        switch self {
        case .session(let seconds): seconds
        case .system: -1
        }
    }

    fileprivate init(key: Int64) { self = key < 0 ? .system : .session(key) }
}

extension RetentionSieve.Obstacle {
    fileprivate var kind: String {
        switch self {
        case .hold: "hold"
        case .action: "action"
        case .review: "review"
        }
    }

    fileprivate var subject: String {
        switch self {
        case .hold(let id): String(id)
        case .action(let id), .review(session: let id): id
        }
    }

    fileprivate init(kind: String, subject: String) throws {
        switch (kind, UInt64(subject)) {
        case ("hold", let id?): self = .hold(id)
        case ("action", _): self = .action(subject)
        case ("review", _): self = .review(session: subject)
        default:
            throw GatehouseError("gate", .corrupt, "\(kind) \"\(subject.prefix(40))\" keeps entries from being erased")
        }
    }
}

import Core
import JSON
import Store

/// The sends, in the store: what was put here and acknowledged is delivered, or a dead letter that can be seen.
struct OutboxTable: Sendable {
    static let migrations = [
        Migration(
            id: "integrations.001",
            steps: [
                .createTable(
                    "integration_sends",
                    columns: [
                        .sequence("sequence"), .text("id", .notNull, .unique), .text("destination", .notNull),
                        .text("dedupe_key", .notNull), .json("notice", .notNull), .text("action", .notNull, .unique),
                        .text("state", .notNull), .integer("attempts", .notNull), .integer("steps", .notNull),
                        .time("next", .notNull), .text("problem"), .text("remote_id"), .text("remote_link"),
                        .time("created", .notNull), .time("finished"),
                    ]),
                .createIndex(on: "integration_sends", columns: ["destination", "state", "next"]),
                .createIndex(on: "integration_sends", columns: ["destination", "dedupe_key", "state"]),
                .createIndex(on: "integration_sends", columns: ["state", "finished"]),
                .createTable(
                    "integration_items",
                    columns: [
                        .text("destination", .notNull), .text("dedupe_key", .notNull), .text("remote_id", .notNull),
                        .text("link"), .bool("is_open", .notNull), .time("updated", .notNull),
                    ], primaryKey: ["destination", "dedupe_key"]),
            ])
    ]

    let store: Store

    /// Puts a send in line, durably. An action's send is put once.
    /// - Returns: the send, or the one that this action put before.
    /// - Throws: `exhausted` where too many wait for the destination.
    func put(
        _ notice: Notice, to destination: String, action: String, at now: Timestamp, greatest: Int
    ) async throws -> KeptSend {
        let id = Identifier.make("snd", at: now)
        return try await store.write { tx in
            if let known = try tx.first("SELECT * FROM integration_sends WHERE action = ?", [.text(action)]) {
                return try KeptSend(known)
            }
            let waiting = try tx.first(
                "SELECT COUNT(*) AS n FROM integration_sends WHERE destination = ? AND state = 'waiting'",
                [.text(destination)])
            guard try waiting?.int("n") ?? 0 < greatest else {
                throw GatehouseError(
                    "integrations", .exhausted, "too many sends wait for \(destination)",
                    hint: "see what holds them up: gatehouse integrations list")
            }
            let row = try tx.first(
                """
                INSERT INTO integration_sends
                (id, destination, dedupe_key, notice, action, state, attempts, steps, next, created)
                VALUES (?, ?, ?, ?, ?, 'waiting', 0, 0, ?, ?) RETURNING *
                """,
                [
                    .text(id), .text(destination), .text(notice.dedupeKey), .text(notice.json.text()), .text(action),
                    .time(now), .time(now),
                ])
            guard let row else { throw GatehouseError("integrations", .internal, "the send was not kept") }
            return try KeptSend(row)
        }
    }

    /// What is due for a destination, oldest first. Of several on one dedupe key only the first: they arrive in order.
    func due(for destination: String, at now: Timestamp, limit: Int) async throws -> [KeptSend] {
        try await rows(
            """
            SELECT * FROM integration_sends s WHERE s.destination = ? AND s.state = 'waiting' AND s.next <= ?
            AND NOT EXISTS (SELECT 1 FROM integration_sends e WHERE e.destination = s.destination
            AND e.dedupe_key = s.dedupe_key AND e.state = 'waiting' AND e.sequence < s.sequence)
            ORDER BY s.sequence LIMIT ?
            """, [.text(destination), .time(now), .integer(Int64(limit))])
    }

    /// When the next send is due that is not due yet; nil where none is.
    func nextDue(after now: Timestamp) async throws -> Timestamp? {
        try await store.read { tx in
            try tx.first(
                "SELECT MIN(next) AS next FROM integration_sends WHERE state = 'waiting' AND next > ?", [.time(now)])?
                .optionalTime("next")
        }
    }

    func find(_ id: String) async throws -> KeptSend {
        guard let send = try await rows("SELECT * FROM integration_sends WHERE id = ?", [.text(id)]).first else {
            throw GatehouseError("integrations", .notFound, "there is no send \(id.prefix(80))")
        }
        return send
    }

    func find(action: String) async throws -> KeptSend? {
        try await rows("SELECT * FROM integration_sends WHERE action = ?", [.text(action)]).first
    }

    /// Newest first.
    func dead(destination: String?, limit: Int) async throws -> [KeptSend] {
        try await rows(
            """
            SELECT * FROM integration_sends WHERE state = 'dead' AND (? IS NULL OR destination = ?)
            ORDER BY finished DESC, sequence DESC LIMIT ?
            """, [Value(destination), Value(destination), .integer(Int64(limit))])
    }

    // MARK: What becomes of them

    func stepped(_ id: String, to steps: Int) async throws {
        try await change("UPDATE integration_sends SET steps = ? WHERE id = ?", [.integer(Int64(steps)), .text(id)])
    }

    func delivered(_ send: KeptSend, _ item: RemoteItem?, at now: Timestamp) async throws {
        try await store.write { tx in
            try tx.execute(
                """
                UPDATE integration_sends SET state = 'delivered', attempts = attempts + 1, problem = NULL, finished = ?,
                remote_id = ?, remote_link = ? WHERE id = ? AND state = 'waiting'
                """, [.time(now), Value(item?.id), Value(item?.link), .text(send.id)])
            guard let item else { return }
            try tx.execute(
                """
                INSERT INTO integration_items (destination, dedupe_key, remote_id, link, is_open, updated)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (destination, dedupe_key) DO UPDATE SET
                remote_id = excluded.remote_id, link = excluded.link, is_open = excluded.is_open,
                updated = excluded.updated
                """,
                [
                    .text(send.destination), .text(send.notice.dedupeKey), .text(item.id), Value(item.link),
                    .bool(item.isOpen), .time(now),
                ])
        }
    }

    func failed(_ id: String, why: String, next: Timestamp) async throws {
        try await change(
            "UPDATE integration_sends SET attempts = attempts + 1, problem = ?, next = ? WHERE id = ? AND state = 'waiting'",
            [.text(why), .time(next), .text(id)])
    }

    func gaveUp(_ id: String, why: String, at now: Timestamp) async throws {
        try await change(
            """
            UPDATE integration_sends SET state = 'dead', attempts = attempts + 1, problem = ?, finished = ?
            WHERE id = ? AND state = 'waiting'
            """, [.text(why), .time(now), .text(id)])
    }

    /// Dead letters are in line again, with all their tries.
    /// - Parameter id: one of them; nil for all of the destination's, up to the limit.
    /// - Returns: how many.
    func retry(destination: String, id: String?, at now: Timestamp, limit: Int) async throws -> Int {
        try await store.write { tx in
            try tx.execute(
                """
                UPDATE integration_sends SET state = 'waiting', attempts = 0, next = ?, finished = NULL
                WHERE sequence IN (SELECT sequence FROM integration_sends WHERE state = 'dead' AND destination = ?
                AND (? IS NULL OR id = ?) ORDER BY sequence LIMIT ?)
                """, [.time(now), .text(destination), Value(id), Value(id), .integer(Int64(limit))])
        }
    }

    /// Forgets what was delivered before then. Dead letters stay.
    func forget(before: Timestamp) async throws {
        try await change(
            "DELETE FROM integration_sends WHERE state = 'delivered' AND finished < ?", [.time(before)])
        try await change("DELETE FROM integration_items WHERE updated < ?", [.time(before)])
    }

    // MARK: Remote items

    func item(destination: String, dedupeKey: String) async throws -> RemoteItem? {
        try await store.read { tx in
            try tx.first(
                "SELECT * FROM integration_items WHERE destination = ? AND dedupe_key = ?",
                [.text(destination), .text(dedupeKey)]
            ).map { row in
                RemoteItem(
                    id: try row.text("remote_id"), link: try row.optionalText("link"), isOpen: try row.bool("is_open"))
            }
        }
    }

    func forgetItem(destination: String, dedupeKey: String) async throws {
        try await change(
            "DELETE FROM integration_items WHERE destination = ? AND dedupe_key = ?",
            [.text(destination), .text(dedupeKey)])
    }

    // MARK: Figures

    struct Figures: Sendable, Hashable {
        var waiting = 0
        var delivered = 0
        var dead = 0
        var lastDelivered: Timestamp?
        var lastProblem: String?
    }

    /// By destination, also those that are not configured any more.
    func figures() async throws -> [String: Figures] {
        try await store.read { tx in
            var all: [String: Figures] = [:]
            let rows = try tx.query(
                """
                SELECT destination, state, COUNT(*) AS n, MAX(finished) AS finished FROM integration_sends
                GROUP BY destination, state
                """)
            for row in rows {
                let (name, count) = (try row.text("destination"), try row.int("n"))
                switch KeptSend.State(rawValue: try row.text("state")) {
                case .waiting: all[name, default: Figures()].waiting = count
                case .delivered:
                    all[name, default: Figures()].delivered = count
                    all[name]?.lastDelivered = try row.optionalTime("finished")
                case .dead: all[name, default: Figures()].dead = count
                case nil: break
                }
            }
            for name in all.keys {
                all[name]?.lastProblem = try tx.first(
                    """
                    SELECT problem FROM integration_sends WHERE destination = ? AND state <> 'delivered'
                    AND problem IS NOT NULL ORDER BY sequence DESC LIMIT 1
                    """, [.text(name)])?.optionalText("problem")
            }
            return all
        }
    }

    private func rows(_ sql: String, _ arguments: [Value]) async throws -> [KeptSend] {
        try await store.read { tx in try tx.query(sql, arguments).map { try KeptSend($0) } }
    }

    private func change(_ sql: String, _ arguments: [Value]) async throws {
        try await store.write { tx in _ = try tx.execute(sql, arguments) }
    }
}

import Core
import Crypto
import JSON
import Store

/// What was taken, in the order in which it came: acknowledged once it is here, and here once.
struct Inbox: Sendable {
    /// That wait, of one channel.
    private static let most = 10_000

    let store: Store

    static func digest(_ body: [UInt8]) -> String { Hex.encode(SHA256.hash(data: body)) }

    /// - Returns: the row, and whether it is new.
    /// - Throws: `exhausted` where too many wait.
    func put(
        _ content: InboxRow.Content, from channel: String, digest: String, at now: Timestamp
    ) async throws -> (row: InboxRow, isNew: Bool) {
        try await store.write { tx in try Self.put(content, from: channel, digest: digest, at: now, tx) }
    }

    static func put(
        _ content: InboxRow.Content, from channel: String, digest: String, at now: Timestamp, _ tx: Transaction
    ) throws -> (row: InboxRow, isNew: Bool) {
        let known = try tx.first(
            "SELECT * FROM channel_inbox WHERE channel = ? AND mark = ?", [.text(channel), .text(content.mark)])
        if let known { return (try InboxRow(known), false) }
        let waiting = try tx.first(
            "SELECT COUNT(*) AS n FROM channel_inbox WHERE channel = ? AND state = 'waiting'", [.text(channel)])
        guard try waiting?.int("n") ?? 0 < most else {
            throw GatehouseError(
                "channels", .exhausted, "too much waits to be heard", hint: "try again later",
                retryAfter: .seconds(5))
        }
        let row = try tx.first(
            """
            INSERT INTO channel_inbox (id, channel, mark, digest, lane, body, state, attempts, next, created)
            VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?) RETURNING *
            """,
            [
                .text(Identifier.make("chi", at: now)), .text(channel), .text(content.mark), .text(digest),
                .text(content.lane), .text(content.json.text()), .time(now), .time(now),
            ])
        guard let row else { throw GatehouseError("channels", .internal, "what was taken was not kept") }
        return (try InboxRow(row), true)
    }

    /// The first of each lane, oldest first.
    func due(at now: Timestamp, limit: Int) async throws -> [InboxRow] {
        try await store.read { tx in
            try tx.query(
                """
                SELECT * FROM channel_inbox i WHERE i.state IN ('waiting', 'saying') AND i.next <= ?
                AND NOT EXISTS (SELECT 1 FROM channel_inbox e WHERE e.channel = i.channel AND e.lane = i.lane
                AND e.state IN ('waiting', 'saying') AND e.sequence < i.sequence)
                ORDER BY i.sequence LIMIT ?
                """, [.time(now), Value(limit)]
            ).map { try InboxRow($0) }
        }
    }

    func find(_ id: String) async throws -> InboxRow? {
        try await store.read { tx in
            try tx.first("SELECT * FROM channel_inbox WHERE id = ?", [.text(id)]).map { try InboxRow($0) }
        }
    }

    func nextDue(after now: Timestamp) async throws -> Timestamp? {
        try await store.read { tx in
            try tx.first(
                "SELECT MIN(next) AS next FROM channel_inbox WHERE state IN ('waiting', 'saying') AND next > ?",
                [.time(now)])?.optionalTime("next")
        }
    }

    /// It is about to be said: if nothing more is heard of it, this tells where to look.
    func saying(_ id: String, in conversation: String, after heard: Int) async throws {
        try await change(
            "UPDATE channel_inbox SET state = 'saying', conversation = ?, heard = ? WHERE id = ?",
            [.text(conversation), Value(heard), .text(id)])
    }

    /// What was spoken is written down: from now on the recording is not needed.
    func written(_ id: String, _ content: InboxRow.Content) async throws {
        try await change("UPDATE channel_inbox SET body = ? WHERE id = ?", [.text(content.json.text()), .text(id)])
    }

    func failed(_ id: String, why: String, next: Timestamp) async throws {
        try await change(
            "UPDATE channel_inbox SET attempts = attempts + 1, problem = ?, next = ? WHERE id = ?",
            [.text(why), .time(next), .text(id)])
    }

    func gaveUp(_ id: String, why: String, at now: Timestamp) async throws {
        try await change(
            "UPDATE channel_inbox SET state = 'dead', attempts = attempts + 1, problem = ?, finished = ? WHERE id = ?",
            [.text(why), .time(now), .text(id)])
    }

    /// - Parameter answer: what was answered, where the conversation does not keep it.
    static func finish(_ id: String, answer: JSON?, at now: Timestamp, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE channel_inbox SET state = 'done', problem = NULL, answer = ?, finished = ? WHERE id = ?",
            [Value(answer?.text()), .time(now), .text(id)])
    }

    private func change(_ sql: String, _ arguments: [Value]) async throws {
        try await store.write { tx in _ = try tx.execute(sql, arguments) }
    }
}

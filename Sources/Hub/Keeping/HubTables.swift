import Core
import JSON
import Store

/// Conversations, what was said in them, and what usually follows what.
struct HubTables: Sendable {
    static let migrations = [
        Migration(
            id: "hub.001",
            steps: [
                .createTable(
                    "hub_conversation",
                    columns: [
                        .text("id", .primaryKey), .text("principal_id", .notNull), .time("started", .notNull),
                        .time("updated", .notNull), .integer("messages", .notNull), .json("state", .notNull),
                    ]),
                .createIndex(on: "hub_conversation", columns: ["principal_id", "updated"]),
                .createIndex(on: "hub_conversation", columns: ["updated"]),
                .createTable(
                    "hub_message",
                    columns: [
                        .reference("conversation_id", to: "hub_conversation", .notNull, onDelete: .cascade),
                        .integer("number", .notNull), .text("role", .notNull), .text("text", .notNull), .json("data"),
                        .time("time", .notNull),
                    ], primaryKey: ["conversation_id", "number"]),
                .createTable(
                    "hub_habit",
                    columns: [
                        .text("principal_id", .notNull), .text("former", .notNull), .text("latter", .notNull),
                        .integer("times", .notNull),
                    ], primaryKey: ["principal_id", "former", "latter"]),
            ])
    ]

    let store: Store

    private static let columns = "id, principal_id, started, updated, messages"

    // MARK: Conversations

    func begin(_ id: String, of principal: String, at now: Timestamp) async throws -> ConversationRecord {
        let state = Conversation(id: id).json.text()
        try await store.write { tx in
            try tx.execute("DELETE FROM hub_conversation WHERE updated < ?", [.time(now - HubLimits.age)])
            try tx.execute(
                """
                DELETE FROM hub_conversation WHERE id IN (SELECT id FROM hub_conversation WHERE principal_id = ?
                ORDER BY updated DESC, id DESC LIMIT 1000000 OFFSET ?)
                """, [.text(principal), .integer(Int64(HubLimits.conversations - 1))])
            try tx.execute(
                "INSERT INTO hub_conversation (\(Self.columns), state) VALUES (?, ?, ?, ?, 0, ?)",
                [.text(id), .text(principal), .time(now), .time(now), .text(state)])
        }
        return ConversationRecord(id: id, principalID: principal, started: now, updated: now, messages: 0)
    }

    /// - Throws: `notFound` for one that is not there, is too old, or is another principal's.
    func find(_ id: String, of principal: String, at now: Timestamp) async throws -> (ConversationRecord, Conversation)
    {
        let row = try await store.read { tx in
            try tx.first(
                "SELECT \(Self.columns), state FROM hub_conversation WHERE id = ? AND principal_id = ? AND updated >= ?",
                [.text(id), .text(principal), .time(now - HubLimits.age)])
        }
        guard let row else {
            throw GatehouseError(
                "hub", .notFound, "there is no conversation \"\(PlainText.line(id, limit: 40))\" of yours",
                hint: "begin another")
        }
        guard let json = try? JSON.parse(try row.text("state")), let state = Conversation(json: json) else {
            throw GatehouseError(
                "hub", .corrupt, "the state of conversation \(id) cannot be read", hint: "begin another")
        }
        return (try Self.record(row), state)
    }

    func list(of principal: String, limit: Int, at now: Timestamp) async throws -> [ConversationRecord] {
        try await store.read { tx in
            try tx.query(
                """
                SELECT \(Self.columns) FROM hub_conversation WHERE principal_id = ? AND updated >= ?
                ORDER BY updated DESC, id DESC LIMIT ?
                """, [.text(principal), .time(now - HubLimits.age), Value(limit)]
            ).map(Self.record)
        }
    }

    private static func record(_ row: Row) throws -> ConversationRecord {
        ConversationRecord(
            id: try row.text("id"), principalID: try row.text("principal_id"), started: try row.time("started"),
            updated: try row.time("updated"), messages: try row.int("messages"))
    }

    // MARK: Messages

    /// What was said, with what the conversation is at then.
    func put(_ messages: [Message], _ state: Conversation, _ durability: Durability) async throws {
        guard let last = messages.last else { return }
        let json = state.json.text()
        try await store.write(durability) { tx in
            for message in messages {
                try tx.execute(
                    """
                    INSERT INTO hub_message (conversation_id, number, role, text, data, time) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    [
                        .text(state.id), Value(message.number), .text(message.role.rawValue), .text(message.text),
                        Value(message.data?.text()), .time(message.time),
                    ])
            }
            try tx.execute(
                "UPDATE hub_conversation SET state = ?, updated = ?, messages = ? WHERE id = ?",
                [.text(json), .time(last.time), Value(last.number), .text(state.id)])
        }
    }

    func messages(of conversation: String) async throws -> [Message] {
        try await store.read { tx in
            try tx.query(
                "SELECT number, role, text, data, time FROM hub_message WHERE conversation_id = ? ORDER BY number LIMIT ?",
                [.text(conversation), Value(HubLimits.messages)]
            ).map(Self.message)
        }
    }

    private static func message(_ row: Row) throws -> Message {
        guard let role = Message.Role(rawValue: try row.text("role")) else {
            throw GatehouseError("hub", .corrupt, "a message has the role \"\(try row.text("role").prefix(20))\"")
        }
        return Message(
            number: try row.int("number"), role: role, text: try row.text("text"),
            data: try row.optionalText("data").flatMap { try? JSON.parse($0) }, time: try row.time("time"))
    }

    // MARK: Habits

    func follow(_ former: String, _ latter: String, by principal: String) async throws {
        try await store.write(.relaxed) { tx in
            try tx.execute(
                """
                INSERT INTO hub_habit (principal_id, former, latter, times) VALUES (?, ?, ?, 1)
                ON CONFLICT (principal_id, former, latter) DO UPDATE SET times = hub_habit.times + 1
                """, [.text(principal), .text(former), .text(latter)])
        }
    }

    /// What followed more than once, the most frequent first.
    func followers(of intent: String, for principal: String) async throws -> [String] {
        try await store.read { tx in
            try tx.query(
                """
                SELECT latter FROM hub_habit WHERE principal_id = ? AND former = ? AND times > 1
                ORDER BY times DESC, latter LIMIT 5
                """, [.text(principal), .text(intent)]
            ).map { try $0.text("latter") }
        }
    }
}

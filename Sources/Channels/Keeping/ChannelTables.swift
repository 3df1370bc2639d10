import Core
import Store

/// What channels keep: what was taken and is not worked through, what is to be told, and who is who.
struct ChannelTables: Sendable {
    static let migrations = [
        Migration(
            id: "channels.001",
            steps: inbox + posts + [
                .createTable(
                    "channel_talks",
                    columns: [
                        .text("channel", .notNull), .text("lane", .notNull), .text("conversation", .notNull),
                        .time("updated", .notNull),
                    ], primaryKey: ["channel", "lane"]),
                .createTable(
                    "channel_codes",
                    columns: [
                        .text("code", .primaryKey), .text("channel", .notNull), .text("subject", .notNull),
                        .text("post", .notNull), .text("binding"), .text("account"), .integer("number"),
                        .time("expires", .notNull), .text("used_by"), .time("created", .notNull),
                    ]),
                .createIndex(on: "channel_codes", columns: ["channel", "post"]),
                .createTable(
                    "channel_strangers",
                    columns: [
                        .text("channel", .notNull), .text("account", .notNull), .time("told", .notNull),
                        .integer("times", .notNull), .time("last", .notNull),
                    ], primaryKey: ["channel", "account"]),
            ]),
        CallTable.migration,
    ]

    private static let inbox: [Migration.Step] = [
        .createTable(
            "channel_inbox",
            columns: [
                .sequence("sequence"), .text("id", .notNull, .unique), .text("channel", .notNull),
                .text("mark", .notNull), .text("digest", .notNull), .text("lane", .notNull), .json("body", .notNull),
                .text("state", .notNull), .integer("attempts", .notNull), .time("next", .notNull), .text("problem"),
                .text("conversation"), .integer("heard"), .json("answer"), .time("created", .notNull),
                .time("finished"),
            ], unique: [["channel", "mark"]]),
        .createIndex(on: "channel_inbox", columns: ["state", "next"]),
        .createIndex(on: "channel_inbox", columns: ["channel", "lane", "state"]),
    ]

    private static let posts: [Migration.Step] = [
        .createTable(
            "channel_posts",
            columns: [
                .sequence("sequence"), .text("channel", .notNull), .text("name", .notNull), .text("room", .notNull),
                .text("thread"), .text("parent"), .text("account"), .json("content", .notNull),
                .integer("revision", .notNull), .integer("sent", .notNull), .text("remote_room"), .text("remote"),
                .text("approval"), .text("severity"), .text("state", .notNull), .integer("attempts", .notNull),
                .time("next", .notNull), .text("problem"), .time("updated", .notNull),
            ], unique: [["channel", "name"]]),
        .createIndex(on: "channel_posts", columns: ["channel", "state", "next"]),
        .createIndex(on: "channel_posts", columns: ["state", "next"]),
        .createIndex(on: "channel_posts", columns: ["approval"]),
    ]

    /// Of one channel; more are turned away without a word.
    private static let mostStrangers = 10_000

    let store: Store

    // MARK: Conversations

    func conversation(_ channel: String, lane: String) async throws -> String? {
        try await store.read { tx in
            try tx.first(
                "SELECT conversation FROM channel_talks WHERE channel = ? AND lane = ?", [.text(channel), .text(lane)])?
                .text("conversation")
        }
    }

    func keep(_ conversation: String, _ channel: String, lane: String, at now: Timestamp) async throws {
        try await store.write { tx in
            _ = try tx.execute(
                """
                INSERT INTO channel_talks (channel, lane, conversation, updated) VALUES (?, ?, ?, ?)
                ON CONFLICT (channel, lane) DO UPDATE SET conversation = excluded.conversation,
                updated = excluded.updated
                """, [.text(channel), .text(lane), .text(conversation), .time(now)])
        }
    }

    // MARK: Strangers

    /// Notes that somebody spoke whom the house does not know.
    /// - Returns: whether they are to be told: once in so long.
    static func note(
        stranger user: String, of channel: String, every pause: Duration, at now: Timestamp, _ tx: Transaction
    ) throws -> Bool {
        let known = try tx.first(
            "SELECT told FROM channel_strangers WHERE channel = ? AND account = ?", [.text(channel), .text(user)])
        if known == nil {
            let all = try tx.first(
                "SELECT COUNT(*) AS n FROM channel_strangers WHERE channel = ?", [.text(channel)])
            guard try all?.int("n") ?? 0 < mostStrangers else { return false }
        }
        let told = try known?.time("told")
        let isDue = told.map { now - $0 >= pause } ?? true
        try tx.execute(
            """
            INSERT INTO channel_strangers (channel, account, told, times, last) VALUES (?, ?, ?, 1, ?)
            ON CONFLICT (channel, account) DO UPDATE SET told = excluded.told, last = excluded.last,
            times = channel_strangers.times + 1
            """, [.text(channel), .text(user), .time(isDue ? now : told ?? now), .time(now)])
        return isDue
    }

    // MARK: Sweeping

    /// Forgets what is over. Dead letters stay.
    /// - Parameter calls: those that began before and nobody can hold any more.
    func forget(before: Timestamp, calls: Timestamp) async throws {
        try await store.write { tx in
            try tx.execute("DELETE FROM channel_calls WHERE updated < ?", [.time(calls)])
            try tx.execute("DELETE FROM channel_wrong_pins WHERE time < ?", [.time(calls)])
            try tx.execute("DELETE FROM channel_inbox WHERE state = 'done' AND finished < ?", [.time(before)])
            try tx.execute(
                "DELETE FROM channel_posts WHERE state = 'sent' AND approval IS NULL AND updated < ?", [.time(before)])
            try tx.execute("DELETE FROM channel_codes WHERE expires < ?", [.time(before)])
            try tx.execute("DELETE FROM channel_talks WHERE updated < ?", [.time(before)])
            try tx.execute("DELETE FROM channel_strangers WHERE last < ?", [.time(before)])
        }
    }
}

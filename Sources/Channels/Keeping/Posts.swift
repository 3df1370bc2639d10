import Core
import JSON
import Store

/// The messages of the house's, as they should be: whoever sends them brings the channels to that.
struct Posts: Sendable {
    let store: Store

    /// Keeps a message, or a new content of one that is there. The same content again changes nothing.
    static func put(_ post: NewPost, at now: Timestamp, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO channel_posts (channel, name, room, thread, parent, account, content, revision, sent, approval,
            severity, state, attempts, next, updated) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, 'waiting', 0, ?, ?)
            ON CONFLICT (channel, name) DO UPDATE SET content = excluded.content, severity = excluded.severity,
            revision = channel_posts.revision + 1, state = 'waiting', attempts = 0, next = excluded.next,
            updated = excluded.updated WHERE channel_posts.content <> excluded.content
            """,
            [
                .text(post.channel), .text(post.name), .text(post.room), Value(post.thread), Value(post.parent),
                Value(post.user), .text(post.content.text()), Value(post.approval), Value(post.severity?.rawValue),
                .time(now), .time(now),
            ])
    }

    static func find(_ name: String, in channel: String, _ tx: Transaction) throws -> KeptPost? {
        try tx.first("SELECT * FROM channel_posts WHERE channel = ? AND name = ?", [.text(channel), .text(name)])
            .map { try KeptPost($0) }
    }

    /// The worst that it has told of.
    static func raise(_ name: String, in channel: String, to severity: Severity, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE channel_posts SET severity = ? WHERE channel = ? AND name = ?",
            [.text(severity.rawValue), .text(channel), .text(name)])
    }

    func find(_ name: String, in channel: String) async throws -> KeptPost? {
        try await store.read { tx in try Self.find(name, in: channel, tx) }
    }

    /// The oldest that is due in a channel.
    func due(in channel: String, at now: Timestamp) async throws -> KeptPost? {
        try await store.read { tx in
            try tx.first(
                """
                SELECT * FROM channel_posts WHERE channel = ? AND state = 'waiting' AND next <= ?
                ORDER BY sequence LIMIT 1
                """, [.text(channel), .time(now)]
            ).map { try KeptPost($0) }
        }
    }

    func nextDue(after now: Timestamp) async throws -> Timestamp? {
        try await store.read { tx in
            try tx.first(
                "SELECT MIN(next) AS next FROM channel_posts WHERE state = 'waiting' AND next > ?", [.time(now)])?
                .optionalTime("next")
        }
    }

    /// Messages about approvals of which something may still change.
    func openApprovals(limit: Int) async throws -> [KeptPost] {
        try await store.read { tx in
            try tx.query(
                "SELECT * FROM channel_posts WHERE approval IS NOT NULL ORDER BY sequence LIMIT ?", [Value(limit)]
            ).map { try KeptPost($0) }
        }
    }

    /// Nothing will change about it any more.
    static func settle(_ post: KeptPost, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE channel_posts SET approval = NULL WHERE channel = ? AND name = ?",
            [.text(post.channel), .text(post.name)])
    }

    // MARK: What becomes of them

    func delivered(_ post: KeptPost, room: String?, remote: String?) async throws {
        try await change(
            """
            UPDATE channel_posts SET sent = ?, remote_room = COALESCE(?, remote_room), remote = COALESCE(?, remote),
            attempts = 0, problem = NULL, state = CASE WHEN revision = ? THEN 'sent' ELSE 'waiting' END
            WHERE channel = ? AND name = ?
            """,
            [
                Value(post.revision), Value(room), Value(remote), Value(post.revision), .text(post.channel),
                .text(post.name),
            ])
    }

    func failed(_ post: KeptPost, why: String, next: Timestamp) async throws {
        try await change(
            """
            UPDATE channel_posts SET attempts = attempts + 1, problem = ?, next = ?
            WHERE channel = ? AND name = ? AND state = 'waiting'
            """, [.text(why), .time(next), .text(post.channel), .text(post.name)])
    }

    func gaveUp(_ post: KeptPost, why: String) async throws {
        try await change(
            """
            UPDATE channel_posts SET state = 'dead', attempts = attempts + 1, problem = ?
            WHERE channel = ? AND name = ? AND revision = ?
            """, [.text(why), .text(post.channel), .text(post.name), Value(post.revision)])
    }

    /// What waits for channels that are not there any more is never sent.
    func giveUp(exceptIn channels: Set<String>) async throws {
        try await store.write { tx in
            let waiting = try tx.query("SELECT DISTINCT channel FROM channel_posts WHERE state = 'waiting'")
            for name in try waiting.map({ try $0.text("channel") }) where !channels.contains(name) {
                try tx.execute(
                    "UPDATE channel_posts SET state = 'dead', problem = ? WHERE channel = ? AND state = 'waiting'",
                    ["the channel is not configured any more", .text(name)])
            }
        }
    }

    private func change(_ sql: String, _ arguments: [Value]) async throws {
        try await store.write { tx in _ = try tx.execute(sql, arguments) }
    }
}

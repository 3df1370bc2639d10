import Core
import Store

/// Requests that hooks have taken: none is taken twice, not even after a restart.
struct HookTable: Sendable {
    static let migrations = [
        Migration(
            id: "hooks.001",
            steps: [
                .createTable(
                    "workflow_hooks", columns: [.text("digest", .primaryKey), .integer("taken", .notNull)])
            ])
    ]

    /// Longer than a signature with a time is good for; GitHub's have none, and its senders give up long before.
    private static let kept = Duration.seconds(90 * 86_400)

    let store: Store

    /// Whether it is taken now, and had not been before.
    func take(_ digest: String, at now: Timestamp) async throws -> Bool {
        try await store.write { tx in
            try tx.execute("DELETE FROM workflow_hooks WHERE taken < ?", [.time(now - Self.kept)])
            let sql = "INSERT INTO workflow_hooks (digest, taken) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"
            return try tx.execute(sql, [.text(digest), .time(now)]) == 1
        }
    }

    func release(_ digest: String) async throws {
        try await store.write { tx in
            try tx.execute("DELETE FROM workflow_hooks WHERE digest = ?", [.text(digest)])
        }
    }
}

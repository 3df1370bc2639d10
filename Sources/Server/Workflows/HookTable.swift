import Core
import Store
import Synchronization

/// Requests that hooks have taken: none is delivered twice, not even after a restart.
final class HookTable: Sendable {
    static let migrations = [
        Migration(
            id: "hooks.001",
            steps: [
                .createTable(
                    "workflow_hooks", columns: [.text("digest", .primaryKey), .integer("taken", .notNull)])
            ]),
        Migration(
            id: "hooks.002",
            steps: [.addColumn(.bool("delivered", .notNull, .defaultValue(.bool(true))), to: "workflow_hooks")]),
    ]

    /// Longer than a signature with a time is good for; GitHub's have none, and its senders give up long before.
    private static let kept = Duration.seconds(90 * 86_400)

    private let store: Store
    private let underWay = Mutex<Set<String>>([])

    init(store: Store) { self.store = store }

    /// Delivers a request, unless it was delivered before. What ended in between, with a failure or with the process, is
    /// delivered when its sender tries again.
    ///
    /// - Parameter deliver: is given the time of the first try, which with the digest says what was begun then.
    /// - Throws: `conflict` for one that was delivered, or is being delivered; what `deliver` throws.
    func once<Answer: Sendable>(
        _ digest: String, at now: Timestamp, _ deliver: (Timestamp) async throws -> Answer
    ) async throws -> Answer {
        guard underWay.withLock({ $0.insert(digest).inserted }) else { throw Self.replay }
        defer { _ = underWay.withLock { $0.remove(digest) } }
        guard let first = try await take(digest, at: now) else { throw Self.replay }
        let answer = try await deliver(first)
        try await store.write { tx in
            try tx.execute("UPDATE workflow_hooks SET delivered = ? WHERE digest = ?", [.bool(true), .text(digest)])
        }
        return answer
    }

    /// When it was first taken; nil where it was delivered.
    private func take(_ digest: String, at now: Timestamp) async throws -> Timestamp? {
        try await store.write { tx in
            try tx.execute("DELETE FROM workflow_hooks WHERE taken < ?", [.time(now - Self.kept)])
            let sql =
                "INSERT INTO workflow_hooks (digest, taken, delivered) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING"
            if try tx.execute(sql, [.text(digest), .time(now), .bool(false)]) == 1 { return now }
            let row = try tx.first("SELECT taken, delivered FROM workflow_hooks WHERE digest = ?", [.text(digest)])
            return try row.flatMap { try $0.bool("delivered") ? nil : $0.time("taken") }
        }
    }

    private static var replay: GatehouseError { GatehouseError("hooks", .conflict, "this request was taken before") }
}

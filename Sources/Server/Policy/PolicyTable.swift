import Core
import JSON
import Policy
import Rego
import Store

/// Modules and data that were put over the API, so that the next start has them.
struct PolicyTable: Sendable {
    static let migrations = [
        Migration(
            id: "policy.001",
            steps: [
                .createTable(
                    "policy_modules",
                    columns: [.text("id", .primaryKey), .blob("text", .notNull), .time("changed", .notNull)]),
                .createTable(
                    "policy_data",
                    columns: [.text("id", .primaryKey), .blob("document", .notNull), .time("changed", .notNull)]),
            ])
    ]
    private static let whole = "data"

    let store: Store
    let clock: any WallClock

    struct Kept: Sendable {
        var modules: [String: [UInt8]]
        var data: RegoValue
    }

    func load() throws -> Kept {
        try store.readBlocking { tx in
            var modules: [String: [UInt8]] = [:]
            for row in try tx.query("SELECT id, text FROM policy_modules") {
                modules[try row.text("id")] = try row.blob("text")
            }
            let row = try tx.first("SELECT document FROM policy_data WHERE id = ?", [.text(Self.whole)])
            let data = try row.map { try RegoValue(parsing: try $0.blob("document"), limits: Self.limits) }
            return Kept(modules: modules, data: data ?? .object(RegoObject()))
        }
    }

    /// Keeps the module as it is in force when its turn comes: of two changes at once the later one stays in both places.
    func keep(module id: String, of policy: PolicyStore) async throws {
        let now = clock.now()
        try await store.write { tx in
            guard let module = policy.own.modules[id] else {
                try tx.execute("DELETE FROM policy_modules WHERE id = ?", [.text(id)])
                return
            }
            try tx.execute(
                """
                INSERT INTO policy_modules (id, text, changed) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET text = excluded.text, changed = excluded.changed
                """, [.text(id), .blob(module.text), .time(now)])
        }
    }

    /// See ``keep(module:of:)``.
    func keepData(of policy: PolicyStore) async throws {
        let now = clock.now()
        try await store.write { tx in
            try tx.execute(
                """
                INSERT INTO policy_data (id, document, changed) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET document = excluded.document, changed = excluded.changed
                """, [.text(Self.whole), .blob(policy.own.data.json.bytes()), .time(now)])
        }
    }

    private static let limits = JSON.Limits(bytes: 256 << 20, depth: 300, values: 20_000_000)
}

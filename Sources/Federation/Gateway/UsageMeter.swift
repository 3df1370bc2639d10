public import Core
import Logging
import Store
import Synchronization

/// Who uses what, how often and when last. Counted in memory, and written to the store from time to time: what was counted
/// since is lost with a crash. The record has all of it.
public final class UsageMeter: Sendable {
    public struct Key: Sendable, Hashable {
        public var item: Pin.Key
        public var principal: String
    }

    public struct Use: Sendable, Hashable {
        public var calls = 0
        public var last: Timestamp
        /// Not in the store yet.
        var isUnsaved = false

        init(calls: Int = 0, last: Timestamp) {
            self.calls = calls
            self.last = last
        }
    }

    static let migrations = [
        Migration(
            id: "mcp.003",
            steps: [
                .createTable(
                    "mcp_uses",
                    columns: [
                        .text("kind", .notNull), .text("server", .notNull), .text("name", .notNull),
                        .text("principal", .notNull), .integer("calls", .notNull), .time("last", .notNull),
                    ], primaryKey: ["kind", "server", "name", "principal"])
            ])
    ]

    /// Beyond these, further principals are not told apart.
    private static let most = 100_000
    private static let interval = Duration.seconds(15)

    private let store: Store
    private let uses: Mutex<[Key: Use]>

    init(_ store: Store) throws {
        self.store = store
        uses = Mutex(try store.readBlocking { try Self.load($0) })
    }

    func count(_ item: Pin.Key, by principal: String, at time: Timestamp) {
        uses.withLock { uses in
            let key = Key(item: item, principal: uses.count < Self.most ? principal : "")
            Self.count(&uses[key, default: Use(last: time)], time)
        }
    }

    private static func count(_ use: inout Use, _ time: Timestamp) {
        use.calls += 1
        use.last = max(use.last, time)
        use.isUnsaved = true
    }

    public var all: [Key: Use] { uses.withLock { $0 } }

    // MARK: In the store

    /// Until the task is cancelled.
    func run(logger: Logger) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            await save(logger: logger)
        }
    }

    /// Writes what was counted since it was last written. Where that fails, it is tried again the next time.
    func save(logger: Logger) async {
        let unsaved = uses.withLock { uses in
            let unsaved = uses.filter(\.value.isUnsaved)
            for key in unsaved.keys { uses[key]?.isUnsaved = false }
            return unsaved
        }
        guard !unsaved.isEmpty else { return }
        do {
            try await store.write { tx in
                for (key, use) in unsaved { try Self.put(key, use, tx) }
            }
        } catch {
            uses.withLock { uses in
                for key in unsaved.keys { uses[key]?.isUnsaved = true }
            }
            logger.warning("who uses which MCP tool could not be kept", metadata: ["error": "\(error)"])
        }
    }

    private static func put(_ key: Key, _ use: Use, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO mcp_uses (kind, server, name, principal, calls, last) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, server, name, principal) DO UPDATE SET calls = excluded.calls, last = excluded.last
            """,
            [
                .text(key.item.kind.rawValue), .text(key.item.server), .text(key.item.name), .text(key.principal),
                .integer(Int64(use.calls)), .time(use.last),
            ])
    }

    private static func load(_ tx: Transaction) throws -> [Key: Use] {
        var uses: [Key: Use] = [:]
        for row in try tx.query("SELECT kind, server, name, principal, calls, last FROM mcp_uses") {
            guard let kind = ItemKind(rawValue: try row.text("kind")) else { continue }
            let item = Pin.Key(kind: kind, server: try row.text("server"), name: try row.text("name"))
            uses[Key(item: item, principal: try row.text("principal"))] = Use(
                calls: try row.int("calls"), last: try row.time("last"))
        }
        return uses
    }
}

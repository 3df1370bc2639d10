import Core
import Gate
import JSON
import Store
import Synchronization

/// The pins, in the store and in memory.
final class PinTable: Sendable {
    static let migrations = [
        Migration(
            id: "mcp.001",
            steps: [
                .createTable(
                    "mcp_pins",
                    columns: [
                        .text("server", .notNull), .text("tool", .notNull), .blob("definition", .notNull),
                        .text("effect", .notNull), .text("action", .notNull), .time("time", .notNull),
                    ], primaryKey: ["server", "tool"])
            ]),
        // Prompts and resources have pins, too.
        Migration(
            id: "mcp.002",
            steps: [
                .createTable(
                    "mcp_agreed",
                    columns: [
                        .text("kind", .notNull), .text("server", .notNull), .text("name", .notNull),
                        .blob("definition", .notNull), .text("effect", .notNull), .text("action", .notNull),
                        .time("time", .notNull),
                    ], primaryKey: ["kind", "server", "name"]),
                .update(
                    """
                    INSERT INTO mcp_agreed (kind, server, name, definition, effect, action, time)
                    SELECT 'tool', server, tool, definition, effect, action, time FROM mcp_pins
                    """),
                .drop(table: "mcp_pins"),
            ]),
    ]

    private let store: Store
    private let pins: Mutex<[Pin.Key: Pin]>

    init(_ store: Store) throws {
        self.store = store
        pins = Mutex(try Self.load(store))
    }

    var all: [Pin.Key: Pin] { pins.withLock { $0 } }

    subscript(key: Pin.Key) -> Pin? { pins.withLock { $0[key] } }

    func put(_ new: [Pin]) async throws {
        try await store.write { tx in
            for pin in new {
                try tx.execute(
                    """
                    INSERT INTO mcp_agreed (kind, server, name, definition, effect, action, time)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (kind, server, name) DO UPDATE SET definition = excluded.definition,
                    effect = excluded.effect, action = excluded.action, time = excluded.time
                    """,
                    [
                        .text(pin.key.kind.rawValue), .text(pin.key.server), .text(pin.key.name),
                        .blob(pin.definition.json.bytes()),
                        .text(pin.effect.rawValue), .text(pin.action), .time(pin.time),
                    ])
            }
        }
        pins.withLock { pins in
            for pin in new { pins[pin.key] = pin }
        }
    }

    func remove(_ keys: [Pin.Key]) async throws {
        try await store.write { tx in
            for key in keys {
                try tx.execute(
                    "DELETE FROM mcp_agreed WHERE kind = ? AND server = ? AND name = ?",
                    [.text(key.kind.rawValue), .text(key.server), .text(key.name)])
            }
        }
        pins.withLock { pins in
            for key in keys { pins[key] = nil }
        }
    }

    private static func load(_ store: Store) throws -> [Pin.Key: Pin] {
        try store.readBlocking { tx in
            var pins: [Pin.Key: Pin] = [:]
            for row in try tx.query("SELECT kind, server, name, definition, effect, action, time FROM mcp_agreed") {
                let pin = try pin(row)
                pins[pin.key] = pin
            }
            return pins
        }
    }

    private static func pin(_ row: Row) throws -> Pin {
        let (server, name) = (try row.text("server"), try row.text("name"))
        guard let kind = ItemKind(rawValue: try row.text("kind")),
            let json = try? JSON.parse(try row.blob("definition")),
            let effect = Effect(rawValue: try row.text("effect"))
        else {
            throw GatehouseError("mcp", .corrupt, "what was agreed to of \(server)/\(name) cannot be read")
        }
        let definition = try Definition(kind, server: server, name: name, json)
        return Pin(
            key: definition.key, definition: definition, effect: effect, action: try row.text("action"),
            time: try row.time("time"))
    }
}

import Core
import Gate
import JSON
public import Store
import Synchronization

/// The pins, in the store and in memory.
public final class PinTable: Sendable {
    public static let migrations = [
        Migration(
            id: "mcp.001",
            steps: [
                .createTable(
                    "mcp_pins",
                    columns: [
                        .text("server", .notNull), .text("tool", .notNull), .blob("definition", .notNull),
                        .text("effect", .notNull), .text("action", .notNull), .time("time", .notNull),
                    ], primaryKey: ["server", "tool"])
            ])
    ]

    private let store: Store
    private let pins: Mutex<[Pin.Key: Pin]>

    public init(_ store: Store) throws {
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
                    INSERT INTO mcp_pins (server, tool, definition, effect, action, time) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (server, tool) DO UPDATE SET definition = excluded.definition, effect = excluded.effect,
                    action = excluded.action, time = excluded.time
                    """,
                    [
                        .text(pin.key.server), .text(pin.key.tool), .blob(pin.definition.json.bytes()),
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
                    "DELETE FROM mcp_pins WHERE server = ? AND tool = ?", [.text(key.server), .text(key.tool)])
            }
        }
        pins.withLock { pins in
            for key in keys { pins[key] = nil }
        }
    }

    private static func load(_ store: Store) throws -> [Pin.Key: Pin] {
        try store.readBlocking { tx in
            var pins: [Pin.Key: Pin] = [:]
            for row in try tx.query("SELECT server, tool, definition, effect, action, time FROM mcp_pins") {
                let pin = try pin(row)
                pins[pin.key] = pin
            }
            return pins
        }
    }

    private static func pin(_ row: Row) throws -> Pin {
        let key = Pin.Key(server: try row.text("server"), tool: try row.text("tool"))
        guard let json = try? JSON.parse(try row.blob("definition")),
            let effect = Effect(rawValue: try row.text("effect"))
        else {
            throw GatehouseError("mcp", .corrupt, "the pin of \(key.server)/\(key.tool) cannot be read")
        }
        return Pin(
            key: key, definition: try Definition(server: key.server, tool: key.tool, json), effect: effect,
            action: try row.text("action"), time: try row.time("time"))
    }
}

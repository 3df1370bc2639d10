public import Core
import Store

/// The advisories that were imported, in a database of their own: it can be thrown away and made anew, and no backup
/// need hold it. Opened when it is first asked.
public final class AdvisoryDatabase: Sendable {
    let clock: any WallClock
    private let kept: LateStore

    /// - Parameter path: of the file, which is made when something is imported.
    public init(path: String, clock: any WallClock = SystemWallClock()) {
        self.clock = clock
        kept = LateStore(path: path, migrations: Self.migrations, clock: clock)
    }

    /// By the ecosystem's name. None where nothing was ever imported.
    public func feeds() async throws -> [AdvisoryFeed] {
        try await store().read { tx in
            try tx.query("SELECT * FROM advisory_feeds ORDER BY ecosystem").map(AdvisoryFeed.init)
        }
    }

    public func close() throws { try kept.close() }

    func store() throws -> Store { try kept.store() }

    private static let migrations: [Migration] = [
        Migration(
            id: "advisories.001",
            steps: [
                .createTable(
                    "advisory_feeds",
                    columns: [
                        .text("ecosystem", .primaryKey), .text("source", .notNull), .time("as_of", .notNull),
                        .time("imported", .notNull), .integer("advisories", .notNull), .integer("packages", .notNull),
                        .integer("unreadable", .notNull), .integer("generation", .notNull),
                    ]),
                .createTable(
                    "advisories",
                    columns: [.integer("generation", .notNull), .text("id", .notNull), .json("document", .notNull)],
                    primaryKey: ["generation", "id"]),
                .createTable(
                    "advisory_packages",
                    columns: [
                        .integer("generation", .notNull), .text("ecosystem", .notNull), .text("name", .notNull),
                        .text("advisory", .notNull), .json("affected", .notNull),
                    ]),
                .createIndex(on: "advisory_packages", columns: ["generation", "ecosystem", "name"]),
            ])
    ]
}

extension AdvisoryFeed {
    init(_ row: Row) throws {
        self.init(
            ecosystem: try row.text("ecosystem"), source: try row.text("source"), asOf: try row.time("as_of"),
            imported: try row.time("imported"), advisories: try row.int("advisories"),
            packages: try row.int("packages"), unreadable: try row.int("unreadable"),
            generation: try row.int("generation"))
    }
}

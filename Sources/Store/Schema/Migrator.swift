import Core

/// Brings a database to the schema that this build knows, or refuses to touch it. All of it is one transaction: a
/// migration that fails leaves the database as it was.
enum Migrator {
    private static let journal = Migration.Step.createTable(
        "store_migrations",
        columns: [
            .text("id", .primaryKey), .integer("position", .notNull), .text("definition", .notNull),
            .time("applied_at", .notNull),
        ])

    static func apply(_ migrations: [Migration], on statements: any StatementRunner, at time: Timestamp) throws {
        try checkIDs(migrations)
        if try !statements.hasTable("store_migrations") { try statements.apply(journal) }
        let applied = try applied(statements)
        try checkHistory(applied, migrations)
        let known = Set(applied.map(\.id))
        for (position, migration) in migrations.enumerated() where !known.contains(migration.id) {
            do {
                for step in migration.steps { try statements.apply(step) }
            } catch {
                throw GatehouseError(
                    "store", .internal, "migration \(migration.id) failed; nothing was changed", from: error)
            }
            _ = try statements.execute(
                "INSERT INTO store_migrations (id, position, definition, applied_at) VALUES (?, ?, ?, ?)",
                [.text(migration.id), Value(position), .text(SchemaText.of(migration)), .time(time)])
        }
    }

    private struct Applied {
        let id: String
        let definition: String
        let time: Timestamp
    }

    private static func applied(_ statements: any StatementRunner) throws -> [Applied] {
        var applied: [Applied] = []
        try statements.query("SELECT id, definition, applied_at FROM store_migrations ORDER BY position, id", []) {
            row in
            applied.append(
                Applied(
                    id: try row.text("id"), definition: try row.text("definition"), time: try row.time("applied_at")))
            return true
        }
        return applied
    }

    private static func checkIDs(_ migrations: [Migration]) throws {
        var seen: Set<String> = []
        for migration in migrations {
            let valid = migration.id.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e
            }
            guard valid, migration.id.contains("."), seen.insert(migration.id).inserted else {
                throw GatehouseError(
                    "store", .internal, "migration id \"\(migration.id)\" is registered twice or malformed",
                    hint: "use the room, a point and a number: gate.001")
            }
        }
    }

    /// Every applied migration is known and unchanged, and no room has a gap in what was applied.
    private static func checkHistory(_ applied: [Applied], _ migrations: [Migration]) throws {
        let registered = Dictionary(uniqueKeysWithValues: migrations.map { ($0.id, $0) })
        for entry in applied {
            guard let migration = registered[entry.id] else {
                throw GatehouseError(
                    "store", .conflict,
                    "migration \(entry.id), applied at \(entry.time), is not known to this version",
                    hint: "it was written by a newer version: install that one, or restore a backup from before it")
            }
            let now = SchemaText.of(migration)
            guard now == entry.definition else {
                throw GatehouseError(
                    "store", .conflict, "migration \(entry.id) differs from what was applied at \(entry.time)",
                    cause: difference(entry.definition, now),
                    hint:
                        "run the version that wrote this database; a released migration is never edited, add a new one")
            }
        }
        try checkOrder(Set(applied.map(\.id)), migrations)
    }

    private static func checkOrder(_ applied: Set<String>, _ migrations: [Migration]) throws {
        var firstPending: [Substring: String] = [:]
        for migration in migrations {
            let room = migration.id.prefix { $0 != "." }
            if !applied.contains(migration.id) {
                if firstPending[room] == nil { firstPending[room] = migration.id }
            } else if let pending = firstPending[room] {
                throw GatehouseError(
                    "store", .conflict, "migration \(pending) was never applied, yet the later \(migration.id) was",
                    hint: "give the new migration a number after \(migration.id)")
            }
        }
    }

    private static func difference(_ old: String, _ new: String) -> String {
        let before = old.split(separator: "\n", omittingEmptySubsequences: false)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in before.enumerated() where index >= after.count || after[index] != line {
            let now = index < after.count ? after[index].prefix(200) : "absent"
            return "step \(index + 1) was \"\(line.prefix(200))\" and is \"\(now)\""
        }
        return "step \(before.count + 1) is new"
    }
}

import Core
import JSON
import Store

/// Principals, keys, sign-ins and stops on disk. Of every credential only the keyed hash.
enum IdentityRows {
    static let migrations = [
        Migration(
            id: "identity.001",
            steps: [
                .createTable(
                    "gate_principals",
                    columns: [
                        .text("id", .primaryKey), .text("kind", .notNull), .text("name", .notNull),
                        .json("roles", .notNull),
                        .time("created", .notNull),
                    ]),
                .createTable(
                    "gate_keys",
                    columns: [
                        .text("id", .primaryKey),
                        .reference("principal", to: "gate_principals", .notNull, onDelete: .cascade),
                        .text("name", .notNull),
                        .blob("digest", .notNull), .time("created", .notNull), .time("expires"), .time("last_used"),
                        .time("revoked"),
                        // The action that made it, where one did.
                        .text("origin"),
                    ]),
                .createIndex(on: "gate_keys", columns: ["principal"]),
                .createTable(
                    "gate_sign_in_links",
                    columns: [.blob("digest", .primaryKey), .text("principal", .notNull), .time("expires", .notNull)]),
                .createTable(
                    "gate_sign_ins",
                    columns: [
                        .blob("digest", .primaryKey), .text("principal", .notNull), .time("started", .notNull),
                        .time("last_seen", .notNull),
                    ]),
                .createTable(
                    "gate_stops",
                    columns: [
                        .text("principal", .primaryKey), .text("reason", .notNull), .time("stopped", .notNull),
                        .time("revived"),
                    ]),
            ])
    ]

    // MARK: Reading

    static func load(_ tx: Transaction) throws -> Directory {
        var directory = Directory()
        for row in try tx.query("SELECT * FROM gate_principals") { directory.add(try principal(row)) }
        for row in try tx.query("SELECT * FROM gate_keys") { directory.add(try key(row)) }
        for row in try tx.query("SELECT * FROM gate_sign_in_links") {
            let link = Directory.Link(principalID: try row.text("principal"), expires: try row.time("expires"))
            directory.add(link, try digest(row))
        }
        for row in try tx.query("SELECT * FROM gate_sign_ins") {
            let signIn = Directory.SignIn(
                principalID: try row.text("principal"), started: try row.time("started"),
                lastSeen: try row.time("last_seen"))
            directory.add(signIn, cookie: try digest(row))
        }
        for row in try tx.query("SELECT * FROM gate_stops") {
            let stop = StoppedPrincipal(
                principalID: try row.text("principal"), reason: try row.text("reason"), time: try row.time("stopped"))
            directory.restoreStop(stop, revived: try !row.isNull("revived"))
        }
        return directory
    }

    private static func principal(_ row: Row) throws -> Principal {
        let id = try row.text("id")
        guard let kind = Principal.Kind(rawValue: try row.text("kind")),
            let roles = try? JSON.parse(try row.text("roles")).array?.compactMap(\.string)
        else { throw GatehouseError("gate", .corrupt, "principal \(id) cannot be read from the store") }
        return Principal(id: id, kind: kind, name: try row.text("name"), roles: Set(roles))
    }

    private static func key(_ row: Row) throws -> Directory.Key {
        Directory.Key(
            id: try row.text("id"), principalID: try row.text("principal"), name: try row.text("name"),
            digest: try digest(row), origin: try row.optionalText("origin"), created: try row.time("created"),
            expires: try row.optionalTime("expires"), lastUsed: try row.optionalTime("last_used"),
            revoked: try row.optionalTime("revoked"))
    }

    private static func digest(_ row: Row) throws -> Digest256 {
        guard let digest = Digest256(try row.blob("digest")) else {
            throw GatehouseError("gate", .corrupt, "the hash of a credential in the store is not 32 bytes long")
        }
        return digest
    }

    // MARK: Writing

    static func insert(_ principal: Principal, at now: Timestamp, _ tx: Transaction) throws {
        let roles = JSON.array(principal.roles.sorted().map { .string($0) }).text()
        try tx.execute(
            "INSERT INTO gate_principals (id, kind, name, roles, created) VALUES (?, ?, ?, ?, ?)",
            [.text(principal.id), .text(principal.kind.rawValue), .text(principal.name), .text(roles), .time(now)])
    }

    static func remove(principal id: String, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM gate_sign_ins WHERE principal = ?", [.text(id)])
        try tx.execute("DELETE FROM gate_sign_in_links WHERE principal = ?", [.text(id)])
        try tx.execute("DELETE FROM gate_principals WHERE id = ?", [.text(id)])
    }

    static func insert(_ key: Directory.Key, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO gate_keys (id, principal, name, digest, created, expires, origin)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(key.id), .text(key.principalID), .text(key.name), .blob(key.digest.bytes), .time(key.created),
                Value(key.expires), Value(key.origin),
            ])
    }

    static func revoke(key id: String, at time: Timestamp, _ tx: Transaction) throws {
        try tx.execute("UPDATE gate_keys SET revoked = ? WHERE id = ? AND revoked IS NULL", [.time(time), .text(id)])
    }

    static func insert(_ link: Directory.Link, _ token: Digest256, now: Timestamp, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM gate_sign_in_links WHERE expires <= ?", [.time(now)])
        try tx.execute(
            "INSERT INTO gate_sign_in_links (digest, principal, expires) VALUES (?, ?, ?)",
            [.blob(token.bytes), .text(link.principalID), .time(link.expires)])
    }

    /// The link becomes a sign-in; it must be there still.
    static func exchange(
        _ link: Digest256, for signIn: Directory.SignIn, cookie: Digest256, _ tx: Transaction
    ) throws -> Bool {
        guard try tx.execute("DELETE FROM gate_sign_in_links WHERE digest = ?", [.blob(link.bytes)]) == 1 else {
            return false
        }
        try tx.execute(
            "INSERT INTO gate_sign_ins (digest, principal, started, last_seen) VALUES (?, ?, ?, ?)",
            [.blob(cookie.bytes), .text(signIn.principalID), .time(signIn.started), .time(signIn.lastSeen)])
        return true
    }

    static func stop(_ stop: StoppedPrincipal, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO gate_stops (principal, reason, stopped) VALUES (?, ?, ?) ON CONFLICT (principal) DO UPDATE SET
            reason = excluded.reason, stopped = excluded.stopped, revived = NULL
            """, [.text(stop.principalID), .text(stop.reason), .time(stop.time)])
        try tx.execute(
            "UPDATE gate_keys SET revoked = ? WHERE principal = ? AND revoked IS NULL",
            [.time(stop.time), .text(stop.principalID)])
        try tx.execute("DELETE FROM gate_sign_ins WHERE principal = ?", [.text(stop.principalID)])
        try tx.execute("DELETE FROM gate_sign_in_links WHERE principal = ?", [.text(stop.principalID)])
    }

    static func revive(_ principalID: String, at now: Timestamp, _ tx: Transaction) throws {
        try tx.execute("UPDATE gate_stops SET revived = ? WHERE principal = ?", [.time(now), .text(principalID)])
    }

    static func save(_ uses: Directory.Uses, _ tx: Transaction) throws {
        for (id, time) in uses.keys {
            try tx.execute("UPDATE gate_keys SET last_used = ? WHERE id = ?", [.time(time), .text(id)])
        }
        for (cookie, time) in uses.signIns {
            try tx.execute(
                "UPDATE gate_sign_ins SET last_seen = ? WHERE digest = ?", [.time(time), .blob(cookie.bytes)])
        }
        for cookie in uses.endedSignIns {
            try tx.execute("DELETE FROM gate_sign_ins WHERE digest = ?", [.blob(cookie.bytes)])
        }
    }
}

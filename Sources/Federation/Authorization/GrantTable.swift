import Core
import Crypto
import JSON
import MCP
import Store

/// What persons have let the gateway do at servers for them, and who it is to those who authorize: in the store, sealed.
///
/// AES-GCM with a key of its own (HKDF over the house's), bound to the row it stands in: what is read from the database
/// alone is of no use, nor is a row that was put in another's place.
final class GrantTable: TokenStore {
    static let migrations = [
        Migration(
            id: "mcp.004",
            steps: [
                .createTable(
                    "mcp_grants",
                    columns: [.text("holder", .notNull), .text("resource", .notNull), .blob("sealed", .notNull)],
                    primaryKey: ["holder", "resource"]),
                .createTable("mcp_clients", columns: [.text("issuer", .primaryKey), .blob("sealed", .notNull)]),
            ])
    ]

    private let store: Store
    private let key: SymmetricKey

    /// - Parameter secretKey: the house's.
    init(_ store: Store, secretKey: [UInt8]) {
        self.store = store
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secretKey), info: Array("gatehouse mcp grants".utf8),
            outputByteCount: 32)
    }

    // MARK: Grants

    func grant(for key: GrantKey) async throws -> Grant? {
        let values: [Value] = [.text(key.user), .text(key.server.text)]
        let sealed = try await store.read { tx in
            try tx.query("SELECT sealed FROM mcp_grants WHERE holder = ? AND resource = ?", values).first?.blob(
                "sealed")
        }
        return try sealed.map { try Grant(exported: open($0, Self.place(key))) } ?? nil
    }

    func keep(_ grant: Grant?, for key: GrantKey) async throws {
        let place: [Value] = [.text(key.user), .text(key.server.text)]
        guard let grant else {
            try await store.write { tx in
                try tx.execute("DELETE FROM mcp_grants WHERE holder = ? AND resource = ?", place)
            }
            return
        }
        let sealed = try seal(grant.exported(), Self.place(key))
        try await store.write { tx in
            try tx.execute(
                """
                INSERT INTO mcp_grants (holder, resource, sealed) VALUES (?, ?, ?)
                ON CONFLICT (holder, resource) DO UPDATE SET sealed = excluded.sealed
                """, place + [.blob(sealed)])
        }
    }

    /// Those who have authorized the gateway at a server.
    func users(at server: ResourceIdentifier) async throws -> [String] {
        try await store.read { tx in
            try tx.query("SELECT holder FROM mcp_grants WHERE resource = ? ORDER BY holder", [.text(server.text)]).map {
                try $0.text("holder")
            }
        }
    }

    // MARK: Identities

    func identity(at issuer: String) async throws -> OAuthIdentity? {
        let sealed = try await store.read { tx in
            try tx.query("SELECT sealed FROM mcp_clients WHERE issuer = ?", [.text(issuer)]).first?.blob("sealed")
        }
        guard let sealed else { return nil }
        let json = try open(sealed, ["client", issuer])
        guard let id = json["id"]?.string else { return nil }
        return OAuthIdentity(
            clientID: id, clientSecret: json["secret"]?.string.map { Secret($0) }, method: json["method"]?.string)
    }

    func keep(_ identity: OAuthIdentity, at issuer: String) async throws {
        var json: JSON = ["id": .string(identity.clientID)]
        if let secret = identity.clientSecret { json["secret"] = .string(secret.expose()) }
        if let method = identity.method { json["method"] = .string(method) }
        let sealed = try seal(json, ["client", issuer])
        try await store.write { tx in
            try tx.execute(
                """
                INSERT INTO mcp_clients (issuer, sealed) VALUES (?, ?)
                ON CONFLICT (issuer) DO UPDATE SET sealed = excluded.sealed
                """, [.text(issuer), .blob(sealed)])
        }
    }

    // MARK: Sealing

    private static func place(_ key: GrantKey) -> [String] { ["grant", key.user, key.server.text] }

    private func seal(_ json: JSON, _ place: [String]) throws -> [UInt8] {
        let box = try AES.GCM.seal(json.bytes(), using: key, authenticating: Self.bound(place))
        guard let combined = box.combined else { throw unreadable }
        return Array(combined)
    }

    private func open(_ sealed: [UInt8], _ place: [String]) throws -> JSON {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return try JSON.parse(Array(try AES.GCM.open(box, using: key, authenticating: Self.bound(place))))
        } catch { throw unreadable }
    }

    /// With their lengths, so that nothing can be moved from one to the next.
    private static func bound(_ place: [String]) -> [UInt8] {
        place.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
    }

    private var unreadable: GatehouseError {
        GatehouseError(
            "mcp", .corrupt, "an authorization at an MCP server cannot be opened",
            hint: "sign in to the server again: gatehouse mcp login")
    }
}

import Core
import Store
import Synchronization

extension Identity {
    private static let greatestNumberOfRoles = 32

    /// One of those kept in the store, or a user of this machine (`local:UID`).
    /// - Throws: `notFound`. The bearer of a token is known only while they show it.
    public func principal(_ id: String) async throws -> Principal {
        let roles = localUserRoles
        return try directory.withLock { try $0.principal(signedInAs: id, localUsers: roles) }
    }

    /// - Throws: `notFound` for one that is not kept in the store.
    func storedPrincipal(_ id: String) async throws -> Principal { try directory.withLock { try $0.principal(id) } }

    /// Those kept in the store, by name.
    public func principals() async throws -> [Principal] {
        directory.withLock { $0.principals.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) } }
    }

    public func addPrincipal(kind: Principal.Kind, name: String, roles: Set<String>) async throws -> Principal {
        try await addPrincipal(id: Identifier.make("prn", at: clock.now()), kind: kind, name: name, roles: roles)
    }

    /// - Throws: `invalid` for a name or role that is empty, long or malformed; `conflict` when the id is taken.
    func addPrincipal(id: String, kind: Principal.Kind, name: String, roles: Set<String>) async throws -> Principal {
        try Self.requireName(name)
        try Self.requireRoles(roles)
        let principal = Principal(id: id, kind: kind, name: name, roles: roles)
        let now = clock.now()
        try await store.write { try IdentityRows.insert(principal, at: now, $0) }
        directory.withLock { $0.add(principal) }
        return principal
    }

    /// Removes a principal with its keys and sign-ins.
    /// - Throws: `notFound`.
    public func removePrincipal(_ id: String) async throws {
        let now = clock.now()
        try directory.withLock { directory in
            _ = try directory.principal(id)
            directory.remove(principal: id)
        }
        sessions.endAll(of: id, at: now)
        let ended = try await store.write { tx in
            try IdentityRows.remove(principal: id, tx)
            return try self.sessions.saveEnds(in: tx)
        }
        sessions.forgetEnds(ended)
    }

    static func requireName(_ name: String) throws {
        guard (1...120).contains(name.utf8.count),
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw GatehouseError("gate", .invalid, "a name has 1 to 120 bytes and no control characters")
        }
    }

    static func requireRoles(_ roles: Set<String>) throws {
        guard roles.count <= greatestNumberOfRoles else {
            throw GatehouseError("gate", .invalid, "a principal has \(greatestNumberOfRoles) roles at most")
        }
        for role in roles where !isRole(role) {
            throw GatehouseError(
                "gate", .invalid, "\"\(role.prefix(60))\" is no role",
                hint: "roles are of a-z, 0-9, _ and -, up to 64 characters")
        }
    }

    static func isRole(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f || $0 == 0x2d
            }
    }
}

extension Directory {
    /// A principal of the store or a user of this machine.
    /// - Throws: `notFound`.
    mutating func principal(signedInAs id: String, localUsers: LocalUserRoles) throws -> Principal {
        guard let uid = LocalUsers.uid(of: id) else { return try principal(id) }
        let name = localNames[uid] ?? LocalUsers.name(of: uid)
        localNames[uid] = name
        return LocalUsers.principal(uid: uid, name: name, roles: localUsers)
    }
}

public import Core
import Store
import Synchronization

extension Identity {
    private static let longestLife = Duration.seconds(10 * 366 * 86_400)

    /// Makes a key.
    /// - Parameters:
    ///   - name: what it is for.
    ///   - expires: after this; nil for a key that lasts until it is revoked.
    /// - Returns: the key, and its text, which is shown here once and kept nowhere.
    /// - Throws: `notFound` for a principal that is not in the store, `conflict` for one that was stopped, `invalid`.
    public func createKey(for principalID: String, name: String, expires: Duration?) async throws -> (APIKey, Secret) {
        try await createKey(for: principalID, name: name, expires: expires, origin: nil)
    }

    func createKey(
        for principalID: String, name: String, expires: Duration?, origin: String?
    ) async throws -> (APIKey, Secret) {
        try Self.requireName(name)
        if let expires, expires <= .zero || expires > Self.longestLife {
            throw GatehouseError("gate", .invalid, "a key lives between a moment and ten years")
        }
        try directory.withLock { directory in
            _ = try directory.principal(principalID)
            guard directory.stopped[principalID] == nil else {
                throw GatehouseError("gate", .conflict, "\(principalID) was stopped", hint: "revive it first")
            }
        }
        let text = KeyText.random()
        let now = clock.now()
        let key = Directory.Key(
            id: text.id, principalID: principalID, name: name, digest: hash.digest(text.text, for: .apiKey),
            origin: origin,
            created: now, expires: expires.map { now + $0 })
        try await store.write { try IdentityRows.insert(key, $0) }
        let stopped = directory.withLock { directory in
            directory.add(key)
            return directory.stopped[principalID] != nil
        }
        if stopped {
            try await revokeKey(key.id)
            throw GatehouseError("gate", .conflict, "\(principalID) was stopped while the key was made")
        }
        return (key.shown, Secret(text.text))
    }

    /// All keys, the latest first.
    public func keys() async throws -> [APIKey] {
        directory.withLock { $0.keys.values.map(\.shown).sorted { ($1.created, $1.id) < ($0.created, $0.id) } }
    }

    /// - Throws: `notFound`.
    func key(_ id: String) throws -> APIKey { try directory.withLock { try $0.key(id).shown } }

    func keyMade(by action: String) -> APIKey? {
        directory.withLock { directory in directory.keys.values.first { $0.origin == action }?.shown }
    }

    /// Ends a key at once. Revoking it again changes nothing.
    /// - Throws: `notFound`.
    public func revokeKey(_ id: String) async throws {
        let now = clock.now()
        try directory.withLock { directory in
            _ = try directory.key(id)
            directory.revoke(id, at: now)
        }
        try await store.write { try IdentityRows.revoke(key: id, at: now, $0) }
    }
}

extension Directory {
    /// - Throws: `notFound`.
    func key(_ id: String) throws -> Key {
        if let key = keys[id] { return key }
        throw GatehouseError(
            "gate", .notFound, "there is no key \"\(id.prefix(20))\"",
            hint: Suggestion.nearest(to: id, among: keys.keys).map { "did you mean \"\($0)\"?" })
    }
}

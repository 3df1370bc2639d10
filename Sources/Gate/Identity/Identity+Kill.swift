import Core
import Store
import Synchronization

extension Identity {
    /// The kill switch: ends the principal's keys, console sign-ins and sessions, and refuses them until
    /// ``revive(_:)``.
    ///
    /// It holds in memory when this returns or throws; when it throws, it is not on disk and a restart would lose it.
    /// - Parameter principalID: of any kind: kept in the store, a user of this machine, or a token's bearer
    ///   (`ISSUER#SUBJECT`).
    /// - Throws: `notFound`, `invalid` for an empty reason; `denied` for those who own the process and its data.
    public func kill(_ principalID: String, reason: String) async throws {
        try requireStoppable(principalID)
        guard (1...1000).contains(reason.utf8.count) else {
            throw GatehouseError("gate", .invalid, "the kill switch demands a reason of up to 1000 bytes")
        }
        let now = clock.now()
        let stop = StoppedPrincipal(principalID: principalID, reason: reason, time: now)
        directory.withLock { $0.stop(stop) }
        sessions.bar(principalID, at: now)
        let ended = try await store.write { tx in
            try IdentityRows.stop(stop, tx)
            return try self.sessions.saveEnds(in: tx)
        }
        sessions.forgetEnds(ended)
    }

    /// Lets a stopped principal in again. What was ended stays ended: keys and sign-ins are made anew, and of tokens
    /// only those count that were issued after the stop.
    /// - Throws: `conflict` for a principal that is not stopped.
    public func revive(_ principalID: String) async throws {
        guard isStopped(principalID) else {
            throw GatehouseError("gate", .conflict, "\(principalID.prefix(80)) is not stopped")
        }
        let now = clock.now()
        try await store.write { try IdentityRows.revive(principalID, at: now, $0) }
        directory.withLock { $0.revive(principalID) }
        sessions.unbar(principalID)
    }

    /// Those whom the kill switch has stopped, the latest first.
    public func stopped() async throws -> [StoppedPrincipal] {
        directory.withLock { $0.stopped.values.sorted { ($1.time, $1.principalID) < ($0.time, $0.principalID) } }
    }

    func requireStoppable(_ principalID: String) throws {
        if let uid = LocalUsers.uid(of: principalID) {
            guard !LocalUsers.isOwner(uid) else {
                throw GatehouseError(
                    "gate", .denied,
                    "\(principalID) owns this process and its data, so that stopping it would stop nothing",
                    hint: "stop the service, or run it as another user")
            }
        } else if let mark = principalID.firstIndex(of: "#"), mark != principalID.startIndex {
            guard principalID.utf8.count <= 1024 else {
                throw GatehouseError("gate", .invalid, "the principal's id is too long")
            }
        } else {
            _ = try directory.withLock { try $0.principal(principalID) }
        }
    }
}

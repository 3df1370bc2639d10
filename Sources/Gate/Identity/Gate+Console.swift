public import Core
import Logging
import Synchronization

/// Signing in to the console and out of it. None of it is an action, and all of it is on the record: who, with which
/// link, from where. Links and sign-ins are named by the first digits of the keyed hashes that are kept of them.
extension Gate {
    /// A token that signs a principal in to the console, once and within ten minutes.
    /// - Parameter peer: who has it made, as far as is known: an address, or `unix:` and a user.
    /// - Throws: what ``Identity/signInLink(for:)`` throws; `unavailable` when the ledger does not take the record.
    public func signInLink(for principalID: String, from peer: String) async throws -> Secret {
        let link = try await identity.signInLink(for: principalID)
        var entry = Recorder.AccessEntry(.linkMade, from: peer)
        entry.principal = principalID
        entry.link = identity.name(of: link, .signInLink)
        try await recorder.append(entry, .durable)
        return link
    }

    /// Turns the token of a sign-in link into the value of a console cookie. A sign-in that cannot be recorded is none.
    /// - Throws: what ``Identity/signIn(with:)`` throws; `unavailable` when the ledger does not take the record.
    public func signIn(with token: Secret, from peer: String) async throws -> Secret {
        let cookie: Secret
        do { cookie = try await identity.signIn(with: token) } catch {
            await recordRefused(token, from: peer, .wrapping(error))
            throw error
        }
        do {
            var entry = Recorder.AccessEntry(.signedIn, from: peer)
            entry.principal = try await identity.identify(.console(cookie)).id
            entry.link = identity.name(of: token, .signInLink)
            entry.signIn = identity.name(of: cookie, .consoleCookie)
            try await recorder.append(entry, .durable)
            return cookie
        } catch {
            await identity.signOut(cookie)
            throw error
        }
    }

    /// Ends a sign-in: at once, whatever becomes of the record of it.
    public func signOut(_ cookie: Secret, from peer: String) async {
        let principal = try? await identity.identify(.console(cookie))
        await identity.signOut(cookie)
        guard let principal else { return }
        var entry = Recorder.AccessEntry(.signedOut, from: peer)
        entry.principal = principal.id
        entry.signIn = identity.name(of: cookie, .consoleCookie)
        await record(entry, .durable)
    }

    // MARK: Refusals

    private func recordRefused(_ token: Secret, from peer: String, _ error: GatehouseError) async {
        guard let further = refusals.withLock({ $0.take(at: .now) }) else { return }
        var entry = Recorder.AccessEntry(.refused, from: peer)
        entry.link = identity.name(of: token, .signInLink)
        entry.error = error.message
        entry.further = further
        await record(entry, .written)
    }

    /// Those that were passed over, once there is room for it.
    func recordFurtherRefusals() async {
        guard let further = refusals.withLock({ $0.takeRest(at: .now) }) else { return }
        var entry = Recorder.AccessEntry(.refused, from: nil)
        entry.further = further
        await record(entry, .written)
    }

    private func record(_ entry: Recorder.AccessEntry, _ durability: RecordDurability) async {
        do { try await recorder.append(entry, durability) } catch {
            logger.error(
                "a \(entry.access.rawValue) is not in the ledger", metadata: ["error": "\(error)"])
        }
    }
}

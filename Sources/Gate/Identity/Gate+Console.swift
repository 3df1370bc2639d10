public import Core
import Logging

/// Signing in to the console and out of it. Neither is an action, and both are on the record.
extension Gate {
    /// A token that signs a principal in to the console, once and within ten minutes.
    /// - Throws: what ``Identity/signInLink(for:)`` throws; `unavailable` when the ledger does not take the record.
    public func signInLink(for principalID: String) async throws -> Secret {
        let link = try await identity.signInLink(for: principalID)
        try await recorder.append(.linkMade, by: principalID)
        return link
    }

    /// Turns the token of a sign-in link into the value of a console cookie. A sign-in that cannot be recorded is none.
    /// - Throws: what ``Identity/signIn(with:)`` throws; `unavailable` when the ledger does not take the record.
    public func signIn(with token: Secret) async throws -> Secret {
        let cookie = try await identity.signIn(with: token)
        do {
            let principal = try await identity.identify(.console(cookie))
            try await recorder.append(.signedIn, by: principal.id)
            return cookie
        } catch {
            await identity.signOut(cookie)
            throw error
        }
    }

    /// Ends a sign-in: at once, whatever becomes of the record of it.
    public func signOut(_ cookie: Secret) async {
        let principal = try? await identity.identify(.console(cookie))
        await identity.signOut(cookie)
        guard let principal else { return }
        do {
            try await recorder.append(.signedOut, by: principal.id)
        } catch {
            logger.error("a sign-out is not in the ledger", metadata: ["error": "\(error)"])
        }
    }
}

public import Core
import Synchronization

/// Authorizes one person's requests to one server by the grant there is, renews it, and has the person asked where only
/// they can give another.
public final class GrantAuthorizer: MCPAuthorizer {
    /// Takes the person to an address and gives back the query that came to the redirect address.
    public typealias Visit = @Sendable (_ address: String) async throws -> String

    private let key: GrantKey
    private let client: OAuthClient
    private let visit: Visit?
    private let turn = Turn()
    private let state = Mutex(State())

    private struct State {
        /// What was asked for so far, so that a step up asks for more and not for other things.
        var scopes: [String] = []
        var current: Grant?
    }

    /// - Parameter visit: nil where nobody can be asked now; then a missing grant is an error that says so.
    public init(_ key: GrantKey, client: OAuthClient, visit: Visit? = nil) {
        self.key = key
        self.client = client
        self.visit = visit
    }

    public func authorization() async throws -> Secret? {
        try await turn.taken {
            let grant = try await client.grant(for: key)
            state.withLock { $0.current = grant }
            return grant?.authorization(for: key.server.text)
        }
    }

    public func renew(status: Int, challenges: [String]) async throws -> Bool {
        try await turn.taken {
            let challenge = BearerChallenge(challenges)
            let used = state.withLock { $0.current }
            if status == 403 {
                guard let challenge, challenge.error == "insufficient_scope" else { return false }
                // What was asked for already and did not help will not help now.
                let asked = state.withLock { $0.scopes }
                guard !challenge.scopes.allSatisfy(asked.contains) || asked.isEmpty else { return false }
            } else if let used {
                // Another request may have renewed it meanwhile.
                let kept = try await client.grant(for: key)
                if let kept, kept != used { return true }
                if kept != nil, try await client.refresh(used, for: key) != nil { return true }
            }
            guard let visit else { return false }
            let before = state.withLock { $0.scopes } + (used?.scopes ?? [])
            let address = try await client.begin(
                key, challenges: challenges, adding: status == 403 ? before.unique : [])
            let grant = try await client.complete(user: key.user, query: try await visit(address))
            state.withLock { state in
                state.scopes = (state.scopes + grant.scopes + (challenge?.scopes ?? [])).unique
                state.current = grant
            }
            return true
        }
    }
}

extension [String] {
    /// Each once, in order.
    fileprivate var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

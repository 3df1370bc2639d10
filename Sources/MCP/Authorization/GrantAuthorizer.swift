public import Core
import Synchronization

/// Authorizes one person's requests to one server by the grant there is, renews it, and has the person asked where only
/// they can give another.
public final class GrantAuthorizer: MCPAuthorizer {
    /// Takes the person to an address and gives back the query that came to the redirect address.
    public typealias Visit = @Sendable (_ address: String) async throws -> String

    private let key: GrantKey
    private let client: OAuthClient
    private let source: Source?
    private let turn = Turn()
    private let state = Mutex(State())

    private struct State {
        /// What was asked for so far, so that a step up asks for more and not for other things.
        var scopes: [String] = []
        var current: Grant?
        /// That the server wants to see in the next proof.
        var nonce: String?
    }

    /// Where another grant comes from.
    private enum Source: Sendable {
        case person(Visit)
        case unattended(UnattendedGrant)
    }

    /// - Parameter visit: nil where nobody can be asked now; then a missing grant is an error that says so.
    public init(_ key: GrantKey, client: OAuthClient, visit: Visit? = nil) {
        self.key = key
        self.client = client
        source = visit.map(Source.person)
    }

    /// - Parameter way: by which grants come with nobody there.
    public init(_ key: GrantKey, client: OAuthClient, by way: UnattendedGrant) {
        self.key = key
        self.client = client
        source = .unattended(way)
    }

    public func authorization() async throws -> Secret? { try await grant()?.authorization(for: key.server.text) }

    public func headers(method: String, address: String) async throws -> [(name: String, value: Secret)] {
        guard let grant = try await grant(), let authorization = grant.authorization(for: address) else { return [] }
        guard let proofKey = grant.proofKey else { return [("authorization", authorization)] }
        let nonce = state.withLock { $0.nonce }
        let proof = try proofKey.proof(
            method, address, token: grant.accessToken, nonce: nonce, at: client.clock.now())
        return [("authorization", authorization), ("dpop", proof)]
    }

    public func note(nonce: String) { state.withLock { $0.nonce = nonce.utf8.count <= 1024 ? nonce : nil } }

    private func grant() async throws -> Grant? {
        try await turn.taken {
            let grant = try await client.grant(for: key)
            state.withLock { $0.current = grant }
            return grant
        }
    }

    public func renew(status: Int, challenges: [String]) async throws -> Bool {
        try await turn.taken {
            let challenge = TokenChallenge(challenges)
            let used = state.withLock { $0.current }
            // The token is good; its proof was to name what has come with this answer (RFC 9449, section 9).
            if status == 401, challenge?.error == "use_dpop_nonce" { return state.withLock { $0.nonce != nil } }
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
            guard let source else { return false }
            let before = state.withLock { $0.scopes } + (used?.scopes ?? [])
            let grant = try await another(from: source, challenges, adding: status == 403 ? before.unique : [])
            state.withLock { state in
                state.scopes = (state.scopes + grant.scopes + (challenge?.scopes ?? [])).unique
                state.current = grant
            }
            return true
        }
    }

    private func another(from source: Source, _ challenges: [String], adding: [String]) async throws -> Grant {
        switch source {
        case .unattended(let way):
            return try await client.obtain(key, by: way, challenges: challenges, adding: adding)
        case .person(let visit):
            let address = try await client.begin(key, challenges: challenges, adding: adding)
            return try await client.complete(user: key.user, query: try await visit(address))
        }
    }
}

extension [String] {
    /// Each once, in order.
    fileprivate var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

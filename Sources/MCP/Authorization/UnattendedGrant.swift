public import Core
import JSON

/// How a client gets a grant with nobody there to visit a page.
public enum UnattendedGrant: Sendable {
    /// Signs for an audience, or fetches what was signed for it.
    public typealias Assertion = @Sendable (_ issuer: String) async throws -> Secret

    /// In the client's own name (OAuth 2.1, section 4.2), by its secret or its key.
    case clientCredentials
    /// By a token that somebody whom the authorization server trusts has signed, such as a workload's (RFC 7523,
    /// section 2.1). It is asked for once for each grant.
    case assertion(Assertion)
    /// By the identity provider of the organization, which exchanges a person's ID token for an assertion about them
    /// (RFC 8693, then RFC 7523): the organization decides, and the person is asked nothing.
    case identityProvider(IdentityProvider, idToken: @Sendable () async throws -> Secret)

    /// Where an ID token is exchanged, and who the client is there.
    public struct IdentityProvider: Sendable {
        public var tokenEndpoint: String
        /// In the metadata that it publishes.
        public var issuer: String
        public var client: OAuthIdentity

        public init(issuer: String, tokenEndpoint: String, client: OAuthIdentity) {
            self.issuer = issuer
            self.tokenEndpoint = tokenEndpoint
            self.client = client
        }
    }

    /// The protocol's extension that this is, to be named among a client's capabilities.
    public var extensionName: String {
        switch self {
        case .clientCredentials: "io.modelcontextprotocol/oauth-client-credentials"
        case .assertion: "io.modelcontextprotocol/auth/wif"
        case .identityProvider: "io.modelcontextprotocol/enterprise-managed-authorization"
        }
    }
}

extension OAuthClient {
    /// A grant without a person, for a server that wants one.
    ///
    /// - Parameters:
    ///   - challenges: the values of `WWW-Authenticate` that the server sent.
    ///   - adding: scopes that were asked for before, for a step up.
    /// - Throws: `denied` where it is refused; it is not tried in another way.
    public func obtain(
        _ key: GrantKey, by way: UnattendedGrant, challenges: [String], adding: [String] = []
    ) async throws -> Grant {
        let challenge = TokenChallenge(challenges)
        let server = try await discovery.find(key.server, challenge)
        let identity = try await identity(at: server)
        let scopes = server.scopes(challenge, adding)
        let endpoint = try endpoint(of: server, identity, server.wantsProof(challenge) ? ProofKey() : nil)
        var form = try await form(way, server, scopes)
        form.append(("resource", server.resource.text))
        if !scopes.isEmpty { form.append(("scope", scopes.joined(separator: " "))) }
        return try await keep(
            try await endpoint.ask(form), from: endpoint, for: key, resource: server.resource, scopes: scopes)
    }

    private func form(
        _ way: UnattendedGrant, _ server: AuthorizationServer, _ scopes: [String]
    ) async throws -> [(String, String)] {
        let assertion: Secret
        switch way {
        case .clientCredentials: return [("grant_type", "client_credentials")]
        case .assertion(let sign): assertion = try await sign(server.issuer)
        case .identityProvider(let provider, let idToken):
            assertion = try await exchange(try await idToken(), at: provider, for: server, scopes)
        }
        return [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion.expose())]
    }

    /// RFC 8693, for an assertion that is good at this authorization server and for this resource only.
    private func exchange(
        _ idToken: Secret, at provider: UnattendedGrant.IdentityProvider, for server: AuthorizationServer,
        _ scopes: [String]
    ) async throws -> Secret {
        let wanted = "urn:ietf:params:oauth:token-type:id-jag"
        var form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("requested_token_type", wanted),
            ("audience", server.issuer), ("resource", server.resource.text), ("subject_token", idToken.expose()),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ]
        if !scopes.isEmpty { form.append(("scope", scopes.joined(separator: " "))) }
        let endpoint = TokenEndpoint(
            http: http, clock: clock, address: provider.tokenEndpoint, issuer: provider.issuer,
            identity: provider.client, method: provider.client.method(among: nil))
        let answer = try await endpoint.ask(form)
        guard answer["issued_token_type"]?.string == wanted, let token = answer["access_token"]?.string, !token.isEmpty
        else { throw OAuthFailure.refused("the identity provider gave another token than was asked for") }
        return Secret(token)
    }
}

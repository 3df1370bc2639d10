public import AsyncHTTPClient
public import Core
import Crypto
import JSON
import Synchronization
import Web

/// Gets and renews grants for persons at protected servers, as a client of OAuth 2.1: PKCE, resource indicators, the
/// issuer checked, `state` authenticated, used once and short-lived.
public final class OAuthClient: Sendable {
    public struct Settings: Sendable {
        public var redirectURI: String
        public var name: String
        /// Of the client-ID metadata document that the application publishes.
        public var metadataURL: String?
        /// Identities that were arranged beforehand, by issuer.
        public var arranged: [String: OAuthIdentity] = [:]
        /// For any other issuer; nil for none.
        public var fallback: OAuthIdentity?
        /// Whether a server that knows no metadata documents may be registered with.
        public var registers = true
        /// Whether a server of which nothing is published may authorize by itself, as 2025-03-26 had it.
        public var takesUndescribed = false

        public init(redirectURI: String, name: String, metadataURL: String? = nil) {
            self.redirectURI = redirectURI
            self.name = name
            self.metadataURL = metadataURL
        }
    }

    private struct Pending: Sendable {
        var key: GrantKey
        var verifier: String
        var server: AuthorizationServer
        var identity: OAuthIdentity
        var scopes: [String]
        var proofKey: ProofKey?
    }

    let http: OAuthHTTP
    let settings: Settings
    let store: any TokenStore
    let clock: any WallClock
    let discovery: OAuthDiscovery
    private let sealer: StateSealer
    private let pending = Mutex<[String: Pending]>([:])

    /// Authorizations begun and not yet completed.
    private static let greatestPending = 1000
    private static let call = "oauth"

    /// - Parameter http: see ``HTTPTransport/makeClient()``; it must follow no redirects.
    public init(
        http: HTTPClient, settings: Settings, store: any TokenStore, clock: any WallClock = SystemWallClock()
    ) {
        self.http = OAuthHTTP(client: http)
        discovery = OAuthDiscovery(http: self.http, takesUndescribed: settings.takesUndescribed)
        self.settings = settings
        self.store = store
        self.clock = clock
        sealer = StateSealer(lifetime: .seconds(600), clock: clock)
    }

    /// The address that the person is to visit.
    ///
    /// - Parameters:
    ///   - challenges: the values of `WWW-Authenticate` that the server sent.
    ///   - adding: scopes that were asked for before, for a step up.
    public func begin(_ key: GrantKey, challenges: [String], adding: [String] = []) async throws -> String {
        let challenge = TokenChallenge(challenges)
        let server = try await discovery.find(key.server, challenge)
        guard server.lists("S256", in: "code_challenge_methods_supported") else {
            throw OAuthFailure.refused("\(server.issuer.prefix(200)) does not offer PKCE with S256")
        }
        let identity = try await identity(at: server)
        var scopes = server.scopes(challenge, adding)
        if !scopes.isEmpty, !scopes.contains("offline_access"), server.lists("offline_access", in: "scopes_supported") {
            scopes.append("offline_access")
        }
        let verifier = Self.random()
        let proofKey = server.wantsProof(challenge) ? ProofKey() : nil
        let state = sealer.seal(Array(Self.random().utf8), identity: key.user, call: Self.call)
        try pending.withLock { pending in
            guard pending.count < Self.greatestPending else {
                throw GatehouseError("mcp", .exhausted, "too many authorizations wait for a person")
            }
            pending[state] = Pending(
                key: key, verifier: verifier, server: server, identity: identity, scopes: scopes, proofKey: proofKey)
        }
        var query = [
            ("response_type", "code"), ("client_id", identity.clientID), ("redirect_uri", settings.redirectURI),
            ("state", state), ("resource", server.resource.text), ("code_challenge_method", "S256"),
            ("code_challenge", Base64.encode(Array(SHA256.hash(data: Array(verifier.utf8))), .url)),
        ]
        // The code, too, is of use only to who has the key (RFC 9449, section 10).
        if let proofKey { query.append(("dpop_jkt", try proofKey.thumbprint())) }
        if !scopes.isEmpty { query.append(("scope", scopes.joined(separator: " "))) }
        let endpoint = try server.endpoint("authorization_endpoint")
        return endpoint + (endpoint.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + Form.encode(query)
    }

    /// Takes what came back to the redirect address.
    ///
    /// - Parameters:
    ///   - user: who is signed in where it came back.
    ///   - query: all after the question mark.
    /// - Throws: `denied` for whatever is wrong with it; nothing of it can be used again.
    public func complete(user: String, query: String) async throws -> Grant {
        guard let values = Form.decode(query), let state = values["state"],
            let attempt = pending.withLock({ $0.removeValue(forKey: state) }), attempt.key.user == user,
            (try? sealer.open(state, identity: user, call: Self.call)) != nil
        else { throw OAuthFailure.refused("the answer belongs to no authorization that was begun here") }
        try check(values["iss"], attempt.server)
        if let error = values["error"] {
            throw OAuthFailure.refused("the authorization server said no", cause: String(error.prefix(100)))
        }
        guard let code = values["code"], !code.isEmpty else { throw OAuthFailure.refused("the answer has no code") }
        let form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirectURI),
            ("code_verifier", attempt.verifier), ("resource", attempt.server.resource.text),
        ]
        let endpoint = try endpoint(of: attempt.server, attempt.identity, attempt.proofKey)
        return try await keep(
            try await endpoint.ask(form), from: endpoint, for: attempt.key, resource: attempt.server.resource,
            scopes: attempt.scopes)
    }

    /// The grant there is, renewed when it is about to end; nil when a person has to give one.
    public func grant(for key: GrantKey) async throws -> Grant? {
        guard let grant = try await store.grant(for: key) else { return nil }
        return grant.isFresh(at: clock.now()) ? grant : try await refresh(grant, for: key)
    }

    /// A new grant for the old one, without a person; nil when that cannot be.
    public func refresh(_ grant: Grant, for key: GrantKey) async throws -> Grant? {
        guard let refresh = grant.refreshToken, let identity = try await identity(of: grant) else { return nil }
        let form = [
            ("grant_type", "refresh_token"), ("refresh_token", refresh.expose()), ("resource", grant.resource.text),
        ]
        let endpoint = TokenEndpoint(
            http: http, clock: clock, address: grant.tokenEndpoint, issuer: grant.issuer, identity: identity,
            method: grant.method, proofKey: grant.proofKey)
        let answer: JSON
        do {
            answer = try await endpoint.ask(form)
        } catch let error as GatehouseError where error.code == .denied {
            try await store.keep(nil, for: key)
            return nil
        }
        return try await keep(
            answer, from: endpoint, for: key, resource: grant.resource, scopes: grant.scopes, refresh: refresh)
    }

    func endpoint(
        of server: AuthorizationServer, _ identity: OAuthIdentity, _ proofKey: ProofKey?
    ) throws -> TokenEndpoint {
        TokenEndpoint(
            http: http, clock: clock, address: try server.endpoint("token_endpoint"), issuer: server.issuer,
            identity: identity, method: identity.method(among: server.methods), proofKey: proofKey)
    }

    /// Makes a grant of what a token endpoint answered, and keeps it.
    ///
    /// - Parameters:
    ///   - scopes: that were asked for: what is granted where the answer does not say (RFC 6749, section 5.1).
    ///   - refresh: the token that renews where the answer has no other.
    func keep(
        _ answer: JSON, from endpoint: TokenEndpoint, for key: GrantKey, resource: ResourceIdentifier,
        scopes: [String], refresh: Secret? = nil
    ) async throws -> Grant {
        let type = answer["token_type"]?.string?.lowercased()
        // A server may give a bearer's token for a proof: that it is not bound is not ours to change.
        guard type == "bearer" || type == "dpop" && endpoint.proofKey != nil,
            let token = answer["access_token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw OAuthFailure.refused("the authorization server gave no token of a kind that is known") }
        let lifetime = answer["expires_in"]?.int.map { Duration.seconds(min(max($0, 0), 366 * 86_400)) }
        let grant = Grant(
            issuer: endpoint.issuer, resource: resource,
            scopes: answer["scope"]?.string?.split(separator: " ").map(String.init) ?? scopes,
            expiry: lifetime.map { clock.now() + $0 }, accessToken: Secret(token),
            refreshToken: answer["refresh_token"]?.string.map(Secret.init) ?? refresh,
            tokenEndpoint: endpoint.address, clientID: endpoint.identity.clientID, method: endpoint.method,
            proofKey: type == "dpop" ? endpoint.proofKey : nil)
        try await store.keep(grant, for: key)
        return grant
    }

    /// RFC 9207, and stricter: an issuer that is there must be the one that was asked, whatever it has announced.
    private func check(_ issuer: String?, _ server: AuthorizationServer) throws {
        let isAnnounced = server.metadata["authorization_response_iss_parameter_supported"]?.bool ?? false
        guard let issuer else {
            if isAnnounced { throw OAuthFailure.refused("the answer does not say who made it") }
            return
        }
        guard issuer.utf8.elementsEqual(server.issuer.utf8) else {
            throw OAuthFailure.refused("the answer comes from another authorization server than was asked")
        }
    }

    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }, .url)
    }
}

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
    }

    private let http: OAuthHTTP
    private let settings: Settings
    private let store: any TokenStore
    private let clock: any WallClock
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
        let challenge = BearerChallenge(challenges)
        let server = try await OAuthDiscovery(http: http).find(key.server, challenge)
        let identity = try await identity(at: server)
        let scopes = scopes(server, challenge, adding)
        let verifier = Self.random()
        let state = sealer.seal(Array(Self.random().utf8), identity: key.user, call: Self.call)
        try pending.withLock { pending in
            guard pending.count < Self.greatestPending else {
                throw GatehouseError("mcp", .exhausted, "too many authorizations wait for a person")
            }
            pending[state] = Pending(key: key, verifier: verifier, server: server, identity: identity, scopes: scopes)
        }
        var query = [
            ("response_type", "code"), ("client_id", identity.clientID), ("redirect_uri", settings.redirectURI),
            ("state", state), ("resource", server.resource.text), ("code_challenge_method", "S256"),
            ("code_challenge", Base64.encode(Array(SHA256.hash(data: Array(verifier.utf8))), .url)),
        ]
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
        let endpoint = try attempt.server.endpoint("token_endpoint")
        let answer = try await token(endpoint, form, attempt.identity, attempt.server.metadata)
        let grant = try grant(
            answer, issuer: attempt.server.issuer, resource: attempt.server.resource, endpoint: endpoint,
            scopes: attempt.scopes, refresh: nil)
        try await store.keep(grant, for: attempt.key)
        return grant
    }

    /// The grant there is, renewed when it is about to end; nil when a person has to give one.
    public func grant(for key: GrantKey) async throws -> Grant? {
        guard let grant = try await store.grant(for: key) else { return nil }
        return grant.isFresh(at: clock.now()) ? grant : try await refresh(grant, for: key)
    }

    /// A new grant for the old one, without a person; nil when that cannot be.
    public func refresh(_ grant: Grant, for key: GrantKey) async throws -> Grant? {
        guard let refresh = grant.refreshToken, let identity = try await knownIdentity(at: grant.issuer) else {
            return nil
        }
        let form = [
            ("grant_type", "refresh_token"), ("refresh_token", refresh.expose()), ("resource", grant.resource.text),
        ]
        let answer: JSON
        do {
            answer = try await token(grant.tokenEndpoint, form, identity, [:])
        } catch let error as GatehouseError where error.code == .denied {
            try await store.keep(nil, for: key)
            return nil
        }
        let renewed = try self.grant(
            answer, issuer: grant.issuer, resource: grant.resource, endpoint: grant.tokenEndpoint,
            scopes: grant.scopes, refresh: refresh)
        try await store.keep(renewed, for: key)
        return renewed
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

    /// What the challenge wants, or else what the resource names; nothing where neither says. What was granted before
    /// is asked for again, so that a step up loses nothing.
    private func scopes(_ server: AuthorizationServer, _ challenge: BearerChallenge?, _ before: [String]) -> [String] {
        let stated = challenge?.scopes ?? []
        var scopes = before
        for scope in stated.isEmpty ? server.resourceScopes ?? [] : stated where !scopes.contains(scope) {
            scopes.append(scope)
        }
        if !scopes.isEmpty, !scopes.contains("offline_access"), server.lists("offline_access", in: "scopes_supported") {
            scopes.append("offline_access")
        }
        return scopes
    }

    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }, .url)
    }

    private func grant(
        _ answer: JSON, issuer: String, resource: ResourceIdentifier, endpoint: String, scopes: [String],
        refresh: Secret?
    ) throws -> Grant {
        guard answer["token_type"]?.string?.lowercased() == "bearer", let token = answer["access_token"]?.string,
            !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw OAuthFailure.refused("the authorization server gave no bearer token") }
        let lifetime = answer["expires_in"]?.int.map { Duration.seconds(min(max($0, 0), 366 * 86_400)) }
        return Grant(
            issuer: issuer, resource: resource,
            scopes: answer["scope"]?.string?.split(separator: " ").map(String.init) ?? scopes,
            expiry: lifetime.map { clock.now() + $0 }, accessToken: Secret(token),
            refreshToken: answer["refresh_token"]?.string.map(Secret.init) ?? refresh, tokenEndpoint: endpoint)
    }

    private func token(
        _ endpoint: String, _ form: [(String, String)], _ identity: OAuthIdentity, _ metadata: JSON
    ) async throws -> JSON {
        var form = form
        var authorization: Secret?
        let methods = metadata["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
        let usual = methods?.contains("client_secret_basic") ?? true ? "client_secret_basic" : "client_secret_post"
        if let secret = identity.clientSecret, identity.method != "none" {
            if (identity.method ?? usual) == "client_secret_basic" {
                // Both are encoded as in a form before they are joined (RFC 6749, section 2.3.1).
                let pair = "\(Percent.encode(identity.clientID)):\(Percent.encode(secret.expose()))"
                authorization = Secret("Basic \(Base64.encode(Array(pair.utf8)))")
            } else {
                form += [("client_id", identity.clientID), ("client_secret", secret.expose())]
            }
        } else {
            form.append(("client_id", identity.clientID))
        }
        let (status, answer) = try await http.post(endpoint, form: form, authorization: authorization)
        guard status == 200 else {
            let reason = answer["error"]?.string.map { String($0.prefix(100)) }
            guard status < 500 else { throw MCPFailure.unavailable("the authorization server fails", cause: reason) }
            throw OAuthFailure.refused("the authorization server gave no token", cause: reason ?? "status \(status)")
        }
        return answer
    }

    private func knownIdentity(at issuer: String) async throws -> OAuthIdentity? {
        if let arranged = settings.arranged[issuer] ?? settings.fallback { return arranged }
        return try await store.identity(at: issuer)
            ?? settings.metadataURL.map { OAuthIdentity(clientID: $0, method: "none") }
    }

    /// What is arranged; else the document that says who we are; else what the server gives who asks.
    private func identity(at server: AuthorizationServer) async throws -> OAuthIdentity {
        if let arranged = settings.arranged[server.issuer] ?? settings.fallback { return arranged }
        if let url = settings.metadataURL, server.metadata["client_id_metadata_document_supported"]?.bool == true {
            return OAuthIdentity(clientID: url, method: "none")
        }
        if let known = try await store.identity(at: server.issuer) { return known }
        guard settings.registers, server.metadata["registration_endpoint"]?.string != nil else {
            throw OAuthFailure.refused("\(server.issuer) does not know this client, and none can be registered there")
        }
        let identity = try await register(at: server)
        try await store.keep(identity, at: server.issuer)
        return identity
    }

    /// RFC 7591.
    private func register(at server: AuthorizationServer) async throws -> OAuthIdentity {
        let methods = server.metadata["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string)
        let wanted = ["none", "client_secret_basic", "client_secret_post"]
        let method = wanted.first { methods?.contains($0) ?? true } ?? "none"
        let isNative = SecureAddress.parse(settings.redirectURI)?.scheme != "https"
        let (status, answer) = try await http.post(
            server.endpoint("registration_endpoint"),
            json: [
                "client_name": JSON(settings.name), "redirect_uris": [JSON(settings.redirectURI)],
                "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
                "token_endpoint_auth_method": JSON(method), "application_type": isNative ? "native" : "web",
            ])
        guard status == 200 || status == 201, let id = answer["client_id"]?.string, !id.isEmpty else {
            throw OAuthFailure.refused("\(server.issuer) did not register this client")
        }
        return OAuthIdentity(
            clientID: id, clientSecret: answer["client_secret"]?.string.map(Secret.init),
            method: answer["token_endpoint_auth_method"]?.string ?? method)
    }
}

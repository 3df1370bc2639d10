import Core
import JSON
import Web

/// What was found out about who authorizes for a server.
struct AuthorizationServer: Sendable {
    var issuer: String
    var resource: ResourceIdentifier
    /// What the resource publishes of itself.
    var resourceMetadata: JSON?
    var metadata: JSON

    func endpoint(_ name: String) throws -> String {
        guard let address = metadata[name]?.string, SecureAddress.parse(address) != nil else {
            throw OAuthFailure.refused("\(issuer) has no usable \(name)")
        }
        return address
    }

    func lists(_ value: String, in key: String) -> Bool { Self.lists(metadata, value, key) }

    private static func lists(_ document: JSON?, _ value: String, _ key: String) -> Bool {
        document?[key]?.array?.contains(JSON(value)) ?? false
    }

    /// The ways in which clients may show who they are; nil where the server does not say.
    var methods: [String]? { metadata["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string) }

    /// What the challenge wants, or else what the resource names; nothing where neither says. What was asked for before
    /// is asked for again, so that a step up loses nothing.
    func scopes(_ challenge: TokenChallenge?, _ before: [String]) -> [String] {
        let stated = challenge?.scopes ?? []
        let named = resourceMetadata?["scopes_supported"]?.array?.compactMap(\.string) ?? []
        return before + (stated.isEmpty ? named : stated).filter { !before.contains($0) }
    }

    /// Whether tokens are to be bound to a key: where both who gives and who takes them know how to. Many servers that
    /// give tokens can for any resource; only the resource says that it takes such.
    func wantsProof(_ challenge: TokenChallenge?) -> Bool {
        let algorithms = "dpop_signing_alg_values_supported"
        guard Self.lists(metadata, ProofKey.algorithm, algorithms) else { return false }
        return challenge?.offersProof ?? false || Self.lists(resourceMetadata, ProofKey.algorithm, algorithms)
            || resourceMetadata?["dpop_bound_access_tokens_required"]?.bool ?? false
    }
}

/// Finds the authorization server of a protected resource (RFC 9728, RFC 8414, OpenID Connect Discovery 1.0).
struct OAuthDiscovery: Sendable {
    let http: OAuthHTTP
    /// Whether a server of which nothing at all is published is taken to authorize by itself, at the addresses that
    /// 2025-03-26 had for such.
    var takesUndescribed = false

    func find(_ server: ResourceIdentifier, _ challenge: TokenChallenge?) async throws -> AuthorizationServer {
        var (resource, issuer) = (server, server.uri.origin)
        let document = try await resourceMetadata(server, challenge)
        if let document {
            guard let named = document["resource"]?.string.flatMap(ResourceIdentifier.init), named.covers(server.uri)
            else {
                throw OAuthFailure.refused("what the server says of itself is about another resource")
            }
            resource = named
            guard let first = document["authorization_servers"]?[0]?.string else {
                throw OAuthFailure.refused("the server names nobody who authorizes for it")
            }
            issuer = first
        }
        let metadata = try await serverMetadata(issuer)
        guard let metadata = metadata ?? (document == nil && takesUndescribed ? Self.assumed(of: issuer) : nil) else {
            throw OAuthFailure.refused("\(issuer.prefix(200)) says nothing of itself")
        }
        // A document that is about another would let that other be impersonated (RFC 8414, section 3.3).
        guard let stated = metadata["issuer"]?.string, stated.utf8.elementsEqual(issuer.utf8) else {
            throw OAuthFailure.refused("the metadata of \(issuer.prefix(200)) names another issuer")
        }
        return AuthorizationServer(
            issuer: issuer, resource: resource, resourceMetadata: document, metadata: metadata)
    }

    /// 2025-03-26, Authorization: fallbacks for servers without metadata discovery.
    private static func assumed(of issuer: String) -> JSON {
        [
            "issuer": JSON(issuer), "authorization_endpoint": JSON("\(issuer)/authorize"),
            "token_endpoint": JSON("\(issuer)/token"), "registration_endpoint": JSON("\(issuer)/register"),
            "code_challenge_methods_supported": ["S256"],
        ]
    }

    private func resourceMetadata(_ server: ResourceIdentifier, _ challenge: TokenChallenge?) async throws -> JSON? {
        if let stated = challenge?.resourceMetadata {
            guard let document = try await http.document(stated) else {
                throw OAuthFailure.refused("the document that the server names for itself is not there")
            }
            return document
        }
        let base = "\(server.uri.origin)/.well-known/oauth-protected-resource"
        let path = server.uri.path == "/" ? "" : server.uri.path
        if !path.isEmpty, let document = try await http.document(base + path) { return document }
        return try await http.document(base)
    }

    /// Nil where it publishes none.
    private func serverMetadata(_ issuer: String) async throws -> JSON? {
        guard let uri = SecureAddress.parse(issuer), uri.query == nil, uri.fragment == nil else {
            throw OAuthFailure.refused("the issuer \(issuer.prefix(200)) is no safe address")
        }
        let (origin, path) = (uri.origin, uri.path == "/" ? "" : uri.path)
        var places = ["oauth-authorization-server", "openid-configuration"].map { "\(origin)/.well-known/\($0)\(path)" }
        if !path.isEmpty { places.append("\(origin)\(path)/.well-known/openid-configuration") }
        for place in places { if let document = try await http.document(place) { return document } }
        return nil
    }
}

import Core
import JSON
import Web

/// What was found out about who authorizes for a server.
struct AuthorizationServer: Sendable {
    var issuer: String
    var resource: ResourceIdentifier
    /// The scopes that the resource's own document names.
    var resourceScopes: [String]?
    var metadata: JSON

    func endpoint(_ name: String) throws -> String {
        guard let address = metadata[name]?.string, SecureAddress.parse(address) != nil else {
            throw OAuthFailure.refused("\(issuer) has no usable \(name)")
        }
        return address
    }

    func lists(_ value: String, in key: String) -> Bool {
        metadata[key]?.array?.contains(JSON(value)) ?? false
    }
}

/// Finds the authorization server of a protected resource (RFC 9728, RFC 8414, OpenID Connect Discovery 1.0).
struct OAuthDiscovery: Sendable {
    let http: OAuthHTTP

    func find(_ server: ResourceIdentifier, _ challenge: BearerChallenge?) async throws -> AuthorizationServer {
        var (resource, issuer, scopes) = (server, server.uri.origin, [String]?.none)
        if let document = try await resourceMetadata(server, challenge) {
            guard let named = document["resource"]?.string.flatMap(ResourceIdentifier.init), named.covers(server.uri)
            else {
                throw OAuthFailure.refused("what the server says of itself is about another resource")
            }
            resource = named
            scopes = document["scopes_supported"]?.array?.compactMap(\.string)
            guard let first = document["authorization_servers"]?[0]?.string else {
                throw OAuthFailure.refused("the server names nobody who authorizes for it")
            }
            issuer = first
        }
        let metadata = try await serverMetadata(issuer)
        // A document that is about another would let that other be impersonated (RFC 8414, section 3.3).
        guard let stated = metadata["issuer"]?.string, stated.utf8.elementsEqual(issuer.utf8) else {
            throw OAuthFailure.refused("the metadata of \(issuer.prefix(200)) names another issuer")
        }
        guard metadata["code_challenge_methods_supported"]?.array?.contains("S256") ?? false else {
            throw OAuthFailure.refused("\(issuer.prefix(200)) does not offer PKCE with S256")
        }
        return AuthorizationServer(issuer: issuer, resource: resource, resourceScopes: scopes, metadata: metadata)
    }

    private func resourceMetadata(_ server: ResourceIdentifier, _ challenge: BearerChallenge?) async throws -> JSON? {
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

    private func serverMetadata(_ issuer: String) async throws -> JSON {
        guard let uri = SecureAddress.parse(issuer), uri.query == nil, uri.fragment == nil else {
            throw OAuthFailure.refused("the issuer \(issuer.prefix(200)) is no safe address")
        }
        let (origin, path) = (uri.origin, uri.path == "/" ? "" : uri.path)
        var places = ["oauth-authorization-server", "openid-configuration"].map { "\(origin)/.well-known/\($0)\(path)" }
        if !path.isEmpty { places.append("\(origin)\(path)/.well-known/openid-configuration") }
        for place in places { if let document = try await http.document(place) { return document } }
        throw OAuthFailure.refused("\(issuer.prefix(200)) says nothing of itself")
    }
}

public import JSON
import Web

/// What a server publishes of itself so that clients find out who authorizes for it (RFC 9728).
public struct ProtectedResource: Sendable, Hashable {
    public var resource: ResourceIdentifier
    public var authorizationServers: [String]
    public var scopes: [String]

    public init(_ resource: ResourceIdentifier, authorizationServers: [String], scopes: [String] = []) {
        self.resource = resource
        self.authorizationServers = authorizationServers
        self.scopes = scopes
    }

    /// The document, for a GET of ``path``.
    public var metadata: JSON {
        .made([
            "resource": JSON(resource.text), "authorization_servers": .texts(authorizationServers),
            "scopes_supported": scopes.isEmpty ? nil : .texts(scopes), "bearer_methods_supported": ["header"],
        ])
    }

    /// Where it is to be found: `/.well-known/oauth-protected-resource`, and the resource's own path after it.
    public var path: String {
        "/.well-known/oauth-protected-resource" + (resource.uri.path == "/" ? "" : resource.uri.path)
    }

    /// The value of `WWW-Authenticate` of an answer with 401, or 403 with `insufficient_scope`.
    ///
    /// - Parameters:
    ///   - error: a code of RFC 6750; none for a request that came without any authorization.
    ///   - scopes: what this request needs.
    public func challenge(error: String? = nil, scopes: [String] = []) -> String {
        var parts = ["resource_metadata=\"\(resource.uri.origin)\(path)\""]
        if let error { parts.insert("error=\"\(error)\"", at: 0) }
        if !scopes.isEmpty { parts.append("scope=\"\(scopes.joined(separator: " "))\"") }
        return "Bearer \(parts.joined(separator: ", "))"
    }
}

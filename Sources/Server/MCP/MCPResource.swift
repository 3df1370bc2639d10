import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import MCP

/// The MCP endpoint as a resource that authorization servers give tokens for (RFC 9728), where issuers are configured
/// whose tokens must be for it, by its own address: `audience: https://gate.example.org/mcp`.
///
/// Such a token is what a person lets a client of MCP have: it counts at the endpoint only, and there for the person's
/// agents, so that whoever holds it can agree to nothing in the person's place.
struct MCPResource: Sendable {
    /// Where the house is reached, and who may vouch for callers.
    let settings: @Sendable () -> (address: String, issuers: [TokenIssuer])

    /// Nil where no issuer's tokens are for the endpoint.
    private var published: ProtectedResource? {
        let (address, issuers) = settings()
        guard let resource = ResourceIdentifier(address + MCPRoutes.path) else { return nil }
        let servers = issuers.filter { $0.audience == resource.text }.map(\.issuer)
        return servers.isEmpty ? nil : ProtectedResource(resource, authorizationServers: servers)
    }

    var routes: [Route] {
        [
            Route(.get, "/.well-known/oauth-protected-resource\(MCPRoutes.path)", access: .open) { _ in
                guard let published else {
                    throw GatehouseError(
                        "http", .notFound, "no authorization server gives tokens for \(MCPRoutes.path)",
                        hint: "use a key, or add an issuer whose audience is the endpoint's address")
                }
                return .json(published.metadata)
            }
        ]
    }

    /// The value of `WWW-Authenticate` for who was not let in; nil where nothing is to be found out.
    func challenge(to call: Call) -> String? {
        guard call.path == MCPRoutes.path, let published else { return nil }
        return published.challenge(error: call.headers[.authorization] == nil ? nil : "invalid_token")
    }

    /// Whether who asks has shown a token that is for the endpoint, under whatever address: one that the house is not
    /// reached at, by a slip of the configuration, must not make it count for more.
    func isBound(_ identity: CallIdentity?) -> Bool {
        guard let identity, identity.means == .token else { return false }
        return settings().issuers.contains { issuer in
            issuer.audience.hasSuffix(MCPRoutes.path) && identity.principal.id.hasPrefix("\(issuer.issuer)#")
        }
    }

    /// - Throws: `denied` for a token that is for the endpoint, shown elsewhere.
    func check(_ call: Call) throws {
        guard call.path != MCPRoutes.path, isBound(call.identity) else { return }
        throw GatehouseError(
            "http", .denied, "this token is for \(MCPRoutes.path) only",
            hint: "use a key, or a token of an issuer with another audience")
    }
}

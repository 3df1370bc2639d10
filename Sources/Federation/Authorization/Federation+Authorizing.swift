import Core
public import Gate
import JSON

extension Federation {
    /// The address at an authorization server that a person is to visit, so that the gateway may use a server for somebody.
    ///
    /// - Parameters:
    ///   - user: for whom: a principal's id.
    ///   - starter: who is signed in here, and will come back.
    public func beginAuthorizing(
        _ server: String, for user: Authorizations.User, starter: Principal
    ) async throws -> String {
        try await authorizations.begin(try personal(server).settings, user: user.id, starter: starter.id)
    }

    /// The console's page from which a person goes there.
    public func authorizingAddress(_ server: String, for user: Authorizations.User) throws -> String {
        authorizations.address(for: try personal(server).settings.name, user)
    }

    /// What is to be submitted to the gate, with the query as its cargo, when somebody comes back from an authorization
    /// server.
    /// - Throws: `denied` for what was not begun here.
    public func authorization(comingBackWith query: String) throws -> ActionRequest {
        let (server, user) = try authorizations.begun(query: query)
        return ActionRequest(
            tool: AuthorizeTool.id, target: "mcp:\(server)",
            arguments: ["server": .string(server), "user": .string(user)])
    }

    /// Takes what came back from the authorization server, and begins to use the server.
    func completeAuthorizing(query: String, visitor: Principal) async throws -> (server: String, user: String) {
        let done = try await authorizations.complete(query: query, visitor: visitor.id) { settings(of: $0) }
        try personal(done.server).begin(done.user)
        return done
    }

    /// Forgets that somebody has authorized the gateway at a server.
    public func endAuthorization(_ server: String, of user: Authorizations.User) async throws {
        let upstream = try personal(server)
        try await authorizations.forget(upstream.settings, user: user.id)
        upstream.end(user.id)
    }

    private func personal(_ server: String) throws -> PersonalUpstream {
        guard let upstream = try upstream(server) as? PersonalUpstream else {
            throw GatehouseError(
                "mcp", .invalid, "the MCP server \(server) wants no authorization of each who uses it",
                hint: "set mcpServers.\(server).oauth if it does")
        }
        return upstream
    }
}

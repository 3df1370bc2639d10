import Core
import Federation
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Web

/// Where people authorize the gateway at MCP servers that want that of each who uses them.
///
/// Whoever comes back must be signed in here as the one who went: otherwise somebody could have another authorize the gateway
/// for them. The cookie comes with nothing that another site began, so that who comes back has one more step to take here.
struct AuthorizationPages: Sendable {
    let page: Page
    let rooms: Rooms
    let federation: Federation

    /// What authorization servers may send back (RFC 6749, section 4.1.2; RFC 9207).
    private static let members = ["state", "code", "iss", "error"]
    private static let longest = 4096

    var routes: [Route] {
        [
            Route(.get, "/mcp/authorize/{server}", access: .console, handler: begin),
            Route(.get, Authorizations.callbackPath, access: .open, handler: comeBack),
            Route(.get, "/mcp/finish", access: .console, handler: finish),
            Route(.get, Authorizations.metadataPath, access: .open) { _ in .json(metadata) },
        ]
    }

    /// What the gateway is as a client (Client ID Metadata Documents).
    private var metadata: JSON {
        let console = rooms.consoleAddress()
        return [
            "client_id": .string(console + Authorizations.metadataPath), "client_name": "Gatehouse",
            "redirect_uris": [.string(console + Authorizations.callbackPath)],
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        ]
    }

    private func begin(_ call: Call) async throws -> Response {
        let (server, visitor) = (call.parameter("server"), try call.principal())
        let user = Authorizations.User(principal: call.query["for"] ?? visitor.id)
        try await demand(visitor, mayAuthorizeFor: user.id)
        let address = try await federation.beginAuthorizing(server, for: user, starter: visitor)
        let whom = user.id == visitor.id ? "you" : user.id
        return try page.plain(
            "Authorize the gateway", text: "\(server) asks who you are there. What you allow is then done for \(whom).",
            small: "You come back here when you are done.", link: ("Go to \(Self.host(of: address))", address))
    }

    /// For oneself, or for an agent or service that cannot sign in: by those who act here.
    private func demand(_ visitor: Principal, mayAuthorizeFor user: String) async throws {
        guard user != visitor.id else { return }
        let other = try await rooms.gate.identity.principal(user)
        guard other.kind != .person, !visitor.roles.isDisjoint(with: Rooms.operators) else {
            throw GatehouseError(
                "mcp", .denied, "you cannot authorize the gateway for \(other.name)",
                hint: "people do that for themselves, and operators for agents and services")
        }
    }

    private func comeBack(_ call: Call) async throws -> Response {
        try page.plain(
            "Nearly done", text: "What you have allowed is kept once you go on.",
            link: ("Go on", "/mcp/finish?\(try Self.query(call))"))
    }

    private func finish(_ call: Call) async throws -> Response {
        let query = try Self.query(call)
        let request = try federation.authorization(comingBackWith: query)
        _ = try await rooms.gate.submit(
            request, as: try rooms.caller(call), carrying: AuthorizationComeback(query: query))
        let (server, user) = (request.arguments["server"]?.string ?? "", request.arguments["user"]?.string ?? "")
        return try page.plain(
            "Authorized", text: "The gateway now uses \(server) for \(user).",
            small: "You can close this page.", back: "/tools")
    }

    private static func query(_ call: Call) throws -> String {
        let pairs = members.compactMap { name in
            call.query[name].map { "\(name)=\(Percent.encode($0))" }
        }
        let query = pairs.joined(separator: "&")
        guard !query.isEmpty, query.utf8.count <= longest else {
            throw GatehouseError("mcp", .invalid, "an authorization server sends people here with its answer")
        }
        return query
    }

    private static func host(of address: String) -> String {
        address.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init) ?? ""
    }
}

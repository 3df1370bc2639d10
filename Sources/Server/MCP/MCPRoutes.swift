import Core
import Federation
import Gate
import HTTPTypes
import HummingbirdCore
import MCP
import NIOCore

/// The MCP endpoint, at `/mcp`. Hosts and origins are looked at by the front door, like those of every request.
struct MCPRoutes: Sendable {
    static let path = "/mcp"

    let rooms: Rooms
    let endpoint: StreamableEndpoint<GatewayService>
    let resource: MCPResource

    var routes: [Route] {
        [HTTPRequest.Method.post, .get, .delete].map { method in
            Route(method, Self.path, access: .principal, unhurried: true, handler: respond)
        } + resource.routes
    }

    private func respond(_ call: Call) async throws -> Response {
        let caller = try caller(call)
        let head = HTTPRequest(
            method: call.method, scheme: nil, authority: nil, path: call.path, headerFields: call.headers)
        let answer = await endpoint.respond(head, body: call.body, peer: caller, identity: caller.principal.id)
        return Response(status: answer.status, headers: answer.headers, body: Self.body(answer.body))
    }

    /// Over the socket the kernel vouches for a person, and a token for this endpoint was given by one, but what speaks MCP
    /// is an agent of that person's: it asks as one, so that the person can agree to what it asks for, and it can agree to
    /// nothing.
    private func caller(_ call: Call) throws -> Caller {
        let principal = try call.principal()
        guard principal.kind == .person, call.identity?.means == .localUser || resource.isBound(call.identity) else {
            return try rooms.caller(call)
        }
        return try rooms.caller(call, as: principal.agents)
    }

    private static func body(_ body: EndpointAnswer.Body) -> ResponseBody {
        switch body {
        case .none: ResponseBody()
        case .bytes(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(let events):
            ResponseBody { writer in
                for await piece in events { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            }
        }
    }
}

extension Principal {
    /// Those who act for this person: they may do what is work, and ask for the rest where the person may.
    fileprivate var agents: Principal {
        let acts = !roles.isDisjoint(with: Rooms.operators)
        return Principal(
            id: "\(id)/agents", kind: .agent, name: "agents of \(name)",
            roles: acts ? ["developer", "operator"] : roles.intersection(["developer", "viewer"]))
    }
}

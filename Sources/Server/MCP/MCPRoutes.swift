import Core
import Federation
import Gate
import HTTPTypes
import HummingbirdCore
import MCP
import NIOCore

/// The MCP endpoint, at `/mcp`. Hosts and origins are looked at by the front door, like those of every request.
struct MCPRoutes: Sendable {
    let rooms: Rooms
    let endpoint: StreamableEndpoint<GatewayService>

    var routes: [Route] {
        [HTTPRequest.Method.post, .get, .delete].map { method in
            Route(method, "/mcp", access: .principal, unhurried: true, handler: respond)
        }
    }

    private func respond(_ call: Call) async throws -> Response {
        let caller = try rooms.caller(call)
        let head = HTTPRequest(
            method: call.method, scheme: nil, authority: nil, path: call.path, headerFields: call.headers)
        let answer = await endpoint.respond(head, body: call.body, peer: caller, identity: caller.principal.id)
        return Response(status: answer.status, headers: answer.headers, body: Self.body(answer.body))
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

import Core
import Crypto
public import Gate
import JSON
import Synchronization

/// `mcp.authorize`: keeps what a person has let the gateway do at a server, for themselves or for an agent.
///
/// The code that came back is its cargo: it is performed at once or not at all, and no record has it.
struct AuthorizeTool: GateTool {
    static let id = "mcp.authorize"

    let federation: Federation

    let descriptor = ToolDescriptor(
        id: id, title: "Authorize the gateway at an MCP server",
        summary: "Lets the gateway use a server for somebody, as a person has allowed it there.", effect: .change,
        arguments: ToolDescriptor.object(
            ["server": ServerActions.server, "user": ["type": "string", "minLength": 1, "maxLength": 512]],
            required: ["server", "user"]), sendsOutside: true)

    func clearance(for arguments: JSON) -> Set<Label>? {
        ServerActions(federation: federation).clearance(for: arguments)
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (server, user) = (action.arguments["server"]?.string ?? "", action.arguments["user"]?.string ?? "")
        return Preview(summary: "let the gateway use \(server) for \(user)", undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        guard let comeback = context.cargo as? AuthorizationComeback else {
            throw GatehouseError(
                "mcp", .invalid, "a person authorizes the gateway in a browser",
                hint: "gatehouse mcp login SERVER")
        }
        let done = try await federation.completeAuthorizing(query: comeback.query, visitor: context.principal)
        return Answer(["server": .string(done.server), "user": .string(done.user)])
    }
}

/// What an authorization server has sent a person back with.
public final class AuthorizationComeback: Cargo {
    let query: String

    /// - Parameter query: all after the question mark.
    public init(query: String) { self.query = query }

    /// It is for the authorization server that made it.
    public func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection {
        CargoInspection(digest: Hex.encode(SHA256.hash(data: Array(query.utf8))))
    }
}

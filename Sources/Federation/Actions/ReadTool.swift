import Core
import Gate
import JSON
import MCP

/// `mcp.read`: reads a resource of a server behind the gate.
struct ReadTool: GateTool {
    static let id = "mcp.read"

    let federation: Federation

    private var actions: ServerActions { ServerActions(federation: federation) }

    var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Read a resource of an MCP server",
        summary: "Reads what a server behind the gate has at an address.", effect: .read,
        arguments: ServerActions.schema(
            required: ["uri"],
            ["uri": ["type": "string", "description": "As the server has it.", "minLength": 1, "maxLength": 4096]]),
        timeout: .seconds(600), sendsOutside: true, hasBreaker: false)

    /// - Parameters:
    ///   - resources: of the server.
    ///   - uri: as the server has it.
    static func request(_ resources: CatalogueItem, uri: String, _ input: CarriedInput = .none) -> ActionRequest {
        ServerActions.request(
            id, resources, target: ResourceAddress(server: resources.server, uri: uri).text, ["uri": .string(uri)],
            input)
    }

    func clearance(for arguments: JSON) -> Set<Label>? { actions.clearance(for: arguments) }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let resources = try actions.item(.resources, ItemKind.resourcesName, action.arguments)
        return try await actions.answer(
            resources, Method.readResource, ["uri": action.arguments["uri"] ?? .null], action, ["resource": true],
            in: context)
    }
}

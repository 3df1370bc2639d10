import Core
import Gate
import JSON
import MCP

/// `mcp.complete`: asks a server behind the gate which values an argument of a prompt or of an address may take.
struct CompleteTool: GateTool {
    static let id = "mcp.complete"

    let federation: Federation

    private var actions: ServerActions { ServerActions(federation: federation) }

    var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Complete an argument",
        summary: "Asks a server behind the gate for values that an argument of a prompt or of an address may take.",
        effect: .read,
        arguments: ServerActions.schema(
            required: ["argument"],
            [
                "prompt": ["type": "string", "maxLength": 128],
                "uri": ["type": "string", "description": "The template, as the server has it.", "maxLength": 4096],
                "argument": ["type": "object", "description": "Its name, and what there is of its value."],
                "context": ["type": "object", "description": "The arguments that are settled."],
            ]),
        timeout: .seconds(60), sendsOutside: true, hasBreaker: false)

    /// - Parameter item: the prompt, or the resources of a server.
    static func request(_ item: CatalogueItem, uri: String?, _ params: CompleteParams) -> ActionRequest {
        var members: JSONObject = ["argument": params.json["argument"] ?? [:]]
        if let uri { members["uri"] = .string(uri) } else { members["prompt"] = .string(item.name) }
        if let context = params.json["context"], context.object != nil { members["context"] = context }
        let target = uri.map { ResourceAddress(server: item.server, uri: $0).text }
        return ServerActions.request(id, item, target: target, members)
    }

    func clearance(for arguments: JSON) -> Set<Label>? { actions.clearance(for: arguments) }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let arguments = action.arguments
        let (item, reference): (CatalogueItem, CompletionReference)
        if let uri = arguments["uri"]?.string {
            item = try actions.item(.resources, ItemKind.resourcesName, arguments)
            reference = .resource(uri)
        } else {
            item = try actions.item(.prompt, arguments["prompt"]?.string ?? "", arguments)
            reference = .prompt(item.name)
        }
        var params: JSON = ["ref": reference.json, "argument": arguments["argument"] ?? [:]]
        if let settled = arguments["context"] { params["context"] = settled }
        return try await actions.answer(item, Method.complete, params, action, ["completion": true], in: context)
    }
}

import Core
import Gate
import JSON
import MCP

/// `mcp.prompt`: has a server behind the gate fill in one of its prompts.
struct PromptTool: GateTool {
    static let id = "mcp.prompt"

    let federation: Federation

    private var actions: ServerActions { ServerActions(federation: federation) }

    var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Get a prompt of an MCP server",
        summary: "Has a server behind the gate fill in a prompt, as its definition was agreed to.", effect: .read,
        arguments: ServerActions.schema(
            required: ["prompt"],
            [
                "prompt": ["type": "string", "maxLength": 128],
                "arguments": ["type": "object", "description": "What is filled in: texts."],
            ]),
        timeout: .seconds(600), sendsOutside: true, hasBreaker: false)

    static func request(_ prompt: CatalogueItem, _ arguments: JSON, _ input: CarriedInput = .none) -> ActionRequest {
        ServerActions.request(id, prompt, ["prompt": .string(prompt.name), "arguments": arguments], input)
    }

    func clearance(for arguments: JSON) -> Set<Label>? { actions.clearance(for: arguments) }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let prompt = try actions.item(.prompt, action.arguments["prompt"]?.string ?? "", action.arguments)
        return try await actions.answer(
            prompt, Method.getPrompt,
            ["name": .string(prompt.name), "arguments": action.arguments["arguments"] ?? [:]], action,
            ["prompt": .string(prompt.name)], in: context)
    }
}

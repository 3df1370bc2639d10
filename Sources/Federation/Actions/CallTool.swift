import Core
import Gate
import JSON
import MCP

/// `mcp.call`: calls a tool of a server behind the gate.
///
/// Its arguments name the definition that somebody agreed to: an approval is for that one, and when the server's tool is
/// another one by the time it is performed, it is not performed.
struct CallTool: GateTool {
    static let id = "mcp.call"

    let federation: Federation

    private var actions: ServerActions { ServerActions(federation: federation) }

    var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Call a tool of an MCP server",
        summary: "Calls a tool of a server behind the gate, as its definition was agreed to.", effect: .destroy,
        arguments: ServerActions.schema(
            required: ["tool", "arguments"],
            [
                "tool": ["type": "string", "maxLength": 128],
                "arguments": ["type": "object", "description": "What the tool is called with."],
            ]),
        timeout: .seconds(3600), sendsOutside: true, hasBreaker: false)

    static func request(_ tool: CatalogueItem, _ arguments: JSON, _ input: CarriedInput = .none) -> ActionRequest {
        ServerActions.request(id, tool, ["tool": .string(tool.name), "arguments": arguments], input)
    }

    func effect(of arguments: JSON) throws -> Effect { try tool(arguments).effect }

    func clearance(for arguments: JSON) -> Set<Label>? { actions.clearance(for: arguments) }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let tool = try tool(action.arguments)
        let arguments = action.arguments["arguments"] ?? [:]
        try federation.schemas.check(arguments, of: tool)
        return Preview(
            summary: "call \(tool.name) of the MCP server \(tool.server)", diff: arguments.text(pretty: true),
            facts: ["server": .string(tool.server), "tool": .string(tool.name)], undo: undo(of: tool, arguments))
    }

    private func undo(of tool: CatalogueItem, _ arguments: JSON) -> UndoPlan? {
        guard let rule = federation.settings(of: tool.server)?.undo[tool.name],
            let inverse = federation.catalogue[tool.server, rule.tool], inverse.standing == .approved,
            let undone = rule.inverse(of: arguments)
        else { return nil }
        let request = Self.request(inverse, undone)
        return UndoPlan(
            tool: Self.id, target: request.target, arguments: request.arguments,
            summary: "call \(rule.tool) of \(tool.server)")
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let tool = try tool(action.arguments)
        let arguments = action.arguments["arguments"] ?? [:]
        try federation.schemas.check(arguments, of: tool)
        return try await actions.answer(
            tool, Method.callTool, ["name": .string(tool.name), "arguments": arguments], action,
            ["tool": .string(tool.name)], in: context)
    }

    private func tool(_ arguments: JSON) throws -> CatalogueItem {
        try actions.item(.tool, arguments["tool"]?.string ?? "", arguments)
    }
}

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

    var descriptor: ToolDescriptor { Self.descriptor }

    private static let descriptor = ToolDescriptor(
        id: id, title: "Call a tool of an MCP server",
        summary: "Calls a tool of a server behind the gate, as its definition was agreed to.", effect: .destroy,
        arguments: [
            "type": "object", "additionalProperties": false, "required": ["server", "tool", "definition", "arguments"],
            "properties": [
                "server": ["type": "string", "maxLength": 32], "tool": ["type": "string", "maxLength": 128],
                "definition": ["type": "string", "description": "The SHA-256 of its definition.", "maxLength": 64],
                "arguments": ["type": "object", "description": "What the tool is called with."],
                "input": ["type": "object", "description": "What the server was answered that had asked for input."],
                "state": ["type": "string", "description": "What the server gave to carry until then."],
            ],
        ],
        timeout: .seconds(3600), sendsOutside: true, hasBreaker: false)

    static func request(_ tool: CatalogueTool, _ arguments: JSON, input: JSON? = nil, state: String? = nil)
        -> ActionRequest
    {
        var all: JSON = [
            "server": .string(tool.server), "tool": .string(tool.tool), "definition": .string(tool.definition.hash),
            "arguments": arguments,
        ]
        if let input { all["input"] = input }
        if let state { all["state"] = .string(state) }
        return ActionRequest(tool: id, target: tool.target, arguments: all)
    }

    func effect(of arguments: JSON) throws -> Effect { try tool(arguments).effect }

    func clearance(for arguments: JSON) -> Set<Label>? {
        arguments["server"]?.string.flatMap { federation.settings(of: $0)?.clearance } ?? []
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let tool = try tool(action.arguments)
        let arguments = action.arguments["arguments"] ?? [:]
        try federation.schemas.check(arguments, of: tool)
        return Preview(
            summary: "call \(tool.tool) of the MCP server \(tool.server)", diff: arguments.text(pretty: true),
            facts: ["server": .string(tool.server), "tool": .string(tool.tool)], undo: undo(of: tool, arguments))
    }

    private func undo(of tool: CatalogueTool, _ arguments: JSON) -> UndoPlan? {
        guard let rule = federation.settings(of: tool.server)?.undo[tool.tool],
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
        try federation.schemas.check(action.arguments["arguments"] ?? [:], of: tool)
        let upstream = try federation.upstream(tool.server)
        federation.usage.count(tool.server, tool.tool, by: context.principal.id, at: federation.clock.now())
        let result = try await upstream.call(tool, action.arguments, in: context)
        let poison = upstream.settings.poisonedAnswers == .withhold ? try federation.screen.poison(in: result) : []
        var facts: JSON = [
            "server": .string(tool.server), "tool": .string(tool.tool),
            "definition": .string(tool.definition.hash), "failed": .bool(result["isError"]?.bool ?? false),
        ]
        if !poison.isEmpty { facts["withheld"] = .array(poison.sorted().map { .string($0) }) }
        return Answer(
            poison.isEmpty ? result : AnswerScreen.withheld(poison), facts: facts, labels: [.untrusted])
    }

    /// The tool as it stands now, if it is still the one that the arguments mean.
    private func tool(_ arguments: JSON) throws -> CatalogueTool {
        let (server, name) = (arguments["server"]?.string ?? "", arguments["tool"]?.string ?? "")
        let tool = try federation.catalogue.callable(server, name)
        guard arguments["definition"]?.string == tool.definition.hash else {
            throw GatehouseError(
                "mcp", .denied, "the definition of \(server)/\(name) is not the one that was meant",
                hint: "list the tools again")
        }
        return tool
    }
}

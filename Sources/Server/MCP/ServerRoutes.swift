import Core
import Federation
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// The MCP servers behind the gate: how they are, what they offer, and agreeing to it.
struct MCPServerRoutes: Sendable {
    let rooms: Rooms
    let federation: Federation

    var routes: [Route] {
        [
            Route(.get, "/api/v1/mcp/servers", access: .principal, operation: serversOperation) { call in
                try demand(call)
                return .json(["servers": .array(federation.settings.servers.map(server))])
            },
            Route(.get, "/api/v1/mcp/tools", access: .principal, operation: toolsOperation) { call in
                try demand(call)
                let tools = federation.catalogue.tools.filter { tool in
                    call.query["server"].map { $0 == tool.server } ?? true
                }
                let uses = MCPUses(federation.usage)
                return .json(["tools": .array(tools.map { json($0, uses) })])
            },
            Route(.post, "/api/v1/mcp/servers/{name}/approve", access: .principal, operation: approveOperation) {
                call in
                rooms.response(
                    try await rooms.gate.submit(
                        try approval(of: call.parameter("name"), try call.json()), as: try rooms.caller(call)))
            },
        ]
    }

    private func demand(_ call: Call) throws {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see the MCP servers")
    }

    // MARK: Agreeing

    /// Those that nobody agreed to as they are. What is suspicious, has another's name or looks like another only when it is
    /// named.
    func approval(of server: String, _ body: JSON) throws -> ActionRequest {
        let catalogue = federation.catalogue
        let open = catalogue.tools.filter { $0.server == server && $0.standing != .approved }
        let names = body["tools"]?.array?.compactMap(\.string)
        let chosen =
            try names.map { try $0.map { try Self.tool($0, of: server, in: catalogue) } }
            ?? open.filter(\.isPlain)
        guard !chosen.isEmpty else {
            throw GatehouseError(
                "mcp", .notFound,
                open.isEmpty
                    ? "\(server) has no tool that waits for anybody's word"
                    : "all tools of \(server) that wait have something about them",
                hint: open.isEmpty ? "see gatehouse mcp status" : "look at them, and name those that you agree to")
        }
        let effects = body["effects"]?.object
        return Federation.approval(
            server: server,
            try chosen.map { tool in
                guard let text = effects?[tool.tool]?.string else { return (tool, tool.effect) }
                guard let effect = Effect(rawValue: text) else {
                    throw GatehouseError("mcp", .invalid, "\"\(text.prefix(40))\" is no effect")
                }
                return (tool, effect)
            })
    }

    private static func tool(_ name: String, of server: String, in catalogue: Catalogue) throws -> CatalogueTool {
        guard let tool = catalogue[server, name] else {
            let names = catalogue.tools.lazy.filter { $0.server == server }.map(\.tool)
            throw GatehouseError(
                "mcp", .notFound, "\(server) has no tool \"\(name.prefix(80))\"",
                hint: Suggestion.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" })
        }
        return tool
    }

    // MARK: Shapes

    private func server(_ settings: UpstreamSettings) -> JSON {
        let health = federation.health[settings.name]
        let tools = federation.catalogue.tools.filter { $0.server == settings.name }
        var out: JSONObject = [
            "name": .string(settings.name), "state": .string(health?.state.rawValue ?? "stopped"),
            "tools": JSON(tools.count), "approved": JSON(tools.count { $0.standing == .approved }),
            "quarantined": JSON(tools.count { $0.standing != .approved && $0.standing != .new }),
            "suspicious": JSON(tools.count { !$0.suspicions.isEmpty }),
            "refused": .array((federation.refused[settings.name] ?? []).map { .string($0) }),
        ]
        out.put("problem", health?.problem)
        out.put("version", health?.version)
        out.put("since", health?.since)
        return .object(out)
    }

    private func json(_ tool: CatalogueTool, _ uses: MCPUses) -> JSON {
        var out: JSONObject = [
            "name": .string(tool.publicName), "server": .string(tool.server), "tool": .string(tool.tool),
            "standing": .string(tool.standing.name), "effect": .string(tool.effect.rawValue),
            "definition": .string(tool.definition.hash), "uses": uses.json(of: tool),
            "suspicions": .array(
                tool.suspicions.map {
                    ["place": .string($0.place), "kind": .string($0.kind), "score": JSON($0.score) ?? .null]
                }),
        ]
        out.put("objection", tool.standing.objection)
        if case .changed(let diff) = tool.standing { out.put("diff", diff) }
        return .object(out)
    }

    // MARK: Operations

    private var serversOperation: Operation {
        Operation(
            "listMCPServers", "mcp", "The MCP servers behind the gate, and how they are.",
            answers: [200: .json(Schema.object(["servers": Schema.list(of: Schema.anyObject)]))])
    }
    private var toolsOperation: Operation {
        Operation(
            "listMCPTools", "mcp", "Their tools: where each stands, who uses it, and what is suspicious about it.",
            query: [.init("server", Schema.string(), "only of this server")],
            answers: [200: .json(Schema.object(["tools": Schema.list(of: Schema.anyObject)]))])
    }
    private var approveOperation: Operation {
        Operation(
            "approveMCPTools", "mcp",
            "Agrees to tools of a server as they are: to all that wait and are not suspicious, or to those named.",
            request: Schema.object(
                [:], optional: ["tools": Schema.list(of: Schema.string()), "effects": Schema.anyObject]),
            answers: [200: .json(Schema.ref("Submission")), 202: .json(Schema.ref("Submission"))])
    }
}

/// Who calls which tool.
struct MCPUses {
    private let byTool: [String: [(principal: String, use: UsageMeter.Use)]]

    init(_ meter: UsageMeter) {
        var byTool: [String: [(principal: String, use: UsageMeter.Use)]] = [:]
        for (key, use) in meter.all { byTool["\(key.server)/\(key.tool)", default: []].append((key.principal, use)) }
        self.byTool = byTool
    }

    /// Of all who call it; nil for a tool that nobody has called.
    func sum(of tool: CatalogueTool) -> UsageMeter.Use? {
        guard let uses = byTool["\(tool.server)/\(tool.tool)"]?.map(\.use), let first = uses.first else { return nil }
        return uses.dropFirst().reduce(into: first) { sum, use in
            sum.calls += use.calls
            sum.last = max(sum.last, use.last)
        }
    }

    func json(of tool: CatalogueTool) -> JSON {
        let uses = byTool["\(tool.server)/\(tool.tool)"] ?? []
        return .array(
            uses.sorted { $0.principal < $1.principal }.map {
                ["principal": .string($0.principal), "calls": JSON($0.use.calls), "last": .time($0.use.last)]
            })
    }
}

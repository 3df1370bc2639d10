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
                let items = federation.catalogue.items.filter { item in
                    call.query["server"].map { $0 == item.server } ?? true
                }
                let uses = MCPUses(federation.usage)
                func shown(_ kind: ItemKind) -> JSON {
                    .array(items.filter { $0.kind == kind }.map { json($0, uses) })
                }
                return .json(["tools": shown(.tool), "prompts": shown(.prompt), "resources": shown(.resources)])
            },
            Route(.get, "/api/v1/mcp/unused", access: .principal, operation: unusedOperation) { call in
                try demand(call)
                let days = call.query["days"].map { Int($0) } ?? UnusedTools.usualDays
                guard let days, (1...3650).contains(days) else {
                    throw GatehouseError("mcp", .invalid, "days must be a number from 1 to 3650")
                }
                return .json(try await UnusedTools(rooms: rooms, federation: federation).report(days: days))
            },
            Route(.post, "/api/v1/mcp/servers/{name}/login", access: .principal, operation: loginOperation) { call in
                let user = Authorizations.User(principal: try call.principal().id)
                let address = try federation.authorizingAddress(call.parameter("name"), for: user)
                return .json(["url": .string(address)])
            },
            Route(.post, "/api/v1/mcp/servers/{name}/logout", access: .principal, operation: logoutOperation) { call in
                try await federation.endAuthorization(
                    call.parameter("name"), of: Authorizations.User(principal: try call.principal().id))
                return .json([:])
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

    /// What nobody agreed to as it is. What is suspicious, has another's name or looks like another only when it is named.
    func approval(of server: String, _ body: JSON) throws -> ActionRequest {
        let catalogue = federation.catalogue
        let open = catalogue.items.filter { $0.server == server && $0.standing != .approved }
        let chosen = try Self.named(body, of: server, in: catalogue) ?? open.filter(\.isPlain)
        guard !chosen.isEmpty else {
            throw GatehouseError(
                "mcp", .notFound,
                open.isEmpty
                    ? "\(server) has nothing that waits for anybody's word"
                    : "all that waits of \(server) has something about it",
                hint: open.isEmpty ? "see gatehouse mcp status" : "look at it, and name what you agree to")
        }
        let effects = body["effects"]?.object
        return Federation.approval(
            server: server,
            try chosen.map { item in
                guard item.kind == .tool, let text = effects?[item.name]?.string else { return (item, item.effect) }
                guard let effect = Effect(rawValue: text) else {
                    throw GatehouseError("mcp", .invalid, "\"\(text.prefix(40))\" is no effect")
                }
                return (item, effect)
            })
    }

    /// Nil where nothing is named.
    private static func named(_ body: JSON, of server: String, in catalogue: Catalogue) throws -> [CatalogueItem]? {
        var items: [CatalogueItem] = []
        for (member, kind) in [("tools", ItemKind.tool), ("prompts", .prompt)] {
            for name in body[member]?.array?.compactMap(\.string) ?? [] {
                items.append(try item(kind, name, of: server, in: catalogue))
            }
        }
        if body["resources"]?.bool == true {
            items.append(try item(.resources, ItemKind.resources.rawValue, of: server, in: catalogue))
        }
        return ["tools", "prompts", "resources"].allSatisfy { body[$0] == nil } ? nil : items
    }

    private static func item(
        _ kind: ItemKind, _ name: String, of server: String, in catalogue: Catalogue
    ) throws -> CatalogueItem {
        let own = catalogue.items.filter { $0.server == server && $0.kind == kind }
        if let item = own.first(where: { $0.name == name }) { return item }
        throw GatehouseError(
            "mcp", .notFound, "\(server) has no \(kind.rawValue) \"\(name.prefix(80))\"",
            hint: Suggestion.nearest(to: name, among: own.map(\.name)).map { "did you mean \"\($0)\"?" })
    }

    // MARK: Shapes

    private func server(_ settings: UpstreamSettings) -> JSON {
        let health = federation.health[settings.name]
        let items = federation.catalogue.items.filter { $0.server == settings.name }
        let tools = items.filter { $0.kind == .tool }
        var out: JSONObject = [
            "name": .string(settings.name), "state": .string(health?.state.rawValue ?? "stopped"),
            "tools": JSON(tools.count), "approved": JSON(tools.count { $0.standing == .approved }),
            "prompts": JSON(items.count { $0.kind == .prompt }),
            "resources": JSON(federation.resourceCount(of: settings.name)),
            "waiting": JSON(items.count { $0.standing != .approved }),
            "quarantined": JSON(items.count { $0.standing != .approved && $0.standing != .new }),
            "suspicious": JSON(items.count { !$0.suspicions.isEmpty }),
            "refused": .array((federation.refused[settings.name] ?? []).map { .string($0) }),
        ]
        out.put("problem", health?.problem)
        out.put("version", health?.version)
        out.put("since", health?.since)
        return .object(out)
    }

    private func json(_ tool: CatalogueItem, _ uses: MCPUses) -> JSON {
        var out: JSONObject = [
            "name": .string(tool.publicName), "server": .string(tool.server), tool.kind.rawValue: .string(tool.name),
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
            answers: [
                200: .json(
                    Schema.object([
                        "tools": Schema.list(of: Schema.anyObject), "prompts": Schema.list(of: Schema.anyObject),
                        "resources": Schema.list(of: Schema.anyObject),
                    ]))
            ])
    }
    private var loginOperation: Operation {
        Operation(
            "loginToMCPServer", "mcp", "Where a person authorizes the gateway at a server, for the caller.",
            answers: [200: .json(Schema.object(["url": Schema.string()]))])
    }
    private var logoutOperation: Operation {
        Operation(
            "logoutOfMCPServer", "mcp", "Forgets that the caller has authorized the gateway at a server.",
            answers: [200: .json(Schema.anyObject)])
    }
    private var unusedOperation: Operation {
        Operation(
            "listUnusedMCPTools", "mcp", "Who may call tools of the MCP servers and has not for some time.",
            query: [.init("days", Schema.integer(), "after how many days; 90 if nothing is said")],
            answers: [
                200: .json(
                    Schema.object(["days": Schema.integer(), "principals": Schema.list(of: Schema.anyObject)]))
            ])
    }
    private var approveOperation: Operation {
        Operation(
            "approveMCPTools", "mcp",
            "Agrees to what a server offers as it is: to all that waits and is not suspicious, or to what is named.",
            request: Schema.object(
                [:],
                optional: [
                    "tools": Schema.list(of: Schema.string()), "prompts": Schema.list(of: Schema.string()),
                    "resources": Schema.boolean(), "effects": Schema.anyObject,
                ]),
            answers: [200: .json(Schema.ref("Submission")), 202: .json(Schema.ref("Submission"))])
    }
}

import Core
import Gate
import JSON

/// `mcp.pin`: agrees to tools of a server as they are. What differs from that later is quarantined.
struct PinTool: GateTool {
    static let id = "mcp.pin"

    static let server: JSON = ["type": "string", "minLength": 1, "maxLength": 32]

    let federation: Federation

    let descriptor = ToolDescriptor(
        id: id, title: "Agree to tools of an MCP server",
        summary:
            "Pins the definitions of tools, so that they can be called; what differs from them later is quarantined.",
        effect: .change,
        arguments: [
            "type": "object", "additionalProperties": false, "required": ["server", "tools"],
            "properties": [
                "server": PinTool.server,
                "tools": [
                    "type": "array", "minItems": 1, "maxItems": JSON(Listing.mostTools),
                    "items": [
                        "type": "object", "additionalProperties": false, "required": ["tool", "definition", "effect"],
                        "properties": [
                            "tool": ["type": "string", "minLength": 1, "maxLength": 128],
                            "definition": ["type": "string", "minLength": 64, "maxLength": 64],
                            "effect": ["enum": .array(Effect.allCases.map { .string($0.rawValue) })],
                        ],
                    ],
                ],
            ],
        ])

    /// Agreeing to tools that are not approved yet, as they are now.
    static func request(server: String, _ tools: [(tool: CatalogueTool, effect: Effect)]) -> ActionRequest {
        ActionRequest(
            tool: id, target: "mcp:\(server)",
            arguments: [
                "server": .string(server),
                "tools": .array(
                    tools.map {
                        [
                            "tool": .string($0.tool.tool), "definition": .string($0.tool.definition.hash),
                            "effect": .string($0.effect.rawValue),
                        ]
                    }),
            ])
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (server, wanted) = try read(action.arguments)
        let undo = UndoPlan(
            tool: UnpinTool.id, target: action.target,
            arguments: ["server": .string(server), "tools": .array(wanted.map { .string($0.tool.tool) })],
            summary: "take \(wanted.count) tools of \(server) off again")
        return Preview(
            summary: "agree to \(wanted.count) tools of the MCP server \(server)",
            diff: wanted.map { Self.shown($0.tool, $0.effect) }.joined(separator: "\n"),
            facts: [
                "server": .string(server), "tools": .array(wanted.map { .string($0.tool.tool) }),
                "suspicious": .array(wanted.filter { !$0.tool.suspicions.isEmpty }.map { .string($0.tool.tool) }),
            ],
            undo: undo)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (server, wanted) = try read(action.arguments)
        let now = federation.clock.now()
        try await federation.pins.put(
            wanted.map {
                Pin(
                    key: Pin.Key(server: server, tool: $0.tool.tool), definition: $0.tool.definition,
                    effect: $0.effect, action: action.id, time: now)
            })
        federation.compareAnew()
        return Answer(["server": .string(server), "tools": .array(wanted.map { .string($0.tool.tool) })])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let isDone = federation.pins.all.values.contains { $0.action == action.id }
        return isDone ? .happened(Answer(["server": action.arguments["server"] ?? .null])) : .didNotHappen
    }

    /// - Throws: `not_found`; `conflict` for a definition that has changed since it was looked at.
    private func read(_ arguments: JSON) throws -> (server: String, tools: [(tool: CatalogueTool, effect: Effect)]) {
        let server = arguments["server"]?.string ?? ""
        let catalogue = federation.catalogue
        let tools = try (arguments["tools"]?.array ?? []).map { wanted in
            let name = wanted["tool"]?.string ?? ""
            guard let tool = catalogue[server, name] else {
                throw GatehouseError("mcp", .notFound, "\(server) has no tool \"\(name)\"")
            }
            guard tool.definition.hash == wanted["definition"]?.string else {
                throw GatehouseError(
                    "mcp", .conflict, "the definition of \(server)/\(name) has changed since it was looked at",
                    hint: "look at it again")
            }
            return (tool, wanted["effect"]?.string.flatMap(Effect.init(rawValue:)) ?? tool.effect)
        }
        return (server, tools)
    }

    private static func shown(_ tool: CatalogueTool, _ effect: Effect) -> String {
        var text = "# \(tool.server)/\(tool.tool): its calls count as \(effect.rawValue); \(tool.standing.name)\n"
        for suspicion in tool.suspicions {
            text += "! \(suspicion.kind) at \(suspicion.place), score \(Int(suspicion.score * 100)) of 100\n"
        }
        if case .changed(let diff) = tool.standing { return text + diff }
        if let objection = tool.standing.objection, tool.standing != .new { text += "! \(objection)\n" }
        return text + tool.definition.shown + "\n"
    }
}

/// `mcp.unpin`: takes tools of a server off, until somebody agrees to them again.
struct UnpinTool: GateTool {
    static let id = "mcp.unpin"

    let federation: Federation

    let descriptor = ToolDescriptor(
        id: id, title: "Take tools of an MCP server off",
        summary: "Forgets that somebody agreed to these tools: they can no longer be called.", effect: .change,
        arguments: [
            "type": "object", "additionalProperties": false, "required": ["server", "tools"],
            "properties": [
                "server": PinTool.server,
                "tools": [
                    "type": "array", "minItems": 1, "maxItems": JSON(Listing.mostTools),
                    "items": ["type": "string", "minLength": 1, "maxLength": 128],
                ],
            ],
        ])

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let keys = Self.keys(action.arguments)
        let pins = keys.compactMap { federation.pins[$0] }
        guard pins.count == keys.count else {
            throw GatehouseError("mcp", .notFound, "not all of these tools are agreed to")
        }
        let again = pins.map { pin -> JSON in
            [
                "tool": .string(pin.key.tool), "definition": .string(pin.definition.hash),
                "effect": .string(pin.effect.rawValue),
            ]
        }
        return Preview(
            summary: "take \(keys.count) tools of the MCP server \(keys.first?.server ?? "") off",
            undo: UndoPlan(
                tool: PinTool.id, target: action.target,
                arguments: ["server": action.arguments["server"] ?? .null, "tools": .array(again)],
                summary: "agree to them again"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        try await federation.pins.remove(Self.keys(action.arguments))
        federation.compareAnew()
        return Answer(action.arguments)
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let isThere = Self.keys(action.arguments).contains { federation.pins[$0] != nil }
        return isThere ? .didNotHappen : .happened(Answer(action.arguments))
    }

    private static func keys(_ arguments: JSON) -> [Pin.Key] {
        let server = arguments["server"]?.string ?? ""
        return (arguments["tools"]?.array ?? []).compactMap(\.string).map { Pin.Key(server: server, tool: $0) }
    }
}

import Core
import Gate
import JSON

/// `mcp.pin`: agrees to tools, prompts and resources of a server as they are. What differs from that later is quarantined.
struct PinTool: GateTool {
    static let id = "mcp.pin"

    let federation: Federation

    let descriptor = ToolDescriptor(
        id: id, title: "Agree to what an MCP server offers",
        summary:
            "Pins the definitions of tools, prompts and resources, so that they can be used; what differs from them later is quarantined.",
        effect: .change,
        arguments: PinnedItems.schema([
            "definition": ["type": "string", "minLength": 64, "maxLength": 64],
            "effect": ["enum": .array(Effect.allCases.map { .string($0.rawValue) })],
        ]))

    typealias Agreed = (item: CatalogueItem, effect: Effect)

    /// Agreeing to items that are not approved yet, as they are now.
    static func request(server: String, _ items: [Agreed]) -> ActionRequest {
        ActionRequest(
            tool: id, target: "mcp:\(server)",
            arguments: [
                "server": .string(server),
                "items": .array(items.map { shape($0.item.definition.key, $0.item.definition.hash, $0.effect) }),
            ])
    }

    static func shape(_ key: Pin.Key, _ hash: String, _ effect: Effect) -> JSON {
        [
            "kind": .string(key.kind.rawValue), "name": .string(key.name), "definition": .string(hash),
            "effect": .string(effect.rawValue),
        ]
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (server, wanted) = try read(action.arguments)
        let what = PinnedItems.count(wanted.map(\.item.kind))
        let undo = UndoPlan(
            tool: UnpinTool.id, target: action.target,
            arguments: [
                "server": .string(server), "items": .array(wanted.map { PinnedItems.shape($0.item.definition.key) }),
            ],
            summary: "take \(what) of \(server) off again")
        return Preview(
            summary: "agree to \(what) of the MCP server \(server)",
            diff: wanted.map { Self.shown($0.item, $0.effect) }.joined(separator: "\n"),
            facts: [
                "server": .string(server), "tools": .array(wanted.map { .string($0.item.name) }),
                "suspicious": .array(wanted.filter { !$0.item.suspicions.isEmpty }.map { .string($0.item.name) }),
            ],
            undo: undo)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (server, wanted) = try read(action.arguments)
        let now = federation.clock.now()
        try await federation.pins.put(
            wanted.map {
                Pin(
                    key: $0.item.definition.key, definition: $0.item.definition, effect: $0.effect,
                    action: action.id, time: now)
            })
        federation.compareAnew()
        func names(_ kind: ItemKind) -> JSON {
            .array(wanted.filter { $0.item.kind == kind }.map { .string($0.item.name) })
        }
        return Answer([
            "server": .string(server), "tools": names(.tool), "prompts": names(.prompt),
            "resources": .bool(wanted.contains { $0.item.kind == .resources }),
        ])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let isDone = federation.pins.all.values.contains { $0.action == action.id }
        return isDone ? .happened(Answer(["server": action.arguments["server"] ?? .null])) : .didNotHappen
    }

    /// - Throws: `not_found`; `conflict` for a definition that has changed since it was looked at.
    private func read(_ arguments: JSON) throws -> (server: String, items: [Agreed]) {
        let server = arguments["server"]?.string ?? ""
        let catalogue = federation.catalogue
        let items = try (arguments["items"]?.array ?? []).map { wanted in
            guard let key = PinnedItems.key(wanted, server), let item = catalogue[key] else {
                throw GatehouseError("mcp", .notFound, "\(server) has no \"\(wanted["name"]?.string ?? "")\"")
            }
            guard item.definition.hash == wanted["definition"]?.string else {
                throw GatehouseError(
                    "mcp", .conflict, "the definition of \(key.text) has changed since it was looked at",
                    hint: "look at it again")
            }
            let effect = wanted["effect"]?.string.flatMap(Effect.init(rawValue:))
            return (item, item.kind == .tool ? effect ?? item.effect : .read)
        }
        return (server, items)
    }

    private static func shown(_ item: CatalogueItem, _ effect: Effect) -> String {
        let use = item.kind == .tool ? "its calls count as \(effect.rawValue)" : "it is read"
        var text = "# \(item.definition.key.text): \(use); \(item.standing.name)\n"
        for suspicion in item.suspicions {
            text += "! \(suspicion.kind) at \(suspicion.place), score \(Int(suspicion.score * 100)) of 100\n"
        }
        if case .changed(let diff) = item.standing { return text + diff }
        if let objection = item.standing.objection, item.standing != .new { text += "! \(objection)\n" }
        return text + item.definition.shown + "\n"
    }
}

import Core
import Gate
import JSON

/// `mcp.unpin`: takes what a server offers off, until somebody agrees to it again.
struct UnpinTool: GateTool {
    static let id = "mcp.unpin"

    let federation: Federation

    let descriptor = ToolDescriptor(
        id: id, title: "Take off what an MCP server offers",
        summary: "Forgets that somebody agreed to these tools, prompts and resources: they can no longer be used.",
        effect: .change,
        arguments: [
            "type": "object", "additionalProperties": false, "required": ["server", "items"],
            "properties": [
                "server": ServerActions.server,
                "items": [
                    "type": "array", "minItems": 1, "maxItems": JSON(2 * Listing.mostTools + 1),
                    "items": [
                        "type": "object", "additionalProperties": false, "required": ["kind", "name"],
                        "properties": [
                            "kind": ["enum": .array(ItemKind.allCases.map { .string($0.rawValue) })],
                            "name": ["type": "string", "minLength": 1, "maxLength": 128],
                        ],
                    ],
                ],
            ],
        ])

    static func shape(_ key: Pin.Key) -> JSON { ["kind": .string(key.kind.rawValue), "name": .string(key.name)] }

    static func key(_ item: JSON, _ server: String) -> Pin.Key? {
        guard let kind = item["kind"]?.string.flatMap(ItemKind.init(rawValue:)), let name = item["name"]?.string else {
            return nil
        }
        return Pin.Key(kind: kind, server: server, name: name)
    }

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let keys = Self.keys(action.arguments)
        let pins = keys.compactMap { federation.pins[$0] }
        guard pins.count == keys.count else {
            throw GatehouseError("mcp", .notFound, "not all of these are agreed to")
        }
        let again = pins.map { PinTool.shape($0.key, $0.definition.hash, $0.effect) }
        return Preview(
            summary: "take \(PinTool.count(keys.map(\.kind))) of the MCP server \(keys.first?.server ?? "") off",
            undo: UndoPlan(
                tool: PinTool.id, target: action.target,
                arguments: ["server": action.arguments["server"] ?? .null, "items": .array(again)],
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
        return (arguments["items"]?.array ?? []).compactMap { key($0, server) }
    }
}

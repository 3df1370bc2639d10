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
        arguments: PinnedItems.schema())

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let keys = Self.keys(action.arguments)
        let pins = keys.compactMap { federation.pins[$0] }
        guard pins.count == keys.count else {
            throw GatehouseError("mcp", .notFound, "not all of these are agreed to")
        }
        let again = pins.map { PinTool.shape($0.key, $0.definition.hash, $0.effect) }
        return Preview(
            summary: "take \(PinnedItems.count(keys.map(\.kind))) of the MCP server \(keys.first?.server ?? "") off",
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
        return (arguments["items"]?.array ?? []).compactMap { PinnedItems.key($0, server) }
    }
}

import Core
import Gate
import JSON

/// The tools that a model is offered, and what its calls of them mean. Functions have no points in their names: ids have
/// no hyphens, so that each stands for the other.
struct ToolTable: Sendable {
    static let most = 64
    static let longestName = 64

    private let tools: [String: ToolDescriptor]
    /// What one call would do; throws where its arguments do not fit.
    private let effect: @Sendable (ActionRequest) throws -> Effect

    init(_ descriptors: [ToolDescriptor], effect: @escaping @Sendable (ActionRequest) throws -> Effect) {
        let offered = descriptors.filter { !$0.hasParts && $0.id.utf8.count <= Self.longestName }.prefix(Self.most)
        tools = Dictionary(offered.map { (Self.name(of: $0.id), $0) }) { first, _ in first }
        self.effect = effect
    }

    /// As a chat completion takes them, in the order of their names; nil where there are none.
    var functions: JSON? {
        guard !tools.isEmpty else { return nil }
        return .array(
            tools.sorted { $0.key < $1.key }.map { name, tool in
                [
                    "type": "function",
                    "function": [
                        "name": .string(name), "description": .string(tool.summary), "parameters": tool.arguments,
                    ],
                ]
            })
    }

    enum Meaning: Sendable {
        /// May be performed at once.
        case look(ActionRequest)
        /// Would change something, give out a secret, or send what the model writes to others.
        case proposal(AgentProposal)
        /// With the id that was meant, where it looks like one.
        case refused(String, GatehouseError)
    }

    func meaning(of call: ModelReply.Call, by agent: String) -> Meaning {
        guard let tool = tools[call.name] else {
            let id = String(call.name.split(separator: "-", omittingEmptySubsequences: false).joined(separator: "."))
            return .refused(
                id,
                GatehouseError(
                    "agents", .denied, "this agent may not call \(id.prefix(80))",
                    hint: "there are \(tools.keys.sorted().joined(separator: ", "))"))
        }
        guard let arguments = call.arguments else {
            return .refused(
                tool.id, GatehouseError("agents", .invalid, "the arguments of \(tool.id) are to be one JSON object"))
        }
        let request = ActionRequest(tool: tool.id, target: "agent:\(agent)", arguments: arguments)
        do {
            let effect = try effect(request)
            guard effect == .read, !tool.sendsOutside else {
                return .proposal(AgentProposal(tool: tool.id, arguments: arguments, effect: effect))
            }
            return .look(request)
        } catch {
            return .refused(tool.id, .wrapping(error))
        }
    }

    static func name(of id: String) -> String { id.split(separator: ".").joined(separator: "-") }
}

import Core
import Gate
import JSON
import Synchronization

/// The tools of one agent while it works: those that its definition lists, and no others. Each call is an action that is
/// part of the agent's own, and passes the gate by itself.
final class AgentTools: Sendable {
    private let allowed: Set<String>
    private let context: ActionContext
    private let used = Mutex<[AgentCall]>([])

    /// - Parameter allowed: ids, or `scan.*` for all of a room.
    init(allowed: [String], in context: ActionContext) {
        self.allowed = Set(allowed)
        self.context = context
    }

    /// What was called so far, in order, refusals included.
    var calls: [AgentCall] { used.withLock { $0 } }

    /// - Returns: the answer of the tool.
    /// - Throws: `denied` for a tool that the agent may not call; `approval_required` where people are asked first, with
    ///   the approval's id; else what the gate says.
    func call(_ tool: String, target: String, _ arguments: JSON) async throws -> JSON {
        guard admits(tool) else {
            let error = GatehouseError(
                "agents", .denied, "this agent may not call \(tool.prefix(80))", hint: "its definition lists its tools")
            note(AgentCall(tool: tool, actionID: nil, error: error))
            throw error
        }
        let request = ActionRequest(tool: tool, target: target, arguments: arguments)
        let outcome = await context.submit(request)
        do {
            let submission = try outcome.result.get()
            // TODO by the room's author: the answer of a submission that is done; an error for one that waits.
            _ = submission
            note(AgentCall(tool: tool, actionID: outcome.actionID, error: nil))
            return [:]
        } catch let error as GatehouseError {
            note(AgentCall(tool: tool, actionID: outcome.actionID, error: error))
            throw error
        }
    }

    func progress(_ stage: String) { context.progress(Progress(stage: stage, done: 0)) }

    private func admits(_ tool: String) -> Bool {
        allowed.contains(tool) || tool.split(separator: ".").first.map { allowed.contains("\($0).*") } == true
    }

    private func note(_ call: AgentCall) { used.withLock { $0.append(call) } }
}

/// One call of a tool by an agent.
struct AgentCall: Sendable {
    let tool: String
    /// Nil where it never came to the gate.
    let actionID: String?
    let error: GatehouseError?
}

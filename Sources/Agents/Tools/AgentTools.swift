import Core
import Crypto
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
    /// - Throws: `denied` for a tool that the agent may not call, and where people are asked first, with the approval's
    ///   id: the action is performed once they agree, and the agent does not wait for it; else what the gate says.
    func call(_ tool: String, target: String, _ arguments: JSON) async throws -> JSON {
        try await submit(ActionRequest(tool: tool, target: target, arguments: arguments), carrying: nil)
    }

    /// A call that is performed now or never: nobody is asked to agree to it.
    /// The failure is as ``call(_:target:_:)`` throws it; `denied` where policy would have people asked.
    func look(_ request: ActionRequest) async -> Result<JSON, GatehouseError> {
        do throws(GatehouseError) { return .success(try await submit(request, carrying: AtOnce())) } catch {
            return .failure(error)
        }
    }

    func progress(_ stage: String) { context.progress(Progress(stage: stage, done: 0)) }

    /// Whether the definition lists it.
    func admits(_ tool: String) -> Bool {
        allowed.contains(tool) || tool.split(separator: ".").first.map { allowed.contains("\($0).*") } == true
    }

    /// Keeps on record what never came to the gate.
    func note(_ tool: String, refused error: GatehouseError) {
        note(AgentCall(tool: String(tool.prefix(80)), actionID: nil, error: error))
    }

    private func submit(_ request: ActionRequest, carrying cargo: (any Cargo)?) async throws(GatehouseError) -> JSON {
        guard admits(request.tool) else {
            let error = GatehouseError(
                "agents", .denied, "this agent may not call \(request.tool.prefix(80))",
                hint: "its definition lists its tools")
            note(request.tool, refused: error)
            throw error
        }
        let outcome = await context.submit(request, carrying: cargo)
        do throws(GatehouseError) {
            let answer = try Self.answer(of: outcome.result.get(), to: request.tool)
            note(AgentCall(tool: request.tool, actionID: outcome.actionID, error: nil))
            return answer
        } catch {
            let id = outcome.actionID.isEmpty ? nil : outcome.actionID
            note(AgentCall(tool: request.tool, actionID: id, error: error))
            throw error
        }
    }

    private static func answer(of submission: Submission, to tool: String) throws(GatehouseError) -> JSON {
        switch submission {
        case .answered(_, let answer, _): return answer.value
        case .waiting(_, let approval):
            throw GatehouseError(
                "agents", .denied, "\(tool) waits for people who agree to it: approval \(approval.id)",
                hint: "it is performed once they agree; run the agent again then")
        }
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

/// Makes an action one that the gate refuses where people would have to be asked: what carries something is not kept.
private struct AtOnce: Cargo {
    func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection {
        CargoInspection(digest: Hex.encode(SHA256.hash(data: [UInt8]())))
    }
}

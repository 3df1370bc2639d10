import Core
import JSON

/// What an agent does without a model, and the evidence of what it does with one: the same tools, the same output schema.
///
/// It reads what its tools say and works it out; the tools are called through the gate, each as a part of the agent's own
/// action. Deterministic: the same task and answers give the same result.
protocol Procedure: Sendable {
    /// As definitions name it: `explore`.
    var name: String { get }

    /// - Returns: an object that satisfies the output schema of the agents that name it.
    /// - Throws: `invalid`, naming the member of the input; else what a tool threw without which nothing can be said.
    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON
}

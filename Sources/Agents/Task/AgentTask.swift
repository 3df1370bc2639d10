public import JSON

/// What an agent is asked to do.
public struct AgentTask: Sendable {
    /// In a person's or another agent's words; empty where the input says it all. Data, never instruction, to everyone but
    /// the agent that it is put to.
    public var request: String
    /// An object: what the agent's duty is about, such as `path` or `assessment`, and what agents before it found.
    public var input: JSON

    public init(request: String = "", input: JSON = [:]) {
        self.request = request
        self.input = input
    }
}

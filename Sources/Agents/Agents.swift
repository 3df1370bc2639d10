public import Gate
package import Models

/// The agents of the house. The gate knows them as two tools; what an agent does passes the gate by itself.
public struct Agents: Sendable {
    public let library: AgentLibrary
    let models: ModelGateway?
    /// Models by agent, before those of the agent's own definition.
    let preferred: [String: [String]]
    let gate: GateReference

    /// - Parameters:
    ///   - models: nil where there are none, so that agents go by their procedures.
    ///   - preferred: by the agent's name, models in order of preference, as people write them.
    ///   - gate: that its tools will be part of.
    package init(
        library: AgentLibrary, models: ModelGateway?, preferred: [String: [String]] = [:], gate: GateReference
    ) {
        self.library = library
        self.models = models
        self.preferred = preferred
        self.gate = gate
    }

    public var tools: [any Tool] { [RunTool(agents: self), ListTool(library: library)] }
}

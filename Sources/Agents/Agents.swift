public import Gate

/// The agents of the house. The gate knows them as two tools; what an agent does passes the gate by itself.
public struct Agents: Sendable {
    public let library: AgentLibrary
    package let models: AgentModels?
    let gate: GateReference

    /// - Parameters:
    ///   - models: nil where there are none, so that agents go by their procedures.
    ///   - gate: that its tools will be part of.
    package init(library: AgentLibrary, models: AgentModels?, gate: GateReference) {
        self.library = library
        self.models = models
        self.gate = gate
    }

    public var tools: [any Tool] { [RunTool(agents: self), ListTool(library: library)] }
}

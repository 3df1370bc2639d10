public import Core

/// An agent of the library, or a file that should be one.
public struct AgentEntry: Sendable {
    public enum Origin: Sendable, Hashable {
        /// Gatehouse brings it along.
        case builtIn
        case file(path: String)
    }

    /// The agent's name; the file's where it could not be read.
    public let name: String
    public let origin: Origin
    /// Nil where it could not be read.
    public let definition: AgentDefinition?
    /// Why it cannot run; nil where it can.
    public let problem: GatehouseError?

    /// How messages call where it comes from.
    var file: String {
        switch origin {
        case .builtIn: "the built-in \(name)"
        case .file(let path): path
        }
    }

    /// The same, which cannot run.
    func refused(_ message: String, hint: String) -> AgentEntry {
        AgentEntry(
            name: name, origin: origin, definition: definition,
            problem: GatehouseError("agents", .invalid, "\(file): \(message)", hint: hint))
    }
}

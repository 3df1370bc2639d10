public import Core
public import JSON

/// Thrown by a tool for what did not happen as it was asked for and cost something nevertheless, such as an answer that
/// broke off halfway. It is recorded as failed and paid for.
public struct ActionFailure: Error, Sendable {
    public var error: GatehouseError
    public var usage: Usage
    /// See ``Answer/facts``.
    public var facts: JSON

    public init(_ error: GatehouseError, usage: Usage = Usage(), facts: JSON = [:]) {
        self.error = error
        self.usage = usage
        self.facts = facts
    }
}

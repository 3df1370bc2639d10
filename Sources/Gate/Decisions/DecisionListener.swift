public import Core
public import Policy
public import Rego

/// Hears of every decision of the gate's policy, beside the ledger: for decision logs. What it makes of them decides nothing.
public protocol DecisionListener: Sendable {
    func heard(_ decision: HeardDecision)
}

/// What policy was asked in the gate, and what it said, before the floors that no policy can lift.
public struct HeardDecision: Sendable {
    public let action: String
    public let principal: String
    public let session: String
    public let time: Timestamp
    public let entryPoint: String
    public let snapshot: PolicySnapshot
    public let input: RegoValue
    /// Undefined is a success without a value.
    public let answer: Result<RegoValue?, any Error>
    public let duration: Duration
}

public import JSON

/// What an expression may read.
public struct Scope: Sendable {
    /// By name: `inputs`, `steps`, `run`, `event`, `item`, `index`, `result`.
    public var contexts: JSONObject
    /// Of what the step needs: what `success()`, `failure()` and `cancelled()` answer by.
    public var outcome: Outcome

    public enum Outcome: Sendable, Hashable {
        case succeeded, failed, cancelled
    }

    public init(_ contexts: JSONObject = [:], outcome: Outcome = .succeeded) {
        self.contexts = contexts
        self.outcome = outcome
    }
}

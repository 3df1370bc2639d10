import Policy
import Rego
import Synchronization

/// Decisions that hold for all requests of a kind, as far as it was found out for the policy in force.
final class SettledDecisions: Sendable {
    private struct State {
        var snapshot: PolicySnapshot?
        /// By the outline of the input. Nil where the decision depends on more.
        var decisions: [RegoValue: Decision?] = [:]
    }

    /// Beyond these all are found out again.
    private static let most = 2048
    private let state = Mutex(State())

    func decision(on outline: RegoValue, _ snapshot: PolicySnapshot, _ find: () -> Decision?) -> Decision? {
        let known = state.withLock { $0.snapshot === snapshot ? $0.decisions[outline] : nil }
        if let known { return known }
        let found = find()
        state.withLock { state in
            if state.snapshot !== snapshot || state.decisions.count >= Self.most {
                state = State(snapshot: snapshot)
            }
            state.decisions[outline] = .some(found)
        }
        return found
    }
}

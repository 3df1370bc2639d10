import Core
import Gate
import Policy
import Rego

/// Puts the gate's decisions in line for the server that takes decision logs, masked as those that are asked for over HTTP.
/// The ledger has them anyway: with what became of them.
struct GateDecisionLog: DecisionListener {
    let policy: LatePolicy

    func heard(_ decision: HeardDecision) {
        guard let policy = try? policy.get(), policy.settings.api.upload != nil,
            let event = policy.log.masked(event(decision, policy), by: decision.snapshot)
        else { return }
        policy.log.add(event)
    }

    private func event(_ decision: HeardDecision, _ policy: HousePolicy) -> DecisionEvent {
        var event = DecisionEvent(
            decisionID: Identifier.make("dec", at: decision.time), question: .path(decision.entryPoint),
            timestamp: decision.time)
        event.labels = policy.labels
        event.bundles = decision.snapshot.revisions
        event.input = decision.input
        switch decision.answer {
        case .success(let value): event.result = value
        case .failure(let error):
            let known = error as? EvaluationError
            event.error = [
                "code": RegoValue(known?.code.rawValue ?? "internal_error"),
                "message": RegoValue(known?.message ?? "\(error)"),
            ]
        }
        event.metrics = ["timer_rego_query_eval_ns": decision.duration.nanoseconds]
        event.custom = [
            "action": decision.action, "principal": decision.principal, "session": decision.session,
            "policy": decision.snapshot.revision,
        ]
        return event
    }
}

public import Core
public import JSON

/// Hears of actions when they begin and when they end, beside the ledger: for traces and figures. It is called on the
/// action's way and must not wait; what it makes of what it hears decides nothing.
public protocol ActionListener: Sendable {
    /// - Parameter parent: of the caller's own trace, where it told of one, or of the action that this one is part of.
    /// - Returns: nil where nobody wants to hear of its end.
    func begun(_ actionID: String, under parent: TraceContext?) -> ActionTrace?

    /// Told again of one that waited for people, or whose outcome was found out later: each time with a new trace.
    func ended(_ action: EndedAction)
}

/// An action as it ended, or began to wait. It holds ids, names of ours, labels and numbers; nothing of what the action
/// was about, and no words of an error, which may quote it.
public struct EndedAction: Sendable {
    public let id: String
    public let tool: String
    /// The action that it is part of.
    public let partOf: String?
    public let effect: Effect
    public let principalID: String
    public let principalKind: Principal.Kind
    public let sessionID: String
    public let sessionClass: String
    /// Of the request and, where it was answered, of the answer.
    public let labels: Set<Label>
    /// Nil where it did not come so far.
    public let decision: Decision?
    public let approvalID: String?
    public let state: ActionRecord.State
    /// A `done` action has one when its answer is withheld.
    public let error: GatehouseError.Code?
    public let usage: Usage
    /// See ``Answer/facts``.
    public var facts: JSON
    public let isReconciled: Bool
    public let trace: ActionTrace
    public let submitted: Timestamp
    /// From its submission, or from when it went on, to now.
    public let took: Duration
    /// What its tool took of it; nil where it was not performed.
    public let performance: Duration?
}

extension Gate {
    /// An action that was kept goes on.
    func follow(_ passage: inout Passage) { passage.trace = actionListener?.begun(passage.id, under: nil) }

    /// Tells the listener, where it wants to hear of this action.
    func report(_ passage: Passage, _ conclusion: Conclusion, isReconciled: Bool = false) {
        guard let trace = passage.trace, let listener = actionListener else { return }
        let took = trace.took
        listener.ended(
            EndedAction(
                id: passage.id, tool: passage.action.tool, partOf: passage.partOf, effect: passage.effect,
                principalID: passage.principal.id, principalKind: passage.principal.kind, sessionID: passage.session.id,
                sessionClass: passage.session.sessionClass.name, labels: passage.labels.union(conclusion.labels),
                decision: passage.decision, approvalID: passage.approvalID, state: conclusion.state,
                error: conclusion.error?.code, usage: conclusion.usage, facts: conclusion.facts,
                isReconciled: isReconciled, trace: trace, submitted: clock.now() - took, took: took,
                performance: trace.performance))
    }
}

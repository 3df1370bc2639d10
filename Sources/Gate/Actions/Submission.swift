public import Core
public import JSON

/// What became of a submitted action. A refusal is thrown (`denied`, `exhausted`, `invalid`), not returned.
public enum Submission: Sendable {
    case answered(actionID: String, Answer, leaf: UInt64?)
    /// A person must approve first. The action is kept and is performed when the last approval arrives.
    case waiting(actionID: String, approval: Approval)

    public var actionID: String {
        switch self {
        case .answered(let id, _, _), .waiting(let id, _): id
        }
    }
}

/// Where an action stands. Reads that were answered at once are in the ledger only; all others are kept in the store.
public struct ActionRecord: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        case waiting, performing, done, failed, denied, expired
        /// Begun, and its outcome was not seen. Never guessed: reconciled, or looked at by a person.
        case unknown
    }

    public var action: Action
    public var principalID: String
    public var sessionID: String
    public var effect: Effect
    public var state: State
    public var reason: String?
    public var preview: Preview?
    public var answer: JSON?
    public var error: String?
    public var submitted: Timestamp
    public var finished: Timestamp?
    /// The action that undid this one, once it is done.
    public var undoneBy: String?

    public init(
        action: Action, principalID: String, sessionID: String, effect: Effect, state: State, reason: String? = nil,
        preview: Preview? = nil, answer: JSON? = nil, error: String? = nil, submitted: Timestamp,
        finished: Timestamp? = nil, undoneBy: String? = nil
    ) {
        self.action = action
        self.principalID = principalID
        self.sessionID = sessionID
        self.effect = effect
        self.state = state
        self.reason = reason
        self.preview = preview
        self.answer = answer
        self.error = error
        self.submitted = submitted
        self.finished = finished
        self.undoneBy = undoneBy
    }
}

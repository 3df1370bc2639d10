public import Core
public import Gate
public import JSON

/// One entry of a run's journal: something that was decided or that happened.
public struct RunEvent: Sendable, Hashable {
    public var time: Timestamp
    public var kind: Kind

    public init(_ kind: Kind, at time: Timestamp) {
        self.kind = kind
        self.time = time
    }

    public enum Kind: Sendable, Hashable {
        case started(RunStart)
        /// Its turn in its group has come.
        case released
        /// It acts in this session from now on.
        case session(id: String)
        /// What has passed through it.
        case labels(Set<Label>)
        case skipped(step: String)
        /// The elements that `for_each` goes over.
        case opened(step: String, items: [JSON])
        case begun(Attempt)
        /// People are asked.
        case waiting(StepRef, actionID: String, approvalID: String)
        /// Begun, and nobody saw what came of it.
        case unknown(StepRef, actionID: String?, GatehouseError)
        case ended(StepRef, StepEnd)
        /// Waits for a time, or for an event until then.
        case paused(StepRef, until: Timestamp, event: String?)
        /// Another workflow's run; for undoing, its being undone.
        case child(StepRef, run: String, workflow: String, inputs: JSON)
        /// A person said what became of a step whose outcome was unknown.
        case settled(StepRef, Settlement, by: String, reason: String)
        case cancelled(by: String, reason: String)
        /// The run as a whole cannot go on.
        case failed(GatehouseError)
        case undo(UndoRequest)
        case finished(RunEnd)
    }
}

/// What a person says became of a step whose outcome nobody saw.
public enum Settlement: Sendable, Hashable {
    case happened(StepOutputs)
    /// It is attempted again.
    case didNotHappen
    /// It counts as failed.
    case givenUp
}

/// That what a run did is to be taken back.
public struct UndoRequest: Sendable, Hashable {
    /// This step and all that was done after it; nil for all that was done.
    public var from: String?
    /// Who acts; nil where the workflow itself says so, which acts as the run does.
    public var by: Principal?
    public var isLocal: Bool
    public var reason: String

    public init(from: String? = nil, by: Principal? = nil, isLocal: Bool = false, reason: String) {
        self.from = from
        self.by = by
        self.isLocal = isLocal
        self.reason = reason
    }
}

/// How a run ended.
public struct RunEnd: Sendable, Hashable {
    public var state: RunStatus
    public var outputs: JSONObject
    public var error: GatehouseError?

    public init(_ state: RunStatus, outputs: JSONObject = [:], error: GatehouseError? = nil) {
        self.state = state
        self.outputs = outputs
        self.error = error
    }
}

/// Where a run stands.
public enum RunStatus: String, Sendable, Hashable, CaseIterable {
    case queued, running, waiting, stuck, undoing
    case succeeded, failed, cancelled, undone

    /// Nothing of it is under way any more, and nothing will be unless somebody asks for its undoing.
    public var isOver: Bool {
        switch self {
        case .succeeded, .failed, .cancelled, .undone: true
        case .queued, .running, .waiting, .stuck, .undoing: false
        }
    }
}

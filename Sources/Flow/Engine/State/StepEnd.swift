public import Core
public import JSON

/// What a step gave, as far as the journal keeps it.
public enum StepOutputs: Sendable, Hashable {
    case value(JSON)
    /// Not kept, for this reason: whatever reads it fails with it.
    case cut(String)

    /// Bytes of one answer in the journal.
    static let greatest = 4 << 20
}

/// How one instance of a step ended.
public enum StepEnd: Sendable, Hashable {
    /// - actionID: of what was done, where it can be undone by it.
    case succeeded(StepOutputs, actionID: String?)
    /// - chance: from 0 to 1, drawn when the event was made: decides the jitter of a further attempt.
    case failed(GatehouseError, Failure, actionID: String?, chance: Double)
    case cancelled
    /// There was nothing to undo.
    case nothing

    public enum Failure: String, Sendable, Hashable, CaseIterable {
        /// It did not happen: a further attempt may be made.
        case failed
        /// It did not happen, for it was cut short: it is attempted again, and that does not count.
        case interrupted
        /// It did not happen, and asking again would not change that.
        case refused
        /// People said no.
        case denied
        /// Nobody said anything in time.
        case expired
        /// It happened, and something about its answer is wrong.
        case performed
    }
}

/// Where a step stands, as `steps.ID.state` tells and people read.
public enum StepState: String, Sendable, Hashable, CaseIterable {
    case pending, running, waiting, stuck, succeeded, failed, skipped, cancelled
}

import Core
import Gate
public import JSON
import Synchronization

/// What is said to a run.
enum RunSignal: Sendable {
    typealias Reply = @Sendable (Result<RunRecord, GatehouseError>) -> Void

    /// Something may have changed: look at everything.
    case wake
    /// What came of a piece of work; nil where there is nothing new.
    case came(StepRef, Piece.Key, StepOutcome?)
    case request(RunRequest, Reply?)

    var reply: Reply? { if case .request(_, let reply) = self { reply } else { nil } }
}

/// What somebody wants of a run.
enum RunRequest: Sendable {
    case cancel(by: String, reason: String)
    /// - step: the one whose outcome is unknown; nil where there is one only.
    case settle(step: String?, index: Int, RunSettlement, by: String, reason: String)
    case undo(UndoRequest)
    case deliver(event: String, JSON)
}

/// What a person says became of a step whose outcome nobody saw.
public enum RunSettlement: Sendable, Hashable {
    /// It happened, and this is its answer.
    case happened(JSON)
    /// It did not happen: it is attempted again.
    case didNotHappen
    /// It counts as failed.
    case fail
}

/// What came of asking the gate, or of looking at a run below.
enum StepOutcome: Sendable {
    case answered(JSON, actionID: String?)
    /// It happened, and its answer is not to be had.
    case withheld(String, actionID: String?)
    case waiting(actionID: String, approvalID: String)
    case unknown(actionID: String?, GatehouseError)
    case failed(GatehouseError, StepEnd.Failure)
    case nothing
    /// The labels that a run below has collected, and what came of it.
    indirect case below(Set<Label>, StepOutcome)
}

/// A piece of work for a run, done beside its driver.
enum Piece {
    /// So that nothing is done twice at once.
    struct Key: Hashable, Sendable {
        enum Kind: Hashable, Sendable { case submit, look, withdraw, follow, cancel, undoChild }
        var kind: Kind
        var ref: StepRef
        /// The attempt's key, or the id of an action, approval or run.
        var id: String
    }

    static func key(of command: RunCommand) -> Key? {
        switch command {
        case .note, .begin, .timer: nil
        case .submit(let attempt): Key(kind: .submit, ref: attempt.ref, id: attempt.key)
        case .look(let attempt, let actionID): Key(kind: .look, ref: attempt.ref, id: actionID ?? attempt.key)
        case .withdraw(let ref, let approvalID): Key(kind: .withdraw, ref: ref, id: approvalID)
        case .follow(let ref, let run, _, _): Key(kind: .follow, ref: ref, id: run)
        case .cancel(let ref, let run): Key(kind: .cancel, ref: ref, id: run)
        case .undoChild(let ref, let run): Key(kind: .undoChild, ref: ref, id: run)
        }
    }
}

/// Whoever asks is answered once, though a turn may fail after it has answered.
final class OneAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<RunRecord, any Error>?>

    init(_ continuation: CheckedContinuation<RunRecord, any Error>) { self.continuation = Mutex(continuation) }

    func give(_ result: Result<RunRecord, GatehouseError>) {
        continuation.withLock { $0.take() }?.resume(with: result.mapError { $0 as any Error })
    }
}

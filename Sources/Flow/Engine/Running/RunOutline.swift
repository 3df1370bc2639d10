import Core
import Gate
import JSON

/// What of a run its pieces of work have to know.
struct RunOutline: Sendable {
    let id: String
    let workflow: String
    let start: RunStart
    let labels: Set<Label>
    let undo: UndoRequest?
}

extension RunState {
    var outline: RunOutline {
        RunOutline(id: id, workflow: workflow.name, start: start, labels: labels, undo: undoing?.request)
    }

    /// Actions whose end it waits for.
    var awaitedActions: [String] {
        underWay.compactMap { ref in
            switch instance(ref)?.phase {
            case .waiting(_, let action, _)?: action
            case .stuck(_, let action, _)?: action
            default: nil
            }
        }
    }

    /// How an instance ends by what came of it.
    func end(of ref: StepRef, _ outcome: StepOutcome) -> StepEnd {
        switch outcome {
        case .answered(let answer, let actionID):
            do {
                return .succeeded(try outputs(of: ref, answer: answer), actionID: actionID)
            } catch {
                return .failed(.wrapping(error), .performed, actionID: actionID, chance: 0.5)
            }
        case .withheld(let reason, let actionID):
            guard let step = step(ref.step), !ref.isUndo, !step.outputs.isEmpty else {
                return .succeeded(.cut(reason), actionID: actionID)
            }
            let error = GatehouseError("flow", .tooLarge, "the outputs cannot be made: \(reason)")
            return .failed(error, .performed, actionID: actionID, chance: 0.5)
        case .failed(let error, let failure):
            // What nobody needs any more was withdrawn.
            if closing != nil, failure == .denied { return .cancelled }
            return .failed(error, failure, actionID: nil, chance: .random(in: 0...1))
        case .nothing, .waiting, .unknown, .below: return .nothing
        }
    }
}

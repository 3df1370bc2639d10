import Core
import Logging

extension Gate {
    /// An action whose outcome was not seen in time: a late end is its outcome after all, else its tool is asked to
    /// look.
    func lookAgain(_ passage: Passage, _ late: Task<Answer, any Error>?) async {
        if let late {
            switch await late.result {
            case .success(let answer): return await concludeUnknown(passage, .done(answer))
            case .failure(let error):
                let outcome = Outcome(error, effect: passage.effect)
                if case .failed = outcome { return await concludeUnknown(passage, outcome) }
            }
        }
        await reconcile(passage)
    }

    /// What the tool finds of an action, in time.
    func look(_ passage: Passage, limit: Duration? = nil) async -> Deadlines.Outcome<Reconciliation> {
        let (tool, action, context) = (passage.tool, passage.action, context(for: passage))
        return await deadlines.run(for: limit ?? passage.descriptor.timeout, heedsCancellation: true) {
            try await tool.reconcile(action, in: context)
        }
    }

    /// Asks the tool whether an action happened. What it cannot say stays unknown, for a person to look at.
    func reconcile(_ passage: Passage, limit: Duration? = nil) async {
        let action = passage.action
        switch await look(passage, limit: limit) {
        case .finished(.success(.happened(let answer))): await concludeUnknown(passage, .done(answer))
        case .finished(.success(.didNotHappen)):
            await concludeUnknown(
                passage,
                .failed(
                    ActionFailure(
                        GatehouseError("gate", .cancelled, "\(action.tool) was cut short and did not happen"))))
        case .finished(.success(.unknowable)): logUnknown(passage, "its tool cannot tell")
        case .finished(.failure(let error)): logUnknown(passage, GatehouseError.wrapping(error).message)
        case .expired: logUnknown(passage, "its tool did not answer in time")
        }
    }

    private func concludeUnknown(_ passage: Passage, _ outcome: Outcome) async {
        var passage = passage
        follow(&passage)
        do {
            _ = try await conclude(passage, outcome, from: .unknown, isReconciled: true)
        } catch {
            logUnknown(passage, GatehouseError.wrapping(error).message)
        }
    }

    private func logUnknown(_ passage: Passage, _ why: String) {
        logger.warning(
            "the outcome of an action stays unknown",
            metadata: ["action": "\(passage.id)", "tool": "\(passage.action.tool)", "why": "\(why)"])
    }
}

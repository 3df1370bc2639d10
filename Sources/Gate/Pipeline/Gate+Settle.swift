import Core
import JSON

extension Gate {
    /// Steps 7 and 8: inspects the answer, records the outcome and settles the budget.
    func settle(_ passage: Passage, _ outcome: Outcome, _ reservation: Reservation) async throws -> Submission {
        switch outcome {
        case .done(let answer): await budgets.reconcile(reservation, actual: answer.usage)
        case .failed(let failure): await budgets.reconcile(reservation, actual: failure.usage)
        // What may have been spent counts as spent.
        case .unknown: await budgets.reconcile(reservation, actual: passage.tool.estimate(of: passage.action.arguments))
        }
        let conclusion = try await conclude(passage, outcome, from: .performing)
        if case .unknown(_, let late) = outcome { undertakings.follow { await self.lookAgain(passage, late) } }
        if let error = conclusion.error { throw error }
        return .answered(actionID: passage.id, conclusion.answer, leaf: conclusion.leaf)
    }

    /// An action as it ended, after inspection.
    struct Conclusion: Sendable {
        var state: ActionRecord.State
        var answer = Answer(.null)
        /// What the caller is told instead of an answer. A `done` action has one when its answer is withheld.
        var error: GatehouseError?
        var labels: Set<Label> = []
        var leaf: UInt64?
        var usage = Usage()
        var facts: JSON = [:]
    }

    /// Records how an action ended: in the ledger, then in the store.
    /// - Parameter from: the state that the store must have it in.
    func conclude(
        _ passage: Passage, _ outcome: Outcome, from state: ActionRecord.State, isReconciled: Bool = false
    ) async throws -> Conclusion {
        var passage = passage
        var conclusion = await inspected(outcome, &passage)
        conclusion.labels = passage.labels
        do {
            conclusion.leaf = try await record(conclusion, of: passage, isReconciled)
        } catch {
            _ = try? await actions.move(passage.id, from: .performing, to: .unknown)
            throw GatehouseError(
                "gate", .unavailable,
                "\(passage.action.tool) has ended as \(conclusion.state.rawValue), but that could not be recorded",
                from: error, hint: "look at action \(passage.id) after the next start")
        }
        try await keep(conclusion, of: passage, from: state, isReconciled: isReconciled)
        return conclusion
    }

    /// What the ledger has of an end, in the store, and told to whoever listens.
    func keep(
        _ conclusion: Conclusion, of passage: Passage, from state: ActionRecord.State, isReconciled: Bool
    ) async throws {
        if passage.isKept {
            try await actions.finish(passage, conclusion, from: state, at: clock.now())
            if conclusion.state == .done, passage.isCollectedLater { revealed.put(conclusion.answer, of: passage.id) }
            if conclusion.state == .done, let undone = passage.action.undoes {
                try await recordUndone(undone, by: passage)
            }
        }
        tell(GateEvent.Kind(conclusion.state), passage, error: conclusion.error)
        report(passage, conclusion, isReconciled: isReconciled)
    }

    private func inspected(_ outcome: Outcome, _ passage: inout Passage) async -> Conclusion {
        switch outcome {
        case .done(let answer):
            let (seen, withheld) = await inspectAnswer(answer, &passage)
            return Conclusion(state: .done, answer: seen, error: withheld, usage: answer.usage, facts: answer.facts)
        case .failed(let failure):
            return Conclusion(
                state: .failed, error: await inspectError(failure.error, &passage), usage: failure.usage,
                facts: failure.facts)
        case .unknown(let error, _):
            var told = await inspectError(error, &passage)
            told = GatehouseError(
                "gate", .timeout, "the outcome of \(passage.action.tool) is not known", cause: told.message,
                hint: "look at action \(passage.id); do not repeat it before")
            return Conclusion(state: .unknown, error: told)
        }
    }

    private func record(_ conclusion: Conclusion, of passage: Passage, _ isReconciled: Bool) async throws -> UInt64? {
        guard passage.isRecorded else { return nil }
        if passage.session.sessionClass.bodies { try await recordBodies(of: passage) }
        var entry = Recorder.Entry(.outcome, state: conclusion.state.rawValue)
        entry.error = conclusion.error
        entry.isReconciled = isReconciled
        entry.usage = conclusion.usage
        entry.facts = conclusion.facts
        if conclusion.state == .done, conclusion.error == nil {
            entry.answerHash = Hashing.hex(conclusion.answer.value.bytes())
        }
        return try await recorder.append(entry, of: passage, passage.durability)
    }

    /// In an entry of its own, so that it can be erased while the rest stays.
    private func recordBodies(of passage: Passage) async throws {
        var bodies: JSON?
        do { bodies = try passage.cargo?.bodies() } catch { bodies = ["withheld": true] }
        guard let said = bodies else { return }
        let seen = try? await inspection.inspect(said, .answer, tool: passage.action.tool).value
        var entry = Recorder.Entry(.bodies, state: "kept")
        entry.bodies = seen ?? ["withheld": true]
        try await recorder.append(entry, of: passage, passage.durability)
    }

    private func recordUndone(_ undone: String, by passage: Passage) async throws {
        var entry = Recorder.Entry(.undo, state: "done")
        entry.undoneBy = passage.id
        try await recorder.append(entry, of: passage, .durable)
        events.publish {
            GateEvent(
                .undone, actionID: undone, principalID: passage.principal.id, time: clock.now(),
                detail: ["by": .string(passage.id)])
        }
    }
}

extension GateEvent.Kind {
    init(_ state: ActionRecord.State) {
        switch state {
        case .waiting: self = .waiting
        case .performing: self = .performing
        case .done: self = .done
        case .failed: self = .failed
        case .denied, .expired: self = .denied
        case .unknown: self = .unknown
        }
    }
}

import Core
import Gate
import JSON

extension FlowEngine {
    /// Does a piece of work for a run. Nil where there is nothing new.
    func perform(
        _ command: RunCommand, _ run: RunOutline, _ caller: Caller?, _ timeout: Duration?
    ) async -> StepOutcome? {
        switch command {
        case .note, .begin, .timer: return nil
        case .submit(let attempt): return await submit(attempt, run, caller, timeout)
        case .look(let attempt, let actionID): return await look(attempt, actionID, run, caller)
        case .withdraw(_, let approvalID):
            guard let caller else {
                // Nobody can agree to it any more: it was asked for by somebody who is gone.
                return .failed(GatehouseError("flow", .denied, "whoever asked is gone"), .denied)
            }
            _ = try? await gate.deny(approvalID, by: caller, reason: "the run \(run.id) goes no further")
            return nil
        case .follow(let ref, let child, let workflow, let inputs):
            return await follow(ref, child, workflow, inputs, run)
        case .cancel(_, let child):
            dispatcher.post(child, .request(.cancel(by: run.start.principal.id, reason: "run \(run.id) ends"), nil))
            return nil
        case .undoChild(_, let child): return await undoChild(child, run)
        }
    }

    // MARK: Actions

    /// Asks the gate. A change, and whatever else is kept, carries the attempt's key: after a crash the same is asked
    /// again, and the gate answers with what became of it. A read has no key and is simply read again: nothing of it is
    /// kept, and nothing can have happened twice.
    private func submit(
        _ attempt: Attempt, _ run: RunOutline, _ caller: Caller?, _ timeout: Duration?
    ) async -> StepOutcome? {
        guard let caller else { return await found(attempt, run.start.principal.id, Self.gone) }
        switch attempt.work {
        case .undo(let actionID): return await undo(actionID, attempt, run, caller)
        case .action(let work):
            let isRead = (try? gate.tools.descriptor(of: work.tool).effect) == .read
            let request = ActionRequest(
                tool: work.tool, target: work.target, arguments: work.arguments,
                idempotencyKey: isRead ? nil : attempt.key,
                reason: "step \(attempt.ref.shown) of workflow \(run.workflow), run \(run.id)")
            do {
                let submission = try await limited(timeout) { [gate] in try await gate.submit(request, as: caller) }
                return outcome(submission, request, isRead: isRead)
            } catch {
                let error = GatehouseError.wrapping(error)
                return isRead ? failure(error) : await found(attempt, caller.principal.id, error)
            }
        }
    }

    private static let gone = GatehouseError("flow", .denied, "whoever the run acted as is gone")

    private func outcome(_ submission: Submission, _ request: ActionRequest, isRead: Bool) -> StepOutcome {
        switch submission {
        case .waiting(let action, let approval): return .waiting(actionID: action, approvalID: approval.id)
        case .answered(let action, let answer, _):
            // What is revealed is given once and kept nowhere.
            guard (try? gate.effect(of: request)) != .reveal else {
                return .withheld("what \(request.tool) reveals is kept nowhere", actionID: action)
            }
            return .answered(answer.value, actionID: isRead ? nil : action)
        }
    }

    /// What became of an attempt that was not answered, by what the gate has kept of it.
    private func found(_ attempt: Attempt, _ principalID: String, _ error: GatehouseError) async -> StepOutcome? {
        let record: ActionRecord?
        do { record = try await gate.action(of: principalID, idempotencyKey: attempt.key) } catch {
            return .unknown(actionID: nil, .wrapping(error))
        }
        guard let record else { return failure(error) }
        switch record.state {
        case .done:
            let reason = record.error ?? "the answer of \(record.action.tool) was too large to be kept"
            if record.error == nil, let answer = record.answer { return .answered(answer, actionID: record.action.id) }
            return .withheld(reason, actionID: record.action.id)
        case .waiting:
            guard let approval = try? await gate.approvals.approval(ofAction: record.action.id) else { return nil }
            return .waiting(actionID: record.action.id, approvalID: approval.id)
        case .failed, .denied, .expired: return failure(error)
        case .unknown, .performing: return .unknown(actionID: record.action.id, error)
        }
    }

    /// Of what is known not to have happened.
    private func failure(_ error: GatehouseError) -> StepOutcome? {
        switch error.code {
        // At the end of the process nothing has failed: it is asked for again at the next start.
        case .cancelled: dispatcher.isStopped || Task.isCancelled ? nil : .failed(error, .interrupted)
        case .denied, .unauthenticated, .invalid, .unsupported, .tooLarge: .failed(error, .refused)
        case .notFound, .conflict, .exhausted, .timeout, .unavailable, .corrupt, .internal: .failed(error, .failed)
        }
    }

    /// Gives up on a read that takes too long. A change is never given up: its tool's own limit ends it, and until then
    /// nobody could say what became of it.
    private func limited(
        _ timeout: Duration?, _ work: @escaping @Sendable () async throws -> Submission
    ) async throws -> Submission {
        guard let timeout else { return try await work() }
        return try await withThrowingTaskGroup(of: Submission?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            if let first = try await group.next(), let submission = first { return submission }
            group.cancelAll()
            do {
                if let second = try await group.next(), let submission = second { return submission }
            } catch {
                guard GatehouseError.wrapping(error).code == .cancelled else { throw error }
            }
            throw GatehouseError(
                "flow", .timeout, "it was not done within \(timeout.components.seconds) s",
                hint: "give the step a longer timeout")
        }
    }

    // MARK: Waiting actions

    private func look(
        _ attempt: Attempt, _ actionID: String?, _ run: RunOutline, _ caller: Caller?
    ) async -> StepOutcome? {
        guard let actionID else { return await submitAgain(attempt, run, caller) }
        guard let record = try? await gate.action(actionID) else { return nil }
        switch record.state {
        case .waiting, .performing: return nil
        // People agreed, and the process ended while it was performed: somebody has to say what became of it.
        case .unknown: return .unknown(actionID: actionID, Self.ended(record, "its outcome was not seen"))
        case .expired: return .failed(Self.ended(record, "nobody settled it in time"), .expired)
        case .denied:
            let approval = try? await gate.approvals.approval(ofAction: actionID)
            return .failed(
                Self.ended(record, "it was denied"), approval?.state == .denied ? .denied : .refused)
        case .done, .failed:
            // The answer, or the error, as it would have been given at once.
            if record.action.idempotencyKey != nil { return await submitAgain(attempt, run, caller) }
            if let answer = record.answer, record.error == nil { return .answered(answer, actionID: nil) }
            let error = Self.ended(record, "its answer was not kept")
            return record.state == .done ? .withheld(error.message, actionID: nil) : .failed(error, .failed)
        }
    }

    private func submitAgain(_ attempt: Attempt, _ run: RunOutline, _ caller: Caller?) async -> StepOutcome? {
        switch await submit(attempt, run, caller, nil) {
        case .waiting?, .unknown?: nil
        case let outcome: outcome
        }
    }

    private static func ended(_ record: ActionRecord, _ otherwise: String) -> GatehouseError {
        GatehouseError("gate", .denied, record.error ?? "\(record.action.tool): \(otherwise)")
    }

    // MARK: Undoing

    private func undo(
        _ actionID: String, _ attempt: Attempt, _ run: RunOutline, _ caller: Caller
    ) async -> StepOutcome? {
        do {
            let record = try await gate.action(actionID)
            if record.undoneBy != nil { return .answered(.null, actionID: nil) }
            guard record.preview?.undo != nil else {
                return record.effect < .change ? .answered(.null, actionID: nil) : .nothing
            }
            let submission = try await gate.undo(
                actionID, as: caller, reason: run.undo?.reason ?? "run \(run.id) is undone",
                idempotencyKey: attempt.key)
            switch submission {
            case .waiting(let action, let approval): return .waiting(actionID: action, approvalID: approval.id)
            case .answered(let action, _, _): return .answered(.null, actionID: action)
            }
        } catch {
            return await found(attempt, caller.principal.id, .wrapping(error))
        }
    }

    /// Has the run below undone by whoever undoes this one.
    private func undoChild(_ child: String, _ run: RunOutline) async -> StepOutcome? {
        guard let record = try? await journal.record(child) else { return .nothing }
        switch record.status {
        case .undone: return .answered(.null, actionID: nil)
        case .failed, .cancelled:
            return .failed(
                record.error ?? GatehouseError("flow", .conflict, "run \(child) was not undone"), .refused)
        case .succeeded:
            var request = run.undo ?? UndoRequest(reason: "")
            request.from = nil
            request.reason = "run \(run.id) is undone"
            dispatcher.post(child, .request(.undo(request), nil))
            return nil
        case .queued, .running, .waiting, .stuck, .undoing: return nil
        }
    }
}

import Core
import JSON
import Synchronization

extension Gate {
    /// Steps 6 to 8 of an action that may go ahead. What is kept in the store is carried to its end even if the
    /// caller goes away.
    func perform(_ passage: Passage) async throws -> Submission {
        guard passage.isKept else { return try await act(passage) }
        return try await undertakings.carryOut { try await self.act(passage) }
    }

    /// The action is in the store as `performing` before its intent is in the ledger, and its intent is in the ledger
    /// before it is performed: whatever is cut short is found at the next start.
    private func act(_ passage: Passage) async throws -> Submission {
        let reservation: Reservation
        do {
            _ = try current(Caller(principal: passage.principal, session: passage.session))
            reservation = try await reserve(passage)
        } catch {
            throw await refused(passage, error)
        }
        do {
            if passage.isKept, passage.approvalID == nil { try await actions.insert(passage, state: .performing) }
            if passage.isRecorded {
                try await recorder.append(.init(.intent, state: "performing"), of: passage, passage.durability)
            }
        } catch {
            budgets.release(reservation)
            passage.entry.breaker.withdrew()
            throw await refused(passage, error)
        }
        tell(.performing, passage)
        passage.trace?.performing()
        let outcome = await execute(passage)
        passage.trace?.performed()
        return try await settle(passage, outcome, reservation)
    }

    /// - Throws: `unavailable` while the tool's breaker is open, `exhausted` by a budget.
    private func reserve(_ passage: Passage) async throws -> Reservation {
        if let wait = passage.entry.breaker.admit() {
            throw GatehouseError(
                "gate", .unavailable, "\(passage.action.tool) has failed repeatedly and is left alone for a while",
                hint: "try again in \(wait.secondsToWait) s", retryAfter: wait)
        }
        do {
            return try await budgets.reserve(
                principal: passage.principal, session: passage.session,
                estimate: passage.tool.estimate(of: passage.action.arguments),
                at: clock.now())
        } catch {
            passage.entry.breaker.withdrew()
            throw error
        }
    }

    /// What came of performing.
    enum Outcome: Sendable {
        case done(Answer)
        /// It did not happen.
        case failed(ActionFailure)
        /// Nobody saw; the task may still end.
        case unknown(GatehouseError, Task<Answer, any Error>?)
    }

    /// Calls the tool under its time limit; a `read` that is unavailable is tried again as often as the tool allows.
    private func execute(_ passage: Passage) async -> Outcome {
        var retry = 0
        while true {
            let outcome = await attempt(passage)
            guard case .failed(let failure) = outcome, failure.error.code == .unavailable, passage.effect == .read,
                retry < min(passage.descriptor.retries, 10), !Task.isCancelled, passage.entry.breaker.admit() == nil
            else { return outcome }
            try? await Task.sleep(for: .milliseconds(50) * (1 << retry))
            retry += 1
        }
    }

    private func attempt(_ passage: Passage) async -> Outcome {
        let (tool, action, context) = (passage.tool, passage.action, context(for: passage))
        let ended = await deadlines.run(for: passage.descriptor.timeout, heedsCancellation: !passage.isKept) {
            try await tool.perform(action, in: context)
        }
        let outcome: Outcome =
            switch ended {
            case .finished(.success(let answer)): .done(answer)
            case .finished(.failure(let error)): Outcome(error, effect: passage.effect)
            case .expired(let late): .expired(passage, late)
            }
        if passage.descriptor.hasBreaker { outcome.tell(passage.entry.breaker) }
        return outcome
    }

    func context(for passage: Passage) -> ActionContext {
        guard events.subscribers > 0 else { return context(for: passage) { _ in } }
        let throttle = ProgressThrottle()
        let (id, principalID) = (passage.id, passage.principal.id)
        return context(for: passage) { [events, clock] progress in
            guard throttle.admits() else { return }
            events.publish {
                GateEvent(
                    .progress, actionID: id, principalID: principalID, time: clock.now(),
                    detail: [
                        "stage": .string(progress.stage), "done": JSON(progress.done),
                        "total": progress.total.map { JSON($0) } ?? .null,
                    ])
            }
        }
    }

    private func context(
        for passage: Passage, report: @escaping @Sendable (Progress) -> Void
    ) -> ActionContext {
        ActionContext(
            principal: passage.principal, session: passage.session,
            constraints: passage.decision?.constraints ?? [:], labels: passage.labels.union(passage.session.labels),
            cargo: passage.cargo, preview: passage.preview, isLocal: passage.isLocal,
            trace: passage.trace.flatMap { $0.isPropagated ? $0.span : nil },
            submitPart: partSubmitter(for: passage), report: report)
    }
}

extension Gate.Outcome {
    /// A `GatehouseError` says that it did not happen, except `timeout` and `cancelled`. Of a read that was not
    /// answered nothing is unknown.
    init(_ error: any Error, effect: Effect) {
        if let failure = error as? ActionFailure {
            self = .failed(failure)
            return
        }
        let known = GatehouseError.wrapping(error)
        let isDefinite = error is GatehouseError && known.code != .timeout && known.code != .cancelled
        self = isDefinite || effect == .read ? .failed(ActionFailure(known)) : .unknown(known, nil)
    }

    fileprivate static func expired(_ passage: Passage, _ late: Task<Answer, any Error>) -> Self {
        let limit = passage.descriptor.timeout.components.seconds
        let error = GatehouseError("gate", .timeout, "\(passage.action.tool) was not done within \(max(1, limit)) s")
        return passage.effect == .read ? .failed(ActionFailure(error)) : .unknown(error, late)
    }

    /// Only what says something about the tool's health counts: a refusal of these arguments does not.
    fileprivate func tell(_ breaker: SharedBreaker) {
        switch self {
        case .done: breaker.succeeded()
        case .unknown: breaker.failed()
        case .failed(let failure):
            switch failure.error.code {
            case .unavailable, .timeout, .internal: breaker.failed()
            case .cancelled: breaker.withdrew()
            default: breaker.succeeded()
            }
        }
    }
}

/// Lets ten reports a second through: watchers need no more, and other events must not be crowded out.
private final class ProgressThrottle: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func admits() -> Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            if let last, now - last < .milliseconds(100) { return false }
            last = now
            return true
        }
    }
}

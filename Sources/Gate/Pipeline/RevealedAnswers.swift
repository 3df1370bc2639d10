import Core
import Synchronization

/// What was revealed while its requester did not wait for it, until it is collected: in memory only, for a while, once.
final class RevealedAnswers: Sendable {
    private static let greatestNumber = 1000
    private static let lifetime = Duration.seconds(600)

    private let answers = Mutex<[String: (answer: Answer, until: ContinuousClock.Instant)]>([:])

    func put(_ answer: Answer, of actionID: String) {
        let now = ContinuousClock.now
        answers.withLock { answers in
            if answers.count >= Self.greatestNumber { answers = answers.filter { $0.value.until > now } }
            guard answers.count < Self.greatestNumber else { return }
            answers[actionID] = (answer, now + Self.lifetime)
        }
    }

    func take(_ actionID: String) -> Answer? {
        answers.withLock { answers in
            guard let found = answers.removeValue(forKey: actionID), found.until > .now else { return nil }
            return found.answer
        }
    }

    func sweep() {
        let now = ContinuousClock.now
        answers.withLock { answers in answers = answers.filter { $0.value.until > now } }
    }
}

extension Gate {
    /// What an approved `reveal` yielded. Given to its requester only, once, and for ten minutes.
    ///
    /// - Throws: `denied` to anybody else, `conflict` when it is not there, or no longer.
    public func collect(_ actionID: String, as caller: Caller) async throws -> Answer {
        _ = try current(caller)
        let kept = try await actions.find(actionID)
        guard kept.record.principalID == caller.principal.id else {
            throw GatehouseError("gate", .denied, "the answer of \(actionID) is for its requester only")
        }
        guard let answer = revealed.take(actionID) else {
            throw GatehouseError(
                "gate", .conflict, "the answer of \(actionID) has been collected, or is no longer kept",
                hint: "submit the action again")
        }
        if !kept.labels.isEmpty { sessions.taint(caller.session.id, with: kept.labels) }
        return answer
    }
}

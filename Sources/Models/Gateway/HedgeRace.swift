import Core
import Synchronization

/// Two attempts at one call: the first that has something for the client answers, and the other is cancelled.
final class HedgeRace: Sendable {
    enum Lane: Int, Sendable { case first, second }

    /// One attempt's part in the race.
    struct Entry: Sendable {
        let race: HedgeRace
        let lane: Lane

        /// Before a byte goes to the client.
        /// - Throws: ``Lost``.
        func claim() throws { if !race.claim(lane) { throw Lost() } }

        var isLost: Bool { race.winner.map { $0 != lane } ?? false }
    }

    struct Lost: Error {}

    private struct State {
        var winner: Lane?
        /// Whether the second was asked.
        var isHedged = false
        /// Whether the first failed before the second was asked, which is not asked any more then.
        var isOver = false
        var tasks: [Task<Void, any Error>] = []
    }

    private let state = Mutex(State())

    var winner: Lane? { state.withLock { $0.winner } }
    var isHedged: Bool { state.withLock { $0.isHedged } }

    private func claim(_ lane: Lane) -> Bool {
        let (isWinner, loser) = state.withLock { state -> (Bool, Task<Void, any Error>?) in
            guard state.winner == nil else { return (state.winner == lane, nil) }
            state.winner = lane
            return (true, state.tasks.isEmpty ? nil : state.tasks[1 - lane.rawValue])
        }
        loser?.cancel()
        return isWinner
    }

    /// Whether the second may be asked now.
    private func begin(_ mayRetry: () -> Bool) -> Bool {
        state.withLock { state in
            guard state.winner == nil, !state.isOver, mayRetry() else { return false }
            state.isHedged = true
            return true
        }
    }

    /// The first has ended: a second that was not asked yet is not needed.
    private func firstEnded() {
        let waiting = state.withLock { state -> Task<Void, any Error>? in
            guard !state.isHedged else { return nil }
            state.isOver = true
            return state.tasks.last
        }
        waiting?.cancel()
    }

    private func started(_ tasks: [Task<Void, any Error>]) {
        let needless = state.withLock { state -> Task<Void, any Error>? in
            state.tasks = tasks
            return state.isOver || state.winner == .first ? tasks.last : nil
        }
        needless?.cancel()
    }

    /// Runs both to their ends.
    /// - Parameters:
    ///   - delay: before the second.
    ///   - mayRetry: asked when the second would begin.
    /// - Returns: what each ended with; nil for success.
    func run(
        after delay: Duration, mayRetry: @escaping @Sendable () -> Bool,
        _ first: @escaping @Sendable (Entry) async throws -> Void,
        _ second: @escaping @Sendable (Entry) async throws -> Void
    ) async -> (first: (any Error)?, second: (any Error)?) {
        let leader = Task { @concurrent [self] in
            defer { firstEnded() }
            try await first(Entry(race: self, lane: .first))
        }
        let follower = Task { @concurrent [self] in
            try await Task.sleep(for: delay)
            guard begin(mayRetry) else { throw Lost() }
            try await second(Entry(race: self, lane: .second))
        }
        started([leader, follower])
        return await withTaskCancellationHandler {
            (await leader.result.failure, await follower.result.failure)
        } onCancel: {
            leader.cancel()
            follower.cancel()
        }
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

import Synchronization

/// Runs work that must be given up on in time, even when it does not heed cancellation.
///
/// All deadlines share one ticker, which exists only while there are any: a sleeping task for each call would stay
/// behind in the runtime's timer queue long after its call is done.
final class Deadlines: Sendable {
    enum Outcome<Value: Sendable>: Sendable {
        case finished(Result<Value, any Error>)
        /// Cancelled and given up on; the task may still end, with a result that is then late.
        case expired(Task<Value, any Error>)
    }

    private struct State {
        var entries: [UInt64: (instant: ContinuousClock.Instant, expire: @Sendable () -> Void)] = [:]
        var nextID: UInt64 = 0
        var ticking = false
        /// No deadline is later than this.
        var last: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let tick: Duration

    /// - Parameter tick: how exactly deadlines are kept.
    init(tick: Duration = .milliseconds(20)) { self.tick = tick }

    /// - Parameter heedsCancellation: whether cancelling the caller cancels the work.
    func run<Value: Sendable>(
        for limit: Duration, heedsCancellation: Bool, _ work: @escaping @Sendable () async throws -> Value
    ) async -> Outcome<Value> {
        let race = Race<Value>()
        let task = Task { @concurrent in
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            race.end(.finished(result))
            return try result.get()
        }
        let id = add(at: .now + limit) {
            task.cancel()
            race.end(.expired(task))
        }
        defer { remove(id) }
        return await withTaskCancellationHandler {
            await race.outcome()
        } onCancel: {
            if heedsCancellation { task.cancel() }
        }
    }

    private func add(at instant: ContinuousClock.Instant, _ expire: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, mustTick) = state.withLock { state in
            state.nextID &+= 1
            state.entries[state.nextID] = (min(instant, state.last ?? instant), expire)
            defer { state.ticking = true }
            return (state.nextID, !state.ticking)
        }
        // The ticker's life is bounded by the entries: it ends by itself when there are none.
        if mustTick { Task { @concurrent [self] in await keepTicking() } }
        return id
    }

    /// Brings all deadlines forward, those to come as well: for a shutdown that must not wait for long.
    func end(by last: ContinuousClock.Instant) {
        state.withLock { state in
            state.last = last
            state.entries = state.entries.mapValues { (min($0.instant, last), $0.expire) }
        }
    }

    private func remove(_ id: UInt64) {
        state.withLock { state in _ = state.entries.removeValue(forKey: id) }
    }

    private func keepTicking() async {
        while true {
            try? await Task.sleep(for: tick)
            let now = ContinuousClock.now
            let (expired, ended) = state.withLock { state in
                let expired = state.entries.filter { $0.value.instant <= now }
                for id in expired.keys { state.entries[id] = nil }
                state.ticking = !state.entries.isEmpty
                return (expired.values.map(\.expire), !state.ticking)
            }
            for expire in expired { expire() }
            if ended { return }
        }
    }
}

/// The first end counts; whoever waits is told once.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running(CheckedContinuation<Deadlines.Outcome<Value>, Never>?)
        case ended(Deadlines.Outcome<Value>)
    }

    private let state = Mutex(State.running(nil))

    func end(_ outcome: Deadlines.Outcome<Value>) {
        let waiter = state.withLock { state -> CheckedContinuation<Deadlines.Outcome<Value>, Never>? in
            guard case .running(let waiter) = state else { return nil }
            state = .ended(outcome)
            return waiter
        }
        waiter?.resume(returning: outcome)
    }

    func outcome() async -> Deadlines.Outcome<Value> {
        await withCheckedContinuation { waiter in
            let ended = state.withLock { state -> Deadlines.Outcome<Value>? in
                if case .ended(let outcome) = state { return outcome }
                state = .running(waiter)
                return nil
            }
            if let ended { waiter.resume(returning: ended) }
        }
    }
}

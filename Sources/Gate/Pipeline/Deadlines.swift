import Core
import Synchronization

/// Runs work that must be given up on in time, even when it does not heed cancellation. All deadlines share a ticker.
final class Deadlines: Sendable {
    enum Outcome<Value: Sendable>: Sendable {
        case finished(Result<Value, any Error>)
        /// Cancelled and given up on; the task may still end, with a result that is then late.
        case expired(Task<Value, any Error>)
    }

    private let ticker: Ticker
    /// No deadline is later than this.
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter tick: how exactly deadlines are kept.
    init(tick: Duration = .milliseconds(20)) { ticker = Ticker(tick: tick) }

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
        let instant = ContinuousClock.now + limit
        let id = ticker.add { [self] now in
            guard now >= last.withLock({ $0.map { min(instant, $0) } ?? instant }) else { return }
            task.cancel()
            race.end(.expired(task))
        }
        defer { ticker.remove(id) }
        return await withTaskCancellationHandler {
            await race.outcome()
        } onCancel: {
            if heedsCancellation { task.cancel() }
        }
    }

    /// Brings all deadlines forward, those to come as well: for a shutdown that must not wait for long.
    func end(by last: ContinuousClock.Instant) { self.last.withLock { $0 = last } }
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

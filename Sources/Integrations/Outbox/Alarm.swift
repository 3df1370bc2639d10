import Synchronization

/// Wakes the one that waits for it. Rung while nobody waits, it wakes the next at once.
package final class Alarm: Sendable {
    private enum State {
        case quiet, rung
        case waited(Task<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    package init() {}

    package func ring() {
        state.withLock { state in
            if case .waited(let sleep) = state { sleep.cancel() }
            state = .rung
        }
    }

    /// Returns when the time is over, at the next ring, or when the task is cancelled.
    package func wait(for time: Duration) async {
        let sleep = state.withLock { state -> Task<Void, Never>? in
            if case .rung = state { return nil }
            let sleep = Task { @concurrent in _ = try? await Task.sleep(for: time) }
            state = .waited(sleep)
            return sleep
        }
        if let sleep {
            await withTaskCancellationHandler {
                await sleep.value
            } onCancel: {
                sleep.cancel()
            }
        }
        state.withLock { $0 = .quiet }
    }
}

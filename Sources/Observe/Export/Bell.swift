import Synchronization

/// Wakes one who sleeps; rung while nobody sleeps, it wakes the next one at once.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var sleep: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        state.withLock { state in
            state.isRung = true
            state.sleep?.cancel()
        }
    }

    /// Returns when the time is over, at the next ring, or when the task is cancelled.
    func wait(for time: Duration) async {
        let sleep = state.withLock { state -> Task<Void, Never>? in
            guard !state.isRung else { return nil }
            let sleep = Task { @concurrent in _ = try? await Task.sleep(for: time) }
            state.sleep = sleep
            return sleep
        }
        if let sleep {
            await withTaskCancellationHandler {
                await sleep.value
            } onCancel: {
                sleep.cancel()
            }
        }
        state.withLock { $0 = State() }
    }
}

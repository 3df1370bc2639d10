import Synchronization

/// That the peer of a connection has gone. Whoever works for it need not go on.
final class Departure: Sendable {
    private struct State {
        var hasHappened = false
        /// The task that works for the peer, as long as it does.
        var worker: Worker?
    }

    private struct Worker: @unchecked Sendable {
        let task: UnsafeCurrentTask
    }

    private let state = Mutex(State())

    /// Does the work; the task that does it is cancelled when the peer goes meanwhile.
    func cancelling<Value>(_ work: sending () async -> Value) async -> Value {
        await withUnsafeCurrentTask { task in
            let worker = task.map { Worker(task: $0) }
            state.withLock { state in
                state.worker = worker
                if state.hasHappened { worker?.task.cancel() }
            }
            defer { state.withLock { $0.worker = nil } }
            return await work()
        }
    }

    /// The task is cancelled under the lock: it cannot end meanwhile.
    func happened() {
        state.withLock { state in
            state.hasHappened = true
            state.worker?.task.cancel()
        }
    }
}

import Synchronization

/// Work that is carried to its end although its caller may go away: what was begun in the world must be recorded.
///
/// The gate waits for it when it shuts down.
final class Undertakings: Sendable {
    private struct State {
        var running = 0
        var followers: [UInt64: Task<Void, Never>] = [:]
        var nextID: UInt64 = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Does the work in a task of its own and waits for it; cancelling the caller does not reach it.
    func carryOut<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        state.withLock { $0.running += 1 }
        let task = Task { @concurrent in
            defer { ended() }
            return try await work()
        }
        return try await task.value
    }

    /// Does the work without anybody waiting. It is cancelled at shutdown: it must leave things so that the next
    /// start can go on.
    func follow(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.nextID &+= 1
            let id = state.nextID
            state.followers[id] = Task { @concurrent [self] in
                await work()
                self.state.withLock { state in _ = state.followers.removeValue(forKey: id) }
            }
        }
    }

    /// Cancels the followers and waits for what is carried out.
    func drain() async {
        for follower in state.withLock({ Array($0.followers.values) }) { follower.cancel() }
        await withCheckedContinuation { continuation in
            let idle = state.withLock { state in
                if state.running > 0 { state.waiting.append(continuation) }
                return state.running == 0
            }
            if idle { continuation.resume() }
        }
    }

    private func ended() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

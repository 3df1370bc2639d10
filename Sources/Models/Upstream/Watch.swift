import Synchronization

/// The times of one call: to the answer's head, between its pieces, and as a whole. What a reader takes for itself is
/// not held against the provider.
final class Watch: Sendable {
    private enum Phase: Sendable { case head, waiting(since: ContinuousClock.Instant), reading }

    private struct State: Sendable {
        var phase = Phase.head
        var overrun: UpstreamFailure?
    }

    private let timeouts: ProviderTimeouts
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(timeouts: ProviderTimeouts) { self.timeouts = timeouts }

    func headCame() { state.withLock { $0.phase = .reading } }
    func waits() { state.withLock { $0.phase = .waiting(since: .now) } }
    func waitsNoMore() { state.withLock { $0.phase = .reading } }

    /// Which time was over when somebody looked, if any was.
    var overrun: UpstreamFailure? { state.withLock { $0.overrun } }

    /// - Returns: whether a time is over.
    func look(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if state.overrun == nil { state.overrun = overrun(of: state.phase, at: now) }
            return state.overrun != nil
        }
    }

    private func overrun(of phase: Phase, at now: ContinuousClock.Instant) -> UpstreamFailure? {
        if now >= start + timeouts.whole { return .late }
        switch phase {
        case .head: return now >= start + timeouts.firstByte ? .firstByteLate : nil
        case .waiting(let since): return now >= since + timeouts.idle ? .idle : nil
        case .reading: return nil
        }
    }
}

/// Looks at the watches of all calls that are under way, and cancels those whose time is over.
///
/// One ticker, which exists only while there are calls: a sleeping task for each would cost more than the call's own
/// steps, and stay behind in the runtime's timer queue when the call is done.
final class WatchKeeper: Sendable {
    private struct State {
        var calls: [UInt64: (watch: Watch, cancel: @Sendable () -> Void)] = [:]
        var nextID: UInt64 = 0
        var isTicking = false
    }

    private let state = Mutex(State())
    private let tick: Duration

    /// - Parameter tick: how exactly times are kept.
    init(tick: Duration = .milliseconds(20)) { self.tick = tick }

    var isIdle: Bool { state.withLock { $0.calls.isEmpty } }

    /// Does the work in a task of its own.
    /// - Throws: ``UpstreamFailure`` when a time is over, and what the work throws.
    func keep<Value: Sendable>(
        _ watch: Watch, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { @concurrent in try await work() }
        let id = add(watch) { task.cancel() }
        defer { remove(id) }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch { throw watch.overrun ?? error }
    }

    private func add(_ watch: Watch, _ cancel: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, mustTick) = state.withLock { state in
            state.nextID &+= 1
            state.calls[state.nextID] = (watch, cancel)
            defer { state.isTicking = true }
            return (state.nextID, !state.isTicking)
        }
        if mustTick { Task { @concurrent [self] in await keepTicking() } }
        return id
    }

    private func remove(_ id: UInt64) {
        state.withLock { state in _ = state.calls.removeValue(forKey: id) }
    }

    private func keepTicking() async {
        while true {
            try? await Task.sleep(for: tick)
            let now = ContinuousClock.now
            let (calls, isOver) = state.withLock { state in
                state.isTicking = !state.calls.isEmpty
                return (Array(state.calls.values), !state.isTicking)
            }
            if isOver { return }
            for call in calls where call.watch.look(at: now) { call.cancel() }
        }
    }
}

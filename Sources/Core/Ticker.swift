import Synchronization

/// Asks everybody who is registered, at every tick, what the time means to them.
///
/// One task serves all, and exists only while there is anybody: a sleeping task for each deadline would stay behind in
/// the runtime's timer queue long after what it was for is done.
public final class Ticker: Sendable {
    public typealias Look = @Sendable (_ now: ContinuousClock.Instant) -> Void

    private struct State {
        var looks: [UInt64: Look] = [:]
        var nextID: UInt64 = 0
        var isTicking = false
    }

    private let state = Mutex(State())
    private let tick: Duration

    /// - Parameter tick: how exactly times are kept.
    public init(tick: Duration = .milliseconds(20)) { self.tick = tick }

    /// Whether nobody is registered.
    public var isEmpty: Bool { state.withLock { $0.looks.isEmpty } }

    /// - Parameter look: called at every tick until it is removed, and perhaps once more just then. It must not wait.
    /// - Returns: what it is removed by.
    public func add(_ look: @escaping Look) -> UInt64 {
        let (id, mustTick) = state.withLock { state in
            state.nextID &+= 1
            state.looks[state.nextID] = look
            defer { state.isTicking = true }
            return (state.nextID, !state.isTicking)
        }
        // The task's life is bounded by who is registered: it ends by itself when nobody is.
        if mustTick { Task { @concurrent [self] in await keepTicking() } }
        return id
    }

    public func remove(_ id: UInt64) {
        state.withLock { state in _ = state.looks.removeValue(forKey: id) }
    }

    private func keepTicking() async {
        while true {
            try? await Task.sleep(for: tick)
            let looks = state.withLock { state in
                state.isTicking = !state.looks.isEmpty
                return Array(state.looks.values)
            }
            if looks.isEmpty { return }
            let now = ContinuousClock.now
            for look in looks { look(now) }
        }
    }
}

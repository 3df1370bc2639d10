import Core
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
    private var overrun: UpstreamFailure? { state.withLock { $0.overrun } }

    /// - Returns: whether a time is over.
    private func look(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if state.overrun == nil { state.overrun = overrun(of: state.phase, at: now) }
            return state.overrun != nil
        }
    }

    /// Does the work in a task of its own, which is cancelled when a time is over.
    /// - Throws: ``UpstreamFailure`` when a time is over, and what the work throws.
    func keep<Value: Sendable>(
        by ticker: Ticker, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { @concurrent in try await work() }
        let id = ticker.add { [self] now in if look(at: now) { task.cancel() } }
        defer { ticker.remove(id) }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch { throw overrun ?? error }
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

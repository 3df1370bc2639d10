import Synchronization

/// Keeps calls away from a tool that keeps failing, so that it can recover and callers learn at once.
///
/// A state machine without a clock: it is told what time it is.
struct CircuitBreaker: Sendable {
    enum State: Sendable, Equatable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        /// One call is under way to see whether the tool works again.
        case halfOpen
    }

    /// Failures in a row that open it.
    static let threshold = 5
    /// How long it stays open before one call may try.
    static let pause = Duration.seconds(30)

    private(set) var state = State.closed(failures: 0)

    /// Nil when a call may go ahead; else how long to wait.
    mutating func admit(at now: ContinuousClock.Instant) -> Duration? {
        switch state {
        case .closed: return nil
        case .halfOpen: return .seconds(1)
        case .open(let until):
            if now < until { return until - now }
            state = .halfOpen
            return nil
        }
    }

    mutating func succeeded() { state = .closed(failures: 0) }

    mutating func failed(at now: ContinuousClock.Instant) {
        switch state {
        case .closed(let failures) where failures + 1 < Self.threshold: state = .closed(failures: failures + 1)
        case .closed, .halfOpen: state = .open(until: now + Self.pause)
        case .open: break
        }
    }

    /// The admitted call did not take place and says nothing about the tool.
    mutating func withdrew(at now: ContinuousClock.Instant) {
        if state == .halfOpen { state = .open(until: now) }
    }
}

/// The breaker of one tool, shared by its calls.
final class SharedBreaker: Sendable {
    private let breaker = Mutex(CircuitBreaker())

    func admit() -> Duration? { breaker.withLock { $0.admit(at: .now) } }
    func succeeded() { breaker.withLock { $0.succeeded() } }
    func failed() { breaker.withLock { $0.failed(at: .now) } }
    func withdrew() { breaker.withLock { $0.withdrew(at: .now) } }
}

/// Leaves a destination alone that keeps failing, so that it can recover and others are not held up. A state machine that
/// is told what time it is.
struct DestinationCircuit: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant, failures: Int)
        /// One send is under way to see whether it works again.
        case trying(failures: Int)
    }

    /// Failures in a row that open it.
    static let threshold = 3
    private static let longest = Duration.seconds(120)

    private(set) var state = State.closed(failures: 0)
    /// Before the first try of one that has opened.
    let pause: Duration

    init(pause: Duration = .seconds(5)) { self.pause = pause }

    var name: String {
        switch state {
        case .closed: "closed"
        case .open: "open"
        case .trying: "trying"
        }
    }

    /// How many sends may begin now, of so many.
    mutating func room(_ wanted: Int, at now: ContinuousClock.Instant) -> Int {
        switch state {
        case .closed: wanted
        case .trying: 0
        case .open(let until, _): now < until ? 0 : min(1, wanted)
        }
    }

    mutating func begun() {
        if case .open(_, let failures) = state { state = .trying(failures: failures) }
    }

    /// When it may be tried again; nil where it is not open.
    var opens: ContinuousClock.Instant? { if case .open(let until, _) = state { until } else { nil } }

    /// It answered, whatever it said.
    mutating func succeeded() { state = .closed(failures: 0) }

    /// - Parameter asked: what it asks to be left alone for, which opens it at once.
    mutating func failed(at now: ContinuousClock.Instant, asked: Duration?) {
        let failures: Int
        switch state {
        case .closed(let before), .open(_, let before), .trying(let before): failures = min(before + 1, 1000)
        }
        if asked == nil, failures < Self.threshold, case .closed = state {
            state = .closed(failures: failures)
            return
        }
        var wait = pause
        for _ in 0..<min(16, max(0, failures - Self.threshold)) where wait < Self.longest { wait *= 2 }
        wait = max(min(wait, Self.longest), min(asked ?? .zero, RetryAfter.longest))
        let until = now + wait
        if case .open(let before, _) = state, before > until { return }
        state = .open(until: until, failures: failures)
    }
}

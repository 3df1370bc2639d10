/// Keeps calls away from a model that keeps failing. Told what time it is.
///
/// The gate's breaker counts failures of one tool; this one also takes the pause that a provider asks for.
public struct ModelBreaker: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        /// One call is under way to see whether the model answers again; another may try after `until`.
        case halfOpen(until: ContinuousClock.Instant)
    }

    public static let threshold = 5
    public static let pause = Duration.seconds(30)
    /// No provider may ask to be left alone for longer.
    public static let greatestPause = Duration.seconds(300)

    private(set) var state = State.closed(failures: 0)

    public init() {}

    /// How long calls have to wait; nil when one may go. Changes nothing.
    public func wait(at now: ContinuousClock.Instant) -> Duration? {
        switch state {
        case .closed: nil
        case .open(let until), .halfOpen(let until): now < until ? until - now : nil
        }
    }

    /// Takes the right to call.
    public mutating func admit(at now: ContinuousClock.Instant) -> Bool {
        if wait(at: now) != nil { return false }
        if case .closed = state { return true }
        state = .halfOpen(until: now + Self.pause)
        return true
    }

    public mutating func succeeded() { state = .closed(failures: 0) }

    /// - Parameter retryAfter: what the provider asked for: it is left alone at once.
    public mutating func failed(at now: ContinuousClock.Instant, retryAfter: Duration? = nil) {
        if let retryAfter {
            state = .open(until: now + min(max(retryAfter, .zero), Self.greatestPause))
            return
        }
        switch state {
        case .closed(let failures) where failures + 1 < Self.threshold: state = .closed(failures: failures + 1)
        case .closed, .halfOpen: state = .open(until: now + Self.pause)
        case .open: break
        }
    }
}

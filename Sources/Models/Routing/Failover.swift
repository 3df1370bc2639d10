public import Core

/// Goes from candidate to candidate until one answers. A state machine: events in, actions out, no clock.
public struct Failover: Sendable {
    public enum Event: Sendable, Hashable {
        case failed(UpstreamFailure)
        /// A byte of the answer goes to the client: from here on there is no way back.
        case firstByteSent
        case completed
    }

    public enum Action: Sendable, Hashable {
        /// Send the request to this candidate after the delay.
        case attempt(ModelName, after: Duration)
        /// Go on giving the answer.
        case answer
        /// Nothing went to the client: answer with the error.
        case giveUp(GatehouseError)
        /// Part of the answer went to the client: end it with the error.
        case breakOff(GatehouseError)
        case done
    }

    enum State: Sendable, Hashable { case idle, trying, answering, ended }

    /// The most calls upstream for one request.
    public static let greatestAttempts = 4
    /// A wait that a client will bear; a provider that asks for more is not tried again.
    public static let greatestDelay = Duration.seconds(5)

    private let candidates: [ModelName]
    private let attemptsAllowed: Int
    private(set) var state = State.idle
    public private(set) var attempts = 0
    /// How long each candidate asked to be left alone, by its place.
    private var asked: [Int: Duration] = [:]

    public init(_ route: Route, attempts: Int = Self.greatestAttempts) {
        candidates = route.candidates
        attemptsAllowed = min(max(1, attempts), Self.greatestAttempts)
    }

    /// Which is being called, or was last.
    public var current: ModelName { candidates[max(0, attempts - 1) % candidates.count] }

    public mutating func start() -> Action {
        guard state == .idle else { return .done }
        state = .trying
        attempts = 1
        return .attempt(current, after: .zero)
    }

    /// - Parameter mayRetry: asked only where a retry would be made: see ``RetryBudget/retry()``.
    public mutating func handle(_ event: Event, mayRetry: () -> Bool) -> Action {
        switch (state, event) {
        case (.trying, .firstByteSent), (.answering, .firstByteSent):
            state = .answering
            return .answer
        case (.trying, .completed), (.answering, .completed):
            state = .ended
            return .done
        case (.answering, .failed(let failure)):
            state = .ended
            return .breakOff(failure.error(from: current))
        case (.trying, .failed(let failure)): return next(after: failure, mayRetry)
        case (.idle, _), (.ended, _): return .done
        }
    }

    private mutating func next(after failure: UpstreamFailure, _ mayRetry: () -> Bool) -> Action {
        let failed = current
        if case .status(_, let wait?) = failure { asked[(attempts - 1) % candidates.count] = wait }
        guard failure.isRetryable, attempts < attemptsAllowed, let delay = nextDelay(), mayRetry() else {
            state = .ended
            return .giveUp(failure.error(from: failed))
        }
        attempts += 1
        return .attempt(current, after: delay)
    }

    /// Another candidate is tried at once. One that had its turn gets the time that it asked for, or a little longer
    /// each round; nil when that is too long.
    private func nextDelay() -> Duration? {
        let (round, place) = attempts.quotientAndRemainder(dividingBy: candidates.count)
        guard round > 0 else { return .zero }
        let pause = Duration.milliseconds(200 << min(round, 4))
        guard let wait = asked[place] else { return pause }
        return wait > Self.greatestDelay ? nil : max(wait, pause)
    }
}

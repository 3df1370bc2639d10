public import Core

/// When to ask a source again, and what it answered: a state machine that does nothing itself.
public struct BundlePoller: Sendable, Hashable {
    public struct Schedule: Sendable, Hashable {
        /// Between answers, chosen anew each time so that many do not ask at once.
        public var minimum: Duration
        public var maximum: Duration
        /// After the first failure; twice as long after each further one, up to ``maximum``.
        public var firstRetry: Duration

        /// Bounds are put in order and held to at least 100 ms.
        public init(
            minimum: Duration = .seconds(60), maximum: Duration = .seconds(120), firstRetry: Duration = .seconds(1)
        ) {
            self.minimum = max(minimum, .milliseconds(100))
            self.maximum = max(maximum, self.minimum)
            self.firstRetry = min(max(firstRetry, .milliseconds(100)), self.maximum)
        }
    }

    public enum Outcome: Sendable, Hashable {
        /// A new bundle was loaded and is active.
        case activated(tag: String?)
        case unchanged
        case failed(GatehouseError)
    }

    public struct Status: Sendable, Hashable {
        public var lastAttempt: Timestamp?
        /// Activated or found unchanged.
        public var lastSuccess: Timestamp?
        public var lastActivation: Timestamp?
        /// Nil after a success.
        public var error: GatehouseError?
        /// In a row.
        public var failures = 0
        /// Whether what is active was kept from an earlier run, as the source could not be reached.
        public var isFromDisk = false
    }

    public let schedule: Schedule
    public private(set) var status = Status()
    /// Of what is active; nil while nothing came from the source.
    public private(set) var tag: String?

    public init(_ schedule: Schedule = Schedule()) { self.schedule = schedule }

    /// Takes the outcome of an attempt.
    ///
    /// - Returns: how long to wait before the next.
    public mutating func take(
        _ outcome: Outcome, at time: Timestamp, using random: inout some RandomNumberGenerator
    ) -> Duration {
        status.lastAttempt = time
        switch outcome {
        case .activated(let new):
            tag = new
            status.lastActivation = time
            status.isFromDisk = false
            succeed(at: time)
        case .unchanged: succeed(at: time)
        case .failed(let error):
            status.error = error
            status.failures += 1
            return backoff(using: &random)
        }
        return Self.random(from: schedule.minimum, to: schedule.maximum, using: &random)
    }

    public mutating func startedFromDisk() { status.isFromDisk = true }

    private mutating func succeed(at time: Timestamp) {
        status.lastSuccess = time
        status.error = nil
        status.failures = 0
    }

    /// Between half of the delay and all of it.
    private func backoff(using random: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(status.failures - 1, 20)
        let delay = min(schedule.firstRetry * (1 << doublings), schedule.maximum)
        return Self.random(from: delay / 2, to: delay, using: &random)
    }

    private static func random(
        from low: Duration, to high: Duration, using random: inout some RandomNumberGenerator
    ) -> Duration {
        .microseconds(Int64.random(in: low.microseconds...max(low.microseconds, high.microseconds), using: &random))
    }
}

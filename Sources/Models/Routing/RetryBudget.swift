/// Holds retries to a share of the requests, so that they cannot add to an overload.
///
/// A bucket of thousandths of a retry: each request puts `share` in, each retry takes a thousand out.
public struct RetryBudget: Sendable, Hashable {
    /// Thousandths: 100 is one retry for ten requests.
    public let share: Int
    /// The most retries that are kept for later, and what it starts with.
    public let burst: Int
    private var level: Int

    public init(share: Int = 100, burst: Int = 10) {
        self.share = min(max(0, share), Self.whole)
        self.burst = min(max(0, burst), 1 << 20)
        level = self.burst * Self.whole
    }

    public mutating func request() { level = min(level + share, burst * Self.whole) }

    /// Whether a retry may be made; takes it.
    public mutating func retry() -> Bool {
        guard level >= Self.whole else { return false }
        level -= Self.whole
        return true
    }

    private static let whole = 1000
}

/// How a ``DecisionLog`` keeps what it has not yet sent, and when it sends it.
public struct DecisionLogOptions: Sendable, Hashable {
    /// Kept at the most; of more, the oldest go.
    public var events = 10_000
    /// Kept at the most, as JSON.
    public var bytes = 32 << 20
    /// Of one upload, compressed.
    public var uploadBytes = 32 << 10
    /// From the end of one upload to the next, at the least and at the most: drawn anew each time.
    public var minimumDelay: Duration = .seconds(300)
    public var maximumDelay: Duration = .seconds(600)
    /// After a first failure; it doubles up to ``maximumDelay``.
    public var retryDelay: Duration = .seconds(1)

    public init() {}
}

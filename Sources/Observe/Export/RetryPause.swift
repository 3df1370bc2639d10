/// How long to wait after a failed export: longer each time, and never less than the collector asks for.
struct RetryPause: Sendable {
    private static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(30)
    /// What a collector may ask for.
    private static let longestAsked = Duration.seconds(300)

    private var next = Self.first

    /// Whether the last export failed.
    private(set) var isPausing = false

    mutating func succeeded() { self = RetryPause() }

    /// - Parameters:
    ///   - asked: what the collector asks to wait (`Retry-After`).
    ///   - jitter: from 0 to 1.
    mutating func failed(asked: Duration?, jitter: Double) -> Duration {
        let pause = next * (0.5 + jitter / 2)
        next = min(next * 2, Self.longest)
        isPausing = true
        return max(pause, min(asked ?? .zero, Self.longestAsked))
    }
}

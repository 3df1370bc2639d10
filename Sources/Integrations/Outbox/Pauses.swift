/// How long a send waits after a try that failed: twice as long each time, a part of it by chance, so that many do not come
/// back at once; and never less than the destination asks for.
package struct Pauses: Sendable, Hashable {
    let first: Duration
    let longest: Duration

    package init(first: Duration, longest: Duration) { (self.first, self.longest) = (first, longest) }

    /// - Parameters:
    ///   - attempts: tries so far, this one counted.
    ///   - asked: what the destination asks for (`Retry-After`).
    ///   - jitter: from 0 to 1.
    package func after(attempts: Int, asked: Duration?, jitter: Double) -> Duration {
        var pause = first
        for _ in 1..<max(1, min(attempts, 64)) where pause < longest { pause *= 2 }
        return max(min(pause, longest) * (0.5 + jitter / 2), min(asked ?? .zero, RetryAfter.longest))
    }
}

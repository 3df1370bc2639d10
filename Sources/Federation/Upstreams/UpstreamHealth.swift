public import Core

/// How a server behind the gate is.
public struct UpstreamHealth: Sendable, Hashable {
    public enum State: String, Sendable, Hashable { case starting, ready, failing, stopped }

    public var state = State.starting
    /// Why it fails, in words.
    public var problem: String?
    /// When it became what it is.
    public var since: Timestamp
    /// How often it had to be begun again since it was last ready.
    public var attempts = 0
    /// The revision of the protocol that it speaks.
    public var version: String?
}

/// How long to wait before a server is begun again: twice as long each time, up to a minute, less a random part so that
/// many do not come at once.
struct Backoff {
    private var failures = 0

    mutating func next() -> Duration {
        failures += 1
        let whole = min(60.0, 0.5 * Double(1 << min(failures, 8)))
        return .seconds(whole * Double.random(in: 0.75...1))
    }

    mutating func reset() { failures = 0 }
}

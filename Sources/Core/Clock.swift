import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the time comes from. Rooms take a clock, so that tests decide what time it is.
public protocol WallClock: Sendable {
    /// The time of day. It may jump either way (NTP, an operator): never measure a duration with it.
    func now() -> Timestamp
}

public struct SystemWallClock: WallClock {
    public init() {}

    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// A clock that stands still until it is told otherwise.
public final class ManualWallClock: WallClock {
    private let time: Mutex<Timestamp>

    public init(_ start: Timestamp = Timestamp(seconds: 1_800_000_000)) { time = Mutex(start) }

    public func now() -> Timestamp { time.withLock { $0 } }
    public func set(_ new: Timestamp) { time.withLock { $0 = new } }
    public func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

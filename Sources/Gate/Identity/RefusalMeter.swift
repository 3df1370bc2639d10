/// Bounds how many refusals are recorded, so that nobody fills the ledger from outside: ten at once, then one in six
/// seconds. The others are counted.
struct RefusalMeter: Sendable {
    static let burst = 10
    static let pace = Duration.seconds(6)

    private var room = burst
    private var last: ContinuousClock.Instant?
    private var further = 0

    /// Something was refused.
    /// - Returns: how many were passed over since the last record; nil when this one is passed over too.
    mutating func take(at now: ContinuousClock.Instant) -> Int? {
        refill(at: now)
        guard room > 0 else {
            further += 1
            return nil
        }
        return record()
    }

    /// - Returns: how many were passed over, once there is room to record it; nil when none were.
    mutating func takeRest(at now: ContinuousClock.Instant) -> Int? {
        refill(at: now)
        return further > 0 && room > 0 ? record() : nil
    }

    /// Whether it is as good as new.
    mutating func isRested(at now: ContinuousClock.Instant) -> Bool {
        refill(at: now)
        return room == Self.burst && further == 0
    }

    private mutating func record() -> Int {
        defer { further = 0 }
        room -= 1
        return further
    }

    private mutating func refill(at now: ContinuousClock.Instant) {
        let since = last ?? now
        let earned = Int((now - since) / Self.pace)
        room = min(Self.burst, room + max(0, earned))
        last = room == Self.burst ? now : since + Self.pace * max(0, earned)
    }
}

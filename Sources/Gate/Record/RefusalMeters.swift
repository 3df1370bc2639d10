/// A ``RefusalMeter`` for each principal, so that nobody fills the ledger with requests that are refused, and nobody hides
/// behind the refusals of others.
struct RefusalMeters: Sendable {
    /// Principals with a meter of their own at once; others share one.
    static let greatest = 4096
    private static let others = "others"

    private var meters: [String: RefusalMeter] = [:]

    /// See ``RefusalMeter/take(at:)``.
    mutating func take(_ principalID: String, at now: ContinuousClock.Instant) -> Int? {
        if meters[principalID] == nil, meters.count >= Self.greatest { forgetRested(at: now) }
        let key = meters[principalID] != nil || meters.count < Self.greatest ? principalID : Self.others
        return meters[key, default: RefusalMeter()].take(at: now)
    }

    private mutating func forgetRested(at now: ContinuousClock.Instant) {
        for (id, meter) in meters {
            var meter = meter
            if meter.isRested(at: now) { meters[id] = nil }
        }
    }

    /// Who was passed over how often, where there is room to record it.
    mutating func takeRest(at now: ContinuousClock.Instant) -> [(principalID: String, further: Int)] {
        meters.keys.sorted().compactMap { id in
            (meters[id]?.takeRest(at: now)).map { (id, $0) }
        }
    }
}

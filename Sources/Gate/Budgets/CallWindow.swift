import Core

/// Counts calls in the last sixty seconds, in buckets of a second.
///
/// The second that is only partly past counts whole, so that no sixty seconds, wherever they begin, hold more than the
/// limit.
struct CallWindow: Sendable, Hashable {
    private static let buckets: Int64 = 61

    private var counts = [Int64](repeating: 0, count: Int(buckets))
    private var newest: Int64
    private(set) var total: Int64 = 0
    /// Calls that are on disk as made and were not made yet.
    private var lease = Lease(start: Timestamp(seconds: 0), left: 0)

    struct Lease: Sendable, Hashable {
        var start: Timestamp
        var left: Int64

        static let length = Duration.seconds(60)

        var end: Timestamp { start + Self.length }
    }

    init(at now: Timestamp) { newest = now.seconds }

    /// Forgets what is over a minute old. A clock that went back a little stands still here; one that went back further
    /// takes all that was counted along, and it is over after a minute.
    mutating func advance(to now: Timestamp) {
        let second = now.seconds
        if second < newest {
            guard newest - second > Self.buckets else { return }
            counts = [Int64](repeating: 0, count: counts.count)
            counts[index(second)] = total
            newest = second
            lease.left = 0
            return
        }
        for passed in 0..<min(second - newest, Self.buckets) {
            let bucket = index(newest + 1 + passed)
            total -= counts[bucket]
            counts[bucket] = 0
        }
        newest = second
    }

    func allows(limit: Int64) -> Bool { total < limit }

    /// Calls to put on disk before one more may be granted; nil while some are left.
    func leaseNeeded(at now: Timestamp, limit: Int64) -> Int64? {
        if lease.left > 0, now < lease.end { return nil }
        return max(1, min(limit / 8, limit - total))
    }

    mutating func count() {
        lease.left -= 1
        add(1, at: newest)
    }

    /// Takes note of calls that are on disk since `start`.
    mutating func grant(_ calls: Int64, from start: Timestamp, at now: Timestamp) {
        let unused = now < lease.end ? lease.left : 0
        lease = Lease(start: unused > 0 ? min(start, lease.start) : start, left: unused + calls)
    }

    /// Counts calls of which only this is known: they were made at `time` at the latest.
    mutating func restore(_ calls: Int64, madeBy time: Timestamp, now: Timestamp) {
        advance(to: now)
        let second = min(time.seconds, newest)
        if second > newest - Self.buckets { add(calls, at: second) }
    }

    /// When a call is forgotten that makes room for one more.
    func frees(limit: Int64) -> Timestamp {
        var left = total
        for age in stride(from: Self.buckets - 1, through: 0, by: -1) {
            left -= counts[index(newest - age)]
            if left < limit { return Timestamp(seconds: newest - age + Self.buckets) }
        }
        return Timestamp(seconds: newest + Self.buckets)
    }

    /// Calls with the second in which they were made, for a clean stop.
    func byMoment() -> [(time: Timestamp, calls: Int64)] {
        (0..<Self.buckets).compactMap { age in
            let calls = counts[index(newest - age)]
            return calls > 0 ? (Timestamp(seconds: newest - age), calls) : nil
        }
    }

    private mutating func add(_ calls: Int64, at second: Int64) {
        counts[index(second)] += calls
        total += calls
    }

    private func index(_ second: Int64) -> Int { Int((second % Self.buckets + Self.buckets) % Self.buckets) }
}

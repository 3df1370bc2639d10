/// A time zone of the IANA database: how far its clocks are from UTC, and when that changes.
public struct TimeZoneRules: Sendable, Hashable {
    /// Changes in ascending order, with what holds from each on.
    private let times: [Int64]
    private let offsets: [Int]
    /// Before the first change.
    private let first: Int
    /// After the last one; nil where the last offset stays.
    private let footer: PosixTimeZone?

    public static let utc = TimeZoneRules(times: [], offsets: [], first: 0, footer: nil)

    init(times: [Int64], offsets: [Int], first: Int, footer: PosixTimeZone?) {
        (self.times, self.offsets) = (times, offsets)
        (self.first, self.footer) = (first, footer)
    }

    /// Seconds east of UTC at this time, in seconds since 1970.
    func offset(at time: Int64) -> Int {
        guard let last = times.last else { return footer?.offset(at: time) ?? first }
        if time >= last, let footer { return footer.offset(at: time) }
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    /// When clocks show this, in seconds since 1970: of two such times the first, of none the end of the gap.
    func time(of civil: CivilTime) -> Int64 {
        let local = civil.seconds
        let (before, after) = (offset(at: local - 86_400), offset(at: local + 86_400))
        let candidates = [local - Int64(before), local - Int64(after)]
        let real = candidates.filter { $0 + Int64(offset(at: $0)) == local }
        if let found = real.min() { return found }
        return gapEnd(from: local - Int64(max(before, after)), to: local - Int64(min(before, after)))
    }

    /// When clocks jump between two times.
    private func gapEnd(from start: Int64, to end: Int64) -> Int64 {
        var (low, high) = (start, end)
        let former = offset(at: low)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == former { low = middle } else { high = middle }
        }
        return high
    }
}

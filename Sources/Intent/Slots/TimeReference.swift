public import Core

/// A time as people say it, before it is known what time it is now.
public struct TimeReference: Sendable, Hashable {
    public enum Relation: String, Sendable, Hashable {
        /// In it, or at it.
        case during
        /// From its start until now.
        case since
        /// Until its start.
        case until
    }

    public enum Point: Sendable, Hashable {
        /// A day: 0 today, 1 yesterday, -1 tomorrow.
        case day(ago: Int)
        /// From Monday: 0 this week, 1 the last.
        case week(ago: Int)
        case month(ago: Int)
        /// 1 Monday … 7 Sunday: the last one, today counted in; after `until`, the next.
        case weekday(Int)
        /// The last time that the clock showed it.
        case clock(hour: Int, minute: Int)
        case ago(Duration)
        /// A day that is named, by its first instant.
        case date(Timestamp)
        case instant(Timestamp)
    }

    public var relation: Relation
    public var point: Point

    public init(_ relation: Relation, _ point: Point) {
        self.relation = relation
        self.point = point
    }

    /// The span that is meant, in UTC; nil at an end that is open. A single instant has both ends alike.
    public func interval(now: Timestamp) -> (from: Timestamp?, to: Timestamp?) {
        let span = span(now)
        return switch relation {
        case .during: (span.start, span.end)
        case .since: (span.start, now)
        case .until: (nil, span.start)
        }
    }

    private static let day = Duration.seconds(86_400)

    private func span(_ now: Timestamp) -> (start: Timestamp, end: Timestamp) {
        let today = Timestamp(seconds: now.seconds - Self.floorModulo(now.seconds, 86_400))
        let weekday = Int(Self.floorModulo(now.seconds / 86_400 + 3, 7)) + 1
        switch point {
        case .day(let ago): return Self.days(1, from: today - Self.day * ago)
        case .week(let ago): return Self.days(7, from: today - Self.day * (weekday - 1 + 7 * ago))
        case .month(let ago): return Self.month(ago, now)
        case .weekday(let wanted):
            let back = (weekday - wanted + 7) % 7
            let forth = (wanted - weekday + 7) % 7
            return Self.days(1, from: relation == .until ? today + Self.day * forth : today - Self.day * back)
        case .clock(let hour, let minute):
            let time = today + .seconds(hour * 3600 + minute * 60)
            let last = relation == .until || time <= now ? time : time - Self.day
            return (last, last)
        case .ago(let duration): return (now - duration, now - duration)
        case .date(let start): return Self.days(1, from: start)
        case .instant(let time): return (time, time)
        }
    }

    private static func days(_ count: Int, from start: Timestamp) -> (start: Timestamp, end: Timestamp) {
        (start, start + day * count)
    }

    private static func month(_ ago: Int, _ now: Timestamp) -> (start: Timestamp, end: Timestamp) {
        let text = now.description
        guard let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)) else { return (now, now) }
        let months = year * 12 + month - 1 - ago
        return (first(months) ?? now, first(months + 1) ?? now)
    }

    /// The first instant of a month, counted from year 0.
    private static func first(_ months: Int) -> Timestamp? {
        var text: [UInt8] = []
        text.appendDecimal(months / 12, width: 4)
        text.append(UInt8(ascii: "-"))
        text.appendDecimal(months % 12 + 1, width: 2)
        return Timestamp(String(decoding: text, as: UTF8.self) + "-01T00:00:00Z")
    }

    private static func floorModulo(_ a: Int64, _ b: Int64) -> Int64 { (a % b + b) % b }
}

extension TimeReference: CustomStringConvertible {
    public var description: String { relation == .during ? pointText : "\(relation.rawValue) \(pointText)" }

    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private var pointText: String {
        switch point {
        case .day(0): "today"
        case .day(1): "yesterday"
        case .day(-1): "tomorrow"
        case .day(let ago): "\(ago) days ago"
        case .week(0): "this week"
        case .week(1): "last week"
        case .week(let ago): "\(ago) weeks ago"
        case .month(0): "this month"
        case .month(1): "last month"
        case .month(let ago): "\(ago) months ago"
        case .weekday(let day): (1...7).contains(day) ? Self.weekdays[day - 1] : "day \(day)"
        case .clock(let hour, let minute): "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        case .ago(let duration): "\(Slot.Value.duration(duration)) ago"
        case .date(let start): String(start.description.prefix(10))
        case .instant(let time): time.description
        }
    }
}

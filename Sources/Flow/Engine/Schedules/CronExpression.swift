public import Core

/// When something happens again and again: the five fields of cron, or `@daily` and its like.
///
/// Minute, hour, day of the month, month, day of the week; each with `*`, values, names (`jan`, `mon`), ranges, steps
/// and lists. Where both days are restricted (neither begins with `*`), either suffices, as in Vixie's cron.
public struct CronExpression: Sendable, Hashable {
    /// As it was written.
    public let source: String
    private let minute: CronField
    private let hour: CronField
    private let day: CronField
    private let month: CronField
    private let weekday: CronField

    private static let longest = 256
    private static let shorthands = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
    /// Days that are looked at: leap days on a certain weekday come again within forty years.
    private static let horizon: Int64 = 41 * 366

    /// - Throws: `invalid`, naming the field; also for a date that never comes.
    public init(_ source: String) throws {
        self.source = source
        guard source.utf8.count <= Self.longest else {
            throw GatehouseError("flow", .invalid, "a schedule has at most \(Self.longest) bytes")
        }
        let fields = (Self.shorthands[source.lowercased()] ?? source).split { $0 == " " || $0 == "\t" }
        guard fields.count == 5 else {
            throw GatehouseError(
                "flow", .invalid, "\"\(source.prefix(60))\" has \(fields.count) fields; a schedule has five",
                hint: "minute, hour, day of the month, month, day of the week; or one of "
                    + Self.shorthands.keys.sorted().joined(separator: ", "))
        }
        minute = try CronField(fields[0], .minute)
        hour = try CronField(fields[1], .hour)
        day = try CronField(fields[2], .day)
        month = try CronField(fields[3], .month)
        weekday = try CronField(fields[4], .weekday)
        guard next(after: Timestamp(seconds: 0), in: .utc) != nil else {
            throw GatehouseError("flow", .invalid, "\"\(source)\" is a date that never comes")
        }
    }

    /// The first time after this one, to the minute.
    ///
    /// A time of day that does not exist, because clocks are put forward over it, is at the end of the gap; one that
    /// exists twice, because they are put back, is the first of the two and not the second. Nil where there is none
    /// within forty years.
    public func next(after time: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        let after = time.seconds
        // Clocks are put forward or back by a day at most.
        let first = CivilTime(seconds: after + Int64(zone.offset(at: after)) - 86_400).days
        for days in first..<(first + Self.horizon) {
            let date = CivilTime(days: days)
            guard month.contains(date.month), isDay(date) else { continue }
            if let found = firstTime(on: date, after: after, zone) { return Timestamp(seconds: found) }
        }
        return nil
    }

    private func isDay(_ date: CivilTime) -> Bool {
        let (isDay, isWeekday) = (day.contains(date.day), weekday.contains(date.weekday))
        return day.isStar || weekday.isStar ? isDay && isWeekday : isDay || isWeekday
    }

    private func firstTime(on date: CivilTime, after: Int64, _ zone: TimeZoneRules) -> Int64? {
        // A day that is over wherever one is.
        guard date.seconds + 3 * 86_400 > after else { return nil }
        var time = date
        var nextHour = hour.first(from: 0)
        while let hour = nextHour, hour < 24 {
            time.hour = hour
            var nextMinute = minute.first(from: 0)
            while let minute = nextMinute, minute < 60 {
                time.minute = minute
                let found = zone.time(of: time)
                if found > after { return found }
                nextMinute = self.minute.first(from: minute + 1)
            }
            nextHour = self.hour.first(from: hour + 1)
        }
        return nil
    }
}

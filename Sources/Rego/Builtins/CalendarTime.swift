/// A time in the proleptic Gregorian calendar, to the nanosecond, at an offset from UTC.
struct CalendarTime {
    /// Since 1970-01-01T00:00:00Z; not limited to what 64 bits of nanoseconds hold.
    var seconds: Int
    var nanosecond: Int
    var zone: TimeZoneData

    init(nanoseconds: Int, zone: TimeZoneData = .utc) {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        seconds = rest < 0 ? quotient - 1 : quotient
        nanosecond = rest < 0 ? rest + 1_000_000_000 : rest
        self.zone = zone
    }

    init(seconds: Int, nanosecond: Int, zone: TimeZoneData) {
        self.seconds = seconds
        self.nanosecond = nanosecond
        self.zone = zone
    }

    /// Nanoseconds since 1970; nil where 64 bits do not hold them.
    var nanoseconds: Int? {
        let (product, overflow) = (seconds + 1).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow || seconds > 0 else { return nil }
        if overflow {
            let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            let (sum, more) = whole.addingReportingOverflow(nanosecond)
            return overflow || more ? nil : sum
        }
        let (sum, more) = product.addingReportingOverflow(nanosecond - 1_000_000_000)
        return more ? nil : sum
    }

    struct Parts {
        var year: Int, month: Int, day: Int
        var hour: Int, minute: Int, second: Int
        /// 0 is Sunday.
        var weekday: Int
        var yearDay: Int
    }

    var offset: TimeZoneData.Offset { zone.offset(at: seconds) }

    var parts: Parts {
        let local = seconds + offset.seconds
        let days = Calendar.floorDivide(local, 86_400)
        let second = local - days * 86_400
        let (year, month, day) = Calendar.civil(days)
        return Parts(
            year: year, month: month, day: day, hour: second / 3600, minute: second / 60 % 60, second: second % 60,
            weekday: Calendar.floorModulo(days + 4, 7), yearDay: days - Calendar.days(year, 1, 1) + 1)
    }
}

/// Dates as days since 1970-01-01.
enum Calendar {
    static func floorDivide(_ left: Int, _ right: Int) -> Int {
        let (quotient, rest) = left.quotientAndRemainder(dividingBy: right)
        return rest < 0 ? quotient - 1 : quotient
    }

    static func floorModulo(_ left: Int, _ right: Int) -> Int { left - floorDivide(left, right) * right }

    static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Months and days beyond their range carry over. Years are counted in eras of 400 that begin in March.
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = year + floorDivide(month - 1, 12)
        let month = floorModulo(month - 1, 12) + 1
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468 + day - 1
    }

    static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Seconds since 1970 of a local time; where clocks were changed the reading before the change is meant.
    static func seconds(days: Int, second: Int, in zone: TimeZoneData) -> Int {
        let local = days * 86_400 + second
        let first = local - zone.offset(at: local).seconds
        let second = local - zone.offset(at: first).seconds
        if first == second { return first }
        // In a gap or an overlap, whichever offset holds at its own result.
        return zone.offset(at: second).seconds == local - second ? second : first
    }
}

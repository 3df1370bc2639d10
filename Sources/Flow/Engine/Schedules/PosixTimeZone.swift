/// The rule for times after the last change that a time zone file lists: the TZ string of POSIX, with the hours beyond a
/// day and before it that RFC 8536 allows (section 3.3.1).
struct PosixTimeZone: Sendable, Hashable {
    /// When clocks change, in every year.
    fileprivate struct Change: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// From 1; the 29th of February is never counted.
            case julian(Int)
            /// From 0; the 29th of February is counted.
            case dayOfYear(Int)
            /// Week 5 is the last one.
            case weekday(month: Int, week: Int, weekday: Int)
        }

        var day: Day
        /// Seconds after midnight, by the clock before the change.
        var time: Int
    }

    /// Seconds east of UTC.
    private let standard: Int
    private var summer: Int?
    private var begins: Change?
    private var ends: Change?

    /// Nil for what is no such rule.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard bytes.count <= 256, reader.name(), let standard = reader.offset() else { return nil }
        self.standard = -standard
        guard !reader.atEnd else { return }
        guard reader.name() else { return nil }
        summer = self.standard + 3600
        if !reader.isAt(",") {
            guard let offset = reader.offset() else { return nil }
            summer = -offset
        }
        guard reader.take(","), let begins = reader.change(), reader.take(","), let ends = reader.change(), reader.atEnd
        else { return nil }
        (self.begins, self.ends) = (begins, ends)
    }

    /// Seconds east of UTC at this time, in seconds since 1970.
    func offset(at time: Int64) -> Int {
        guard let summer, let begins, let ends else { return standard }
        let year = CivilTime(seconds: time + Int64(standard)).year
        // A change may be moved over the new year by its hours.
        var last: (time: Int64, offset: Int)?
        for year in year - 1...year + 1 {
            for (change, before, after) in [(begins, standard, summer), (ends, summer, standard)] {
                let instant = change.seconds(in: year) - Int64(before)
                if instant <= time, last.map({ instant >= $0.time }) ?? true { last = (instant, after) }
            }
        }
        return last?.offset ?? standard
    }
}

extension PosixTimeZone.Change {
    /// Since 1970, by the clock before the change.
    fileprivate func seconds(in year: Int) -> Int64 {
        let first = CivilTime(year: year, month: 1, day: 1).days
        let days: Int64
        switch day {
        case .julian(let number):
            days = first + Int64(number - 1) + (CivilTime.isLeap(year) && number >= 60 ? 1 : 0)
        case .dayOfYear(let number): days = first + Int64(number)
        case .weekday(let month, let week, let weekday):
            let start = CivilTime(year: year, month: month, day: 1)
            var day = 1 + (weekday - start.weekday + 7) % 7 + (week - 1) * 7
            while day > CivilTime.days(in: month, of: year) { day -= 7 }
            days = CivilTime(year: year, month: month, day: day).days
        }
        return days * 86_400 + Int64(time)
    }
}

private struct Reader {
    let bytes: [UInt8]
    var position = 0

    var atEnd: Bool { position == bytes.count }

    func isAt(_ character: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character)
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    /// Three letters or more, or anything between `<` and `>`.
    mutating func name() -> Bool {
        if take("<") {
            guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")), end > position else { return false }
            position = end + 1
            return true
        }
        let start = position
        while position < bytes.count, (0x41...0x5A).contains(bytes[position] & 0xDF) { position += 1 }
        return position - start >= 3
    }

    /// Up to three digits.
    mutating func number(upTo greatest: Int) -> Int? {
        var value = 0
        let start = position
        while position < bytes.count, position - start < 3, (0x30...0x39).contains(bytes[position]) {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return position > start && value <= greatest ? value : nil
    }

    /// `[+-]h[h][:mm[:ss]]` in seconds; up to 167 hours.
    mutating func offset() -> Int? {
        let sign = take("-") ? -1 : 1
        if sign == 1 { _ = take("+") }
        guard let hours = number(upTo: 167) else { return nil }
        var seconds = hours * 3600
        if take(":") {
            guard let minutes = number(upTo: 59) else { return nil }
            seconds += minutes * 60
            if take(":") {
                guard let rest = number(upTo: 59) else { return nil }
                seconds += rest
            }
        }
        return sign * seconds
    }

    mutating func change() -> PosixTimeZone.Change? {
        guard let day = day() else { return nil }
        guard take("/") else { return PosixTimeZone.Change(day: day, time: 7200) }
        return offset().map { PosixTimeZone.Change(day: day, time: $0) }
    }

    private mutating func day() -> PosixTimeZone.Change.Day? {
        if take("J") { return number(upTo: 365).flatMap { $0 > 0 ? .julian($0) : nil } }
        guard take("M") else { return number(upTo: 365).map { .dayOfYear($0) } }
        guard let month = number(upTo: 12), month > 0, take("."), let week = number(upTo: 5), week > 0, take("."),
            let weekday = number(upTo: 6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}

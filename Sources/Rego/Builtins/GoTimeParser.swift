/// Reads a time in a layout, as Go's `time.Parse`.
struct GoTimeParser {
    private let layout: GoLayout
    private let text: String
    private let value: [UInt8]
    private var at = 0

    private var year = 1, month: Int?, day: Int?, yearDay: Int?
    private var hour = 0, minute = 0, second = 0, nanosecond = 0
    private var isAfternoon: Bool?
    private var offset: Int?
    private var zoneName = ""

    init(_ layout: GoLayout, _ text: String) {
        self.layout = layout
        self.text = text
        value = Array(text.utf8)
    }

    private func mismatch(_ words: String = "") -> BuiltinError {
        let rest = GoText.decode(Array(value[min(at, value.count)...]))
        let reason = words.isEmpty ? "cannot parse \(GoText.quote(rest)) as \(GoText.quote(layout.text))" : words
        return .failure("parsing time \(GoText.quote(text)) as \(GoText.quote(layout.text)): \(reason)")
    }

    mutating func parse() throws(BuiltinError) -> CalendarTime {
        for (index, element) in layout.elements.enumerated() {
            let next = index + 1 < layout.elements.count ? layout.elements[index + 1] : nil
            guard try read(element, next) else { throw mismatch() }
        }
        guard at == value.count else {
            throw mismatch("extra text: \(GoText.quote(GoText.decode(Array(value[at...]))))")
        }
        return try result()
    }

    private func result() throws(BuiltinError) -> CalendarTime {
        var (month, day) = (month, day)
        if let yearDay {
            guard yearDay >= 1, yearDay <= (Calendar.isLeap(year) ? 366 : 365) else {
                throw mismatch("day-of-year out of range")
            }
            let civil = Calendar.civil(Calendar.days(year, 1, 1) + yearDay - 1)
            guard month ?? civil.month == civil.month, day ?? civil.day == civil.day else {
                throw mismatch("day-of-year does not match")
            }
            (month, day) = (civil.month, civil.day)
        }
        let (m, d) = (month ?? 1, day ?? 1)
        guard d >= 1, d <= Calendar.days(in: m, of: year) else { throw mismatch("day out of range") }
        var hour = hour
        if let isAfternoon { hour = isAfternoon ? (hour < 12 ? hour + 12 : hour) : (hour == 12 ? 0 : hour) }
        let seconds = Calendar.days(year, m, d) * 86_400 + hour * 3600 + minute * 60 + second
        var east = offset ?? 0
        // GMT+3 says its offset; other names say none that can be known.
        if offset == nil, zoneName.hasPrefix("GMT"), let hours = Int(zoneName.dropFirst(3)) { east = hours * 3600 }
        return CalendarTime(seconds: seconds - east, nanosecond: nanosecond, zone: .utc)
    }

    // MARK: - Elements

    private mutating func read(_ element: GoLayout.Element, _ next: GoLayout.Element?) throws(BuiltinError) -> Bool {
        switch element {
        case .literal(let bytes): return skip(bytes)
        case .longMonth:
            month = name(GoLayout.months, \.self).map { $0 + 1 }
            return month != nil
        case .shortMonth:
            month = name(GoLayout.months) { String($0.prefix(3)) }.map { $0 + 1 }
            return month != nil
        case .longWeekday: return name(GoLayout.weekdays, \.self) != nil
        case .shortWeekday: return name(GoLayout.weekdays) { String($0.prefix(3)) } != nil
        case .month, .paddedMonth:
            month = try ranged(number(padded: element == .paddedMonth), 1...12, "month")
            return month != nil
        case .day, .spacedDay, .paddedDay:
            if element == .spacedDay, at < value.count, value[at] == 0x20 { at += 1 }
            day = number(padded: element == .paddedDay)
            return day != nil
        case .spacedYearDay, .paddedYearDay:
            while element == .spacedYearDay, at < value.count, value[at] == 0x20 { at += 1 }
            yearDay = digits(element == .paddedYearDay ? 3...3 : 1...3)
            return yearDay != nil
        case .longYear, .year: return readYear(isLong: element == .longYear)
        case .upperHalf, .lowerHalf: return readHalf(isUpper: element == .upperHalf)
        case .zoneName: return readZoneName()
        case .offset(let isZ, let colon, let parts): return try readOffset(isZ, colon, parts)
        case .fraction(let count, let trims, _): return readFraction(count, trims)
        default: return try readClock(element, next)
        }
    }

    private mutating func readClock(_ element: GoLayout.Element, _ next: GoLayout.Element?) throws(BuiltinError) -> Bool
    {
        switch element {
        case .hour:
            guard let hour = try ranged(number(padded: false), 0...23, "hour") else { return false }
            self.hour = hour
        case .hour12, .paddedHour12:
            guard let hour = try ranged(number(padded: element == .paddedHour12), 0...12, "hour") else { return false }
            self.hour = hour
        case .minute, .paddedMinute:
            let read = number(padded: element == .paddedMinute)
            guard let minute = try ranged(read, 0...59, "minute") else { return false }
            self.minute = minute
        default:
            let read = number(padded: element == .paddedSecond)
            guard let second = try ranged(read, 0...59, "second") else { return false }
            self.second = second
            // A fraction may follow seconds though the layout has none.
            if case .fraction = next { return true }
            let isFraction =
                at + 1 < value.count && (value[at] == 0x2E || value[at] == 0x2C)
                && (0x30...0x39).contains(value[at + 1])
            if isFraction { return readFraction(0, true) }
        }
        return true
    }

    private func ranged(_ number: Int?, _ range: ClosedRange<Int>, _ name: String) throws(BuiltinError) -> Int? {
        guard let number else { return nil }
        guard range.contains(number) else { throw mismatch("\(name) out of range") }
        return number
    }

    /// One or two digits; two where padded.
    private mutating func number(padded: Bool) -> Int? { digits(padded ? 2...2 : 1...2) }

    private mutating func digits(_ count: ClosedRange<Int>) -> Int? {
        let digits = value[at...].prefix(count.upperBound).prefix { (0x30...0x39).contains($0) }
        guard digits.count >= count.lowerBound else { return nil }
        at += digits.count
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// Spaces in the layout may be any number in the value.
    private mutating func skip(_ literal: [UInt8]) -> Bool {
        for (index, byte) in literal.enumerated() {
            if byte == 0x20 {
                if at < value.count, value[at] != 0x20 { return false }
                if index > 0, literal[index - 1] == 0x20 { continue }
                while at < value.count, value[at] == 0x20 { at += 1 }
                continue
            }
            guard at < value.count, value[at] == byte else { return false }
            at += 1
        }
        return true
    }

    /// The place of the name that the value goes on with, whatever the case.
    private mutating func name(_ names: [String], _ form: (String) -> String) -> Int? {
        for (index, name) in names.enumerated() {
            let wanted = form(name).utf8
            let found = value[at...].prefix(wanted.count)
            if found.count == wanted.count, zip(found, wanted).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                at += wanted.count
                return index
            }
        }
        return nil
    }

    private mutating func readYear(isLong: Bool) -> Bool {
        guard let read = digits(isLong ? 4...4 : 2...2) else { return false }
        year = isLong ? read : read >= 69 ? read + 1900 : read + 2000
        return true
    }

    private mutating func readHalf(isUpper: Bool) -> Bool {
        let text = String(decoding: value[at...].prefix(2), as: UTF8.self)
        guard let index = (isUpper ? ["AM", "PM"] : ["am", "pm"]).firstIndex(of: text) else { return false }
        isAfternoon = index == 1
        at += 2
        return true
    }

    private mutating func readZoneName() -> Bool {
        if value[at...].starts(with: "UTC".utf8) {
            at += 3
            offset = 0
            return true
        }
        let letters = value[at...].prefix { (0x41...0x5A).contains($0) }
        guard (3...5).contains(letters.count) else { return false }
        var length = letters.count
        if letters.elementsEqual("GMT".utf8) {
            let rest = value[(at + 3)...]
            if let sign = rest.first, sign == 0x2B || sign == 0x2D {
                length += 1 + rest.dropFirst().prefix { (0x30...0x39).contains($0) }.prefix(2).count
            }
        }
        zoneName = String(decoding: value[at..<at + length], as: UTF8.self)
        at += length
        return true
    }

    private mutating func readOffset(_ isZ: Bool, _ colon: Bool, _ count: Int) throws(BuiltinError) -> Bool {
        if isZ, at < value.count, value[at] == UInt8(ascii: "Z") {
            at += 1
            offset = 0
            return true
        }
        guard at < value.count, value[at] == 0x2B || value[at] == 0x2D else { return false }
        let sign = value[at] == 0x2D ? -1 : 1
        at += 1
        var seconds = 0
        for (index, unit) in [3600, 60, 1].prefix(count).enumerated() {
            if index > 0, colon {
                guard at < value.count, value[at] == 0x3A else { return false }
                at += 1
            }
            guard let part = digits(2...2) else { return false }
            guard part <= (index == 0 ? 24 : 60) else { throw mismatch("time zone offset out of range") }
            seconds += part * unit
        }
        offset = sign * seconds
        return true
    }

    /// With a count exactly so many digits; one that trims takes any, or none at all.
    private mutating func readFraction(_ count: Int, _ trims: Bool) -> Bool {
        guard at < value.count, value[at] == 0x2E || value[at] == 0x2C else { return trims }
        let digits = value[(at + 1)...].prefix { (0x30...0x39).contains($0) }
        if trims {
            guard !digits.isEmpty else { return true }
        } else if digits.count < count {
            return false
        }
        let used = trims ? digits : digits.prefix(count)
        let nine = String(decoding: used.prefix(9), as: UTF8.self)
        nanosecond = Int(nine + String(repeating: "0", count: 9 - nine.utf8.count)) ?? 0
        at += used.count + 1
        return true
    }
}

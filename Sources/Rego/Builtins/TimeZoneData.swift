internal import Core
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A time zone of the system's tz database (RFC 9636), without Foundation.
final class TimeZoneData: Sendable {
    struct Offset: Sendable, Hashable {
        /// East of UTC.
        var seconds: Int
        var abbreviation: String
    }

    /// As named; empty for a plain offset.
    let name: String
    private let transitions: [(time: Int, offset: Int)]
    private let offsets: [Offset]
    private let rule: TimeZoneRule?

    static let utc = TimeZoneData(fixed: Offset(seconds: 0, abbreviation: "UTC"))

    init(fixed offset: Offset) {
        name = offset.abbreviation
        transitions = []
        offsets = [offset]
        rule = nil
    }

    private init?(name: String, file: [UInt8]) {
        guard let contents = TimeZoneFile(file) else { return nil }
        self.name = name
        transitions = contents.transitions
        offsets = contents.offsets
        rule = contents.rule
    }

    func offset(at seconds: Int) -> Offset {
        if let last = transitions.last, seconds >= last.time, let rule { return rule.offset(at: seconds) }
        if transitions.isEmpty, let rule { return rule.offset(at: seconds) }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].time <= seconds { low = middle + 1 } else { high = middle }
        }
        return offsets[low == 0 ? 0 : transitions[low - 1].offset]
    }

    private static let known = Mutex<[String: TimeZoneData]>([:])
    private static let folder = "/usr/share/zoneinfo/"
    private static let greatestFile = 1 << 20

    /// The zone of this name; nil when the system has none.
    static func named(_ name: String) -> TimeZoneData? {
        if name.isEmpty || name == "UTC" || name == "Local" { return utc }
        if let zone = known.withLock({ $0[name] }) { return zone }
        let isPlain =
            name.utf8.count <= 64 && !name.hasPrefix("/") && !name.hasPrefix(".")
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == ".." || $0.isEmpty }
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }
        guard isPlain, let file = read(folder + name), let zone = TimeZoneData(name: name, file: file) else {
            return nil
        }
        known.withLock { $0[name] = zone }
        return zone
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: greatestFile)
        let count = fread(&bytes, 1, bytes.count, file)
        guard count > 0, count < greatestFile else { return nil }
        return Array(bytes[..<count])
    }
}

/// A file of the tz database: the second block, of 64 bits, and the rule for what comes after.
private struct TimeZoneFile {
    var transitions: [(time: Int, offset: Int)] = []
    var offsets: [TimeZoneData.Offset] = []
    var rule: TimeZoneRule?

    private static let headerSize = 44

    init?(_ bytes: [UInt8]) {
        guard let first = Self.counts(bytes, 0), first.version >= 2 else { return nil }
        let start = Self.headerSize + first.size(timeSize: 4)
        guard let counts = Self.counts(bytes, start) else { return nil }
        let body = start + Self.headerSize
        let end = body + counts.size(timeSize: 8)
        guard end <= bytes.count, counts.types > 0, readTypes(bytes, counts, body) else { return nil }
        for index in 0..<counts.times {
            let time = Self.integer(bytes, body + index * 8, 8)
            let type = Int(bytes[body + counts.times * 8 + index])
            guard type < offsets.count else { return nil }
            transitions.append((time, type))
        }
        let footer = bytes[end...].dropFirst().prefix { $0 != 0x0A }
        rule = TimeZoneRule(String(decoding: footer, as: UTF8.self))
    }

    private mutating func readTypes(_ bytes: [UInt8], _ counts: Counts, _ body: Int) -> Bool {
        let types = body + counts.times * 9
        let names = types + counts.types * 6
        for index in 0..<counts.types {
            let at = types + index * 6
            let nameStart = names + Int(bytes[at + 5])
            guard nameStart < names + counts.characters else { return false }
            let name = bytes[nameStart..<(names + counts.characters)].prefix { $0 != 0 }
            offsets.append(
                TimeZoneData.Offset(
                    seconds: Self.integer(bytes, at, 4), abbreviation: String(decoding: name, as: UTF8.self)))
        }
        return true
    }

    private struct Counts {
        var version = 0, universal = 0, standard = 0, leaps = 0, times = 0, types = 0, characters = 0

        func size(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standard + universal
        }
    }

    private static func counts(_ bytes: [UInt8], _ start: Int) -> Counts? {
        guard start + headerSize <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        let numbers = (0..<6).map { integer(bytes, start + 20 + $0 * 4, 4) }
        guard numbers.allSatisfy({ (0...bytes.count).contains($0) }) else { return nil }
        return Counts(
            version: Int(bytes[start + 4]) - 0x30, universal: numbers[0], standard: numbers[1], leaps: numbers[2],
            times: numbers[3], types: numbers[4], characters: numbers[5])
    }

    private static func integer(_ bytes: [UInt8], _ at: Int, _ size: Int) -> Int {
        let raw = bytes[at..<at + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int(Int32(truncatingIfNeeded: raw)) : Int(truncatingIfNeeded: raw)
    }
}

/// The rule of a POSIX TZ text: `EST5EDT,M3.2.0,M11.1.0`, `<+03>-3`.
struct TimeZoneRule: Sendable {
    private enum Day: Sendable {
        /// The weekday of the week of the month; week 5 is the last.
        case month(Int, week: Int, weekday: Int)
        /// From 1, without February 29.
        case julian(Int)
        /// From 0.
        case ordinal(Int)
    }

    private let standard: TimeZoneData.Offset
    private var summer: TimeZoneData.Offset?
    private var start: (day: Day, second: Int)?
    private var end: (day: Day, second: Int)?

    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let name = Self.name(&rest), let west = Self.time(&rest) else { return nil }
        standard = TimeZoneData.Offset(seconds: -west, abbreviation: name)
        guard !rest.isEmpty else { return }
        guard let summerName = Self.name(&rest) else { return nil }
        let summerWest = rest.first == UInt8(ascii: ",") ? west - 3600 : Self.time(&rest) ?? west - 3600
        summer = TimeZoneData.Offset(seconds: -summerWest, abbreviation: summerName)
        guard let start = Self.change(&rest), let end = Self.change(&rest) else { return nil }
        (self.start, self.end) = (start, end)
    }

    func offset(at seconds: Int) -> TimeZoneData.Offset {
        guard let summer, let start, let end else { return standard }
        let year = Calendar.civil(Calendar.floorDivide(seconds + standard.seconds, 86_400)).year
        let from = Self.day(start.day, year) * 86_400 + start.second - standard.seconds
        let until = Self.day(end.day, year) * 86_400 + end.second - summer.seconds
        let isSummer = from < until ? (from..<until).contains(seconds) : !(until..<from).contains(seconds)
        return isSummer ? summer : standard
    }

    private static func day(_ day: Day, _ year: Int) -> Int {
        switch day {
        case .julian(let number):
            return Calendar.days(year, 1, 1) + number - 1 + (Calendar.isLeap(year) && number >= 60 ? 1 : 0)
        case .ordinal(let number): return Calendar.days(year, 1, 1) + number
        case .month(let month, let week, let weekday):
            let first = Calendar.days(year, month, 1)
            let ahead = Calendar.floorModulo(weekday - Calendar.floorModulo(first + 4, 7), 7)
            var day = first + ahead + (week - 1) * 7
            while day >= first + Calendar.days(in: month, of: year) { day -= 7 }
            return day
        }
    }

    private static func name(_ rest: inout ArraySlice<UInt8>) -> String? {
        let isQuoted = rest.first == UInt8(ascii: "<")
        if isQuoted { rest.removeFirst() }
        let name = rest.prefix { byte in
            isQuoted ? byte != UInt8(ascii: ">") : (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        rest = rest.dropFirst(name.count + (isQuoted ? 1 : 0))
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.count <= 4 ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private static func time(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard var seconds = number(&rest).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] where rest.first == UInt8(ascii: ":") {
            rest.removeFirst()
            guard let part = number(&rest) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `,M3.2.0/2`
    private static func change(_ rest: inout ArraySlice<UInt8>) -> (day: Day, second: Int)? {
        guard rest.popFirst() == UInt8(ascii: ","), let mark = rest.first else { return nil }
        let day: Day
        if mark == UInt8(ascii: "M") {
            rest.removeFirst()
            guard let month = number(&rest), (1...12).contains(month), rest.popFirst() == 0x2E,
                let week = number(&rest),
                (1...5).contains(week), rest.popFirst() == 0x2E, let weekday = number(&rest), weekday <= 6
            else { return nil }
            day = .month(month, week: week, weekday: weekday)
        } else {
            if mark == UInt8(ascii: "J") { rest.removeFirst() }
            guard let number = number(&rest), number <= 366 else { return nil }
            day = mark == UInt8(ascii: "J") ? .julian(number) : .ordinal(number)
        }
        guard rest.first == UInt8(ascii: "/") else { return (day, 7200) }
        rest.removeFirst()
        return time(&rest).map { (day, $0) }
    }
}

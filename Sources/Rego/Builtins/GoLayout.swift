/// A layout of Go's `time` package: the reference time Mon Jan 2 15:04:05 MST 2006 written as times are to be.
struct GoLayout {
    enum Element: Hashable {
        case literal([UInt8])
        case longMonth, shortMonth, month, paddedMonth, longWeekday, shortWeekday
        case day, spacedDay, paddedDay, spacedYearDay, paddedYearDay
        case hour, hour12, paddedHour12, minute, paddedMinute, second, paddedSecond
        case longYear, year, upperHalf, lowerHalf, zoneName
        /// Whether zero is `Z`, what stands between hours and minutes, and how many of hours, minutes, seconds.
        case offset(isZ: Bool, colon: Bool, parts: Int)
        /// The digits, whether trailing zeros go, and the mark before.
        case fraction(digits: Int, trims: Bool, mark: UInt8)
    }

    static let named: [String: String] = [
        "ANSIC": "Mon Jan _2 15:04:05 2006", "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate": "Mon Jan 02 15:04:05 -0700 2006", "RFC822": "02 Jan 06 15:04 MST",
        "RFC822Z": "02 Jan 06 15:04 -0700", "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST", "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339": rfc3339, "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
    ]
    static let rfc3339 = "2006-01-02T15:04:05Z07:00"

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    let text: String
    let elements: [Element]

    init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        var elements: [Element] = []
        var literal: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if let (element, length) = Self.element(bytes, at) {
                if !literal.isEmpty { elements.append(.literal(literal)) }
                literal = []
                elements.append(element)
                at += length
            } else {
                literal.append(bytes[at])
                at += 1
            }
        }
        if !literal.isEmpty { elements.append(.literal(literal)) }
        self.elements = elements
    }

    /// Longer spellings before their beginnings.
    private static let spellings: [(String, Element)] = [
        ("January", .longMonth), ("Jan", .shortMonth), ("Monday", .longWeekday), ("Mon", .shortWeekday),
        ("MST", .zoneName), ("002", .paddedYearDay), ("01", .paddedMonth), ("02", .paddedDay), ("03", .paddedHour12),
        ("04", .paddedMinute), ("05", .paddedSecond), ("06", .year), ("15", .hour), ("1", .month), ("2006", .longYear),
        ("2", .day), ("__2", .spacedYearDay), ("_2", .spacedDay), ("3", .hour12), ("4", .minute), ("5", .second),
        ("PM", .upperHalf), ("pm", .lowerHalf),
        ("-07:00:00", .offset(isZ: false, colon: true, parts: 3)),
        ("-070000", .offset(isZ: false, colon: false, parts: 3)),
        ("-07:00", .offset(isZ: false, colon: true, parts: 2)), ("-0700", .offset(isZ: false, colon: false, parts: 2)),
        ("-07", .offset(isZ: false, colon: false, parts: 1)),
        ("Z07:00:00", .offset(isZ: true, colon: true, parts: 3)),
        ("Z070000", .offset(isZ: true, colon: false, parts: 3)),
        ("Z07:00", .offset(isZ: true, colon: true, parts: 2)), ("Z0700", .offset(isZ: true, colon: false, parts: 2)),
        ("Z07", .offset(isZ: true, colon: false, parts: 1)),
    ]

    private static func element(_ bytes: [UInt8], _ at: Int) -> (Element, Int)? {
        let rest = bytes[at...]
        if let fraction = fraction(rest) { return fraction }
        for (spelling, element) in spellings where rest.starts(with: spelling.utf8) {
            let length = spelling.utf8.count
            let next = at + length < bytes.count ? bytes[at + length] : 0
            // "Janet" and "Monk" are no names.
            if element == .shortMonth || element == .shortWeekday, (0x61...0x7A).contains(next) { return nil }
            // "_2006" is a mark and a year.
            if element == .spacedDay, rest.dropFirst().starts(with: "2006".utf8) { return nil }
            return (element, length)
        }
        return nil
    }

    /// `.000` or `,999`, where no digit follows.
    private static func fraction(_ rest: ArraySlice<UInt8>) -> (Element, Int)? {
        guard let mark = rest.first, mark == 0x2E || mark == 0x2C, let digit = rest.dropFirst().first,
            digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9")
        else { return nil }
        let count = rest.dropFirst().prefix { $0 == digit }.count
        let next = rest.dropFirst(count + 1).first ?? 0
        guard !(0x30...0x39).contains(next), count <= 1000 else { return nil }
        return (.fraction(digits: count, trims: digit == UInt8(ascii: "9"), mark: mark), count + 1)
    }
}

extension GoLayout {
    func format(_ time: CalendarTime) -> String {
        let parts = time.parts
        var output: [UInt8] = []
        for element in elements { append(element, time, parts, &output) }
        return GoText.decode(output)
    }

    private func append(_ element: Element, _ time: CalendarTime, _ parts: CalendarTime.Parts, _ output: inout [UInt8])
    {
        func number(_ value: Int, _ width: Int = 1, _ padding: String = "0") {
            let digits = String(abs(value))
            output += value < 0 ? [UInt8(ascii: "-")] : []
            output +=
                Array(String(repeating: padding, count: max(0, width - digits.utf8.count)).utf8) + Array(digits.utf8)
        }
        let hour12 = parts.hour % 12 == 0 ? 12 : parts.hour % 12
        switch element {
        case .literal(let bytes): output += bytes
        case .longMonth: output += Self.months[parts.month - 1].utf8
        case .shortMonth: output += Self.months[parts.month - 1].utf8.prefix(3)
        case .month: number(parts.month)
        case .paddedMonth: number(parts.month, 2)
        case .longWeekday: output += Self.weekdays[parts.weekday].utf8
        case .shortWeekday: output += Self.weekdays[parts.weekday].utf8.prefix(3)
        case .day: number(parts.day)
        case .spacedDay: number(parts.day, 2, " ")
        case .paddedDay: number(parts.day, 2)
        case .spacedYearDay: number(parts.yearDay, 3, " ")
        case .paddedYearDay: number(parts.yearDay, 3)
        case .hour: number(parts.hour, 2)
        case .hour12: number(hour12)
        case .paddedHour12: number(hour12, 2)
        case .minute: number(parts.minute)
        case .paddedMinute: number(parts.minute, 2)
        case .second: number(parts.second)
        case .paddedSecond: number(parts.second, 2)
        case .longYear: number(parts.year, 4)
        case .year: number(Calendar.floorModulo(parts.year, 100), 2)
        case .upperHalf: output += (parts.hour >= 12 ? "PM" : "AM").utf8
        case .lowerHalf: output += (parts.hour >= 12 ? "pm" : "am").utf8
        case .zoneName: output += Self.zoneName(time.offset).utf8
        case .offset(let isZ, let colon, let count): output += Self.offset(time.offset.seconds, isZ, colon, count)
        case .fraction(let digits, let trims, let mark): output += Self.fraction(time.nanosecond, digits, trims, mark)
        }
    }

    private static func zoneName(_ offset: TimeZoneData.Offset) -> String {
        let name = offset.abbreviation
        if !name.isEmpty { return name }
        return String(
            decoding: self.offset(offset.seconds, false, false, offset.seconds % 3600 == 0 ? 1 : 2), as: UTF8.self)
    }

    private static func offset(_ seconds: Int, _ isZ: Bool, _ colon: Bool, _ count: Int) -> [UInt8] {
        if isZ, seconds == 0 { return [UInt8(ascii: "Z")] }
        let magnitude = abs(seconds)
        let parts = [magnitude / 3600, magnitude / 60 % 60, magnitude % 60].prefix(count)
        let texts = parts.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return Array(((seconds < 0 ? "-" : "+") + texts.joined(separator: colon ? ":" : "")).utf8)
    }

    private static func fraction(_ nanosecond: Int, _ count: Int, _ trims: Bool, _ mark: UInt8) -> [UInt8] {
        let digits = String(nanosecond)
        let all = String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
        var shown = Array(all.utf8.prefix(count))
        shown += Array(repeating: UInt8(ascii: "0"), count: max(0, count - shown.count))
        if trims { while shown.last == UInt8(ascii: "0") { shown.removeLast() } }
        return trims && shown.isEmpty ? [] : [mark] + shown
    }
}

/// `time.*`
enum TimeBuiltins {
    private static let instant = RegoType.either(.number, .array([.number, .string], rest: nil))
    private static let layoutInstant = RegoType.either(
        .number, .array([.number, .string], rest: nil), .array([.number, .string, .string], rest: nil))
    private static let three = RegoType.array([.number, .number, .number], rest: nil)
    private static let six = RegoType.array(Array(repeating: .number, count: 6), rest: nil)

    static let all: [Builtin] = [
        Builtin("time.now_ns", [], .number, isPure: false) { _, context in RegoValue(context.nowNanoseconds) },
        Builtin("time.parse_ns", [.string, .string], .number) { arguments, _ throws(BuiltinError) in
            let layout = try arguments.text(0)
            return try parse(GoLayout.named[layout] ?? layout, try arguments.text(1))
        },
        Builtin("time.parse_rfc3339_ns", [.string], .number) { arguments, _ throws(BuiltinError) in
            try parse(GoLayout.rfc3339, try arguments.text(0))
        },
        Builtin("time.parse_duration_ns", [.string], .number) { arguments, _ throws(BuiltinError) in
            RegoValue(try GoDuration.parse(try arguments.text(0)))
        },
        Builtin("time.format", [layoutInstant], .string) { arguments, context throws(BuiltinError) in
            let (time, layout) = try time(arguments[0])
            try context.charge(memory: layout.utf8.count * 4)
            let name = layout.isEmpty ? "RFC3339Nano" : layout
            return RegoValue(GoLayout(GoLayout.named[name] ?? name).format(time))
        },
        Builtin("time.date", [instant], three) { arguments, _ throws(BuiltinError) in
            let parts = try time(arguments[0]).time.parts
            return [RegoValue(parts.year), RegoValue(parts.month), RegoValue(parts.day)]
        },
        Builtin("time.clock", [instant], three) { arguments, _ throws(BuiltinError) in
            let parts = try time(arguments[0]).time.parts
            return [RegoValue(parts.hour), RegoValue(parts.minute), RegoValue(parts.second)]
        },
        Builtin("time.weekday", [instant], .string) { arguments, _ throws(BuiltinError) in
            RegoValue(GoLayout.weekdays[try time(arguments[0]).time.parts.weekday])
        },
        Builtin("time.add_date", [instant, .number, .number, .number], .number, run: addDate),
        Builtin("time.diff", [instant, instant], six, run: difference),
    ]

    private static let outOfRange = BuiltinError.failure("time outside of valid range")

    private static func parse(_ layout: String, _ text: String) throws(BuiltinError) -> RegoValue {
        guard layout.utf8.count <= 4096, text.utf8.count <= 4096 else { throw .failure("a time has over 4096 bytes") }
        var parser = GoTimeParser(GoLayout(layout), text)
        guard let nanoseconds = try parser.parse().nanoseconds else { throw outOfRange }
        return RegoValue(nanoseconds)
    }

    /// Nanoseconds, or an array of nanoseconds, the name of a zone and a layout.
    private static func time(_ value: RegoValue) throws(BuiltinError) -> (time: CalendarTime, layout: String) {
        let parts: [RegoValue]
        switch value {
        case .number: parts = [value]
        case .array(let array) where !array.isEmpty: parts = array.elements
        default:
            throw .operand(
                1, "must be either number (ns) or [number (ns), string (tz)] but got \(value.typeName)")
        }
        let number = try parts.number(0)
        guard let nanoseconds = number.int else { throw .failure("timestamp too big") }
        var zone = TimeZoneData.utc
        if parts.count > 1 {
            guard case .string(let name) = parts[1] else { throw .operand(1, parts[1], mustBe: .string) }
            guard let named = TimeZoneData.named(name.text) else { throw .failure("unknown time zone \(name.text)") }
            zone = named
        }
        guard parts.count > 2 else { return (CalendarTime(nanoseconds: nanoseconds, zone: zone), "") }
        guard case .string(let layout) = parts[2] else { throw .operand(1, parts[2], mustBe: .string) }
        guard layout.utf8Count <= 4096 else { throw .failure("a layout has over 4096 bytes") }
        return (CalendarTime(nanoseconds: nanoseconds, zone: zone), layout.text)
    }

    private static func addDate(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let time = try time(arguments[0]).time
        let (years, months, days) = (try arguments.int(1), try arguments.int(2), try arguments.int(3))
        let bound = 1 << 32
        guard abs(years.clamped(bound)) < bound, abs(months.clamped(bound)) < bound, abs(days.clamped(bound)) < bound
        else { throw outOfRange }
        let parts = time.parts
        let day = Calendar.days(parts.year + years, parts.month + months, parts.day + days)
        let second = parts.hour * 3600 + parts.minute * 60 + parts.second
        let seconds = Calendar.seconds(days: day, second: second, in: time.zone)
        let moved = CalendarTime(seconds: seconds, nanosecond: time.nanosecond, zone: time.zone)
        guard let nanoseconds = moved.nanoseconds else { throw outOfRange }
        return RegoValue(nanoseconds)
    }

    /// Years, months, days, hours, minutes and seconds from the earlier to the later, in the zone of the first operand.
    private static func difference(_ arguments: [RegoValue], _: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        var (first, second) = (try time(arguments[0]).time, try time(arguments[1]).time)
        second.zone = first.zone
        if (first.seconds, first.nanosecond) > (second.seconds, second.nanosecond) { swap(&first, &second) }
        let (from, to) = (first.parts, second.parts)
        var units = [
            to.year - from.year, to.month - from.month, to.day - from.day, to.hour - from.hour, to.minute - from.minute,
            to.second - from.second,
        ]
        let borrowed = [0, 12, Calendar.days(in: from.month, of: from.year), 24, 60, 60]
        for unit in (1..<6).reversed() where units[unit] < 0 {
            units[unit] += borrowed[unit]
            units[unit - 1] -= 1
        }
        return .array(RegoArray(units.map { RegoValue($0) }))
    }
}

extension Int {
    /// Within `-bound...bound`, so that the magnitude exists.
    fileprivate func clamped(_ bound: Int) -> Int { Swift.min(Swift.max(self, -bound), bound) }
}

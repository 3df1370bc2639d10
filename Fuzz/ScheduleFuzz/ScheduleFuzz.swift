import Core

/// What must hold of any bytes given as a time zone's file, its rule or a schedule. libFuzzer calls this; a broken promise
/// ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSchedule(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let zone =
        TimeZoneRules(bytes) ?? PosixTimeZone(bytes).map { TimeZoneRules(times: [], offsets: [], first: 0, footer: $0) }
    if let zone { check(zone) }
    guard let cron = try? CronExpression(String(decoding: bytes, as: UTF8.self)) else { return 0 }
    var time = Timestamp(seconds: 1_790_000_000)
    for _ in 0..<3 {
        guard let next = cron.next(after: time, in: .utc) else { return 0 }
        require(next > time, "a schedule goes forward")
        require(next.seconds.isMultiple(of: 60), "a schedule is to the minute")
        time = next
    }
    return 0
}

private func check(_ zone: TimeZoneRules) {
    for time in [Int64(-1) << 40, -1, 0, 1_790_000_000, 1 << 40] {
        require(abs(zone.offset(at: time)) <= 168 * 3600, "no clock is a week from another")
    }
}

private func require(_ condition: Bool, _ promise: StaticString) { precondition(condition, "\(promise)") }

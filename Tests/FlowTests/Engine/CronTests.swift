import Core
import TestSupport
import Testing

@testable import Flow

@Suite("Cron expressions")
struct CronTests {
    private static func times(_ cron: String, _ zone: String, from: String, _ count: Int) throws -> [String] {
        let (cron, zone) = (try CronExpression(cron), try TimeZoneFile.zone(named: zone))
        var time = try #require(Timestamp(from))
        return try (0..<count).map { _ in
            time = try #require(cron.next(after: time, in: zone))
            return String(time.description.prefix(16))
        }
    }

    @Test("Fields take values, names, ranges, steps and lists")
    func fields() throws {
        #expect(
            try Self.times("*/20 9-10 * * mon-fri", "UTC", from: "2026-11-20T10:30:00Z", 4)
                == ["2026-11-20T10:40", "2026-11-23T09:00", "2026-11-23T09:20", "2026-11-23T09:40"])
        #expect(
            try Self.times("5,50 0 1 JAN,jul *", "UTC", from: "2026-11-20T00:00:00Z", 3)
                == ["2027-01-01T00:05", "2027-01-01T00:50", "2027-07-01T00:05"])
        #expect(
            try Self.times("0 0 * * 7", "UTC", from: "2026-11-20T00:00:00Z", 2)
                == Self.times("0 0 * * sun", "UTC", from: "2026-11-20T00:00:00Z", 2))
        #expect(
            try Self.times("40/15 3 * * *", "UTC", from: "2026-11-20T00:00:00Z", 2) == [
                "2026-11-20T03:40", "2026-11-20T03:55",
            ])
        #expect(
            try Self.times("0 0 29 2 *", "UTC", from: "2026-01-01T00:00:00Z", 2)
                == ["2028-02-29T00:00", "2032-02-29T00:00"])
    }

    @Test("Of two restricted days either suffices; beside a star both have to be")
    func days() throws {
        #expect(
            try Self.times("0 0 13 * fri", "UTC", from: "2026-11-11T00:00:00Z", 3)
                == ["2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00"])
        #expect(
            try Self.times("0 0 */2 * fri", "UTC", from: "2026-11-11T00:00:00Z", 2)
                == ["2026-11-13T00:00", "2026-11-27T00:00"])
    }

    @Test(
        "Shorthands stand for what they say",
        arguments: [
            ("@hourly", "2026-11-20T11:00"), ("@daily", "2026-11-21T00:00"), ("@midnight", "2026-11-21T00:00"),
            ("@weekly", "2026-11-22T00:00"), ("@monthly", "2026-12-01T00:00"), ("@Yearly", "2027-01-01T00:00"),
            ("@annually", "2027-01-01T00:00"),
        ])
    func shorthands(_ cron: String, _ next: String) throws {
        #expect(try Self.times(cron, "UTC", from: "2026-11-20T10:30:00Z", 1) == [next])
    }

    @Test(
        "What is no schedule is refused, with the field",
        arguments: [
            ("* * * *", "five"), ("* * * * * *", "five"), ("60 * * * *", "minute"), ("* 24 * * *", "hour"),
            ("* * 0 * *", "day of the month"), ("* * * 13 *", "month"), ("* * * * 8", "day of the week"),
            ("*/0 * * * *", "minute"), ("5-1 * * * *", "minute"), ("1,,2 * * * *", "minute"), ("a * * * *", "minute"),
            ("-1 * * * *", "minute"), ("1- * * * *", "minute"), ("+1 * * * *", "minute"), ("* * * foo *", "month"),
            ("@reboot", "five"), ("0 0 30 2 *", "never"), ("", "five"), ("*/99 * * * *", "minute"),
        ])
    func refused(_ cron: String, _ word: String) {
        let error = #expect(throws: GatehouseError.self) { try CronExpression(cron) }
        #expect(error?.code == .invalid)
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test("A time that clocks are put forward over is at the end of the gap")
    func gap() throws {
        #expect(
            try Self.times("30 2 * * *", "Europe/Berlin", from: "2026-03-27T12:00:00Z", 3)
                == ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"])
        #expect(
            try Self.times("*/20 2 29 3 *", "Europe/Berlin", from: "2026-03-28T12:00:00Z", 2)
                == ["2026-03-29T01:00", "2027-03-29T00:00"])
        // The 30th of December 2011 was left out.
        #expect(
            try Self.times("0 12 * * *", "Pacific/Apia", from: "2011-12-29T00:00:00Z", 3)
                == ["2011-12-29T22:00", "2011-12-30T10:00", "2011-12-30T22:00"])
    }

    @Test("A time that comes twice counts once, the first time")
    func overlap() throws {
        #expect(
            try Self.times("30 2 * * *", "Europe/Berlin", from: "2026-10-24T12:00:00Z", 2)
                == ["2026-10-25T00:30", "2026-10-26T01:30"])
        #expect(
            try Self.times("30 * 25 10 *", "Europe/Berlin", from: "2026-10-24T23:45:00Z", 2)
                == ["2026-10-25T00:30", "2026-10-25T02:30"])
    }
}

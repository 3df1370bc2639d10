import Core
import TestSupport
import Testing

@testable import Flow

@Suite("Time zones")
struct TimeZoneTests {
    /// "TIME:OFFSET …" in seconds.
    private static func pairs(_ text: String) -> [(Int64, Int)] {
        text.split(separator: " ").compactMap { pair in
            let parts = pair.split(separator: ":")
            guard let time = Int64(parts[0]), let offset = Int(parts[1]) else { return nil }
            return (time, offset)
        }
    }

    /// By Python 3.11's zoneinfo with tzdata 2025b, at times that chance chose from before 2024.
    private static let offsets: [(String, String)] = [
        (
            "Europe/Berlin",
            "-57044627:3600 404204071:3600 1680198571:7200 1355305989:3600 -48191:3600 "
                + "-59394954:3600 181161661:3600"
        ),
        (
            "America/New_York",
            "1672393040:-18000 522798642:-14400 -1184376967:-14400 -1206889864:-18000 "
                + "1452725545:-18000 198630850:-18000 43387526:-14400"
        ),
        (
            "Asia/Kolkata",
            "705325689:19800 636933101:19800 1405809747:19800 -1200390107:19800 -1595742829:19800 "
                + "-81897018:19800 -696901503:19800"
        ),
        (
            "Australia/Lord_Howe",
            "-1390994532:36000 -1610573019:36000 313671007:36000 1477396799:39600 978295591:39600 "
                + "724953954:39600 -1820125337:36000"
        ),
        (
            "America/St_Johns",
            "557380299:-9000 -298505870:-9000 -54401878:-12600 808575894:-9000 1173619539:-9000 "
                + "643821694:-9000 792033592:-12600"
        ),
        (
            "Africa/Casablanca",
            "-1323568025:0 676316326:0 -1935572348:-1820 1572131280:3600 269380278:3600 "
                + "-1728708725:0 -1744229933:0"
        ),
        (
            "Pacific/Auckland",
            "-1846872475:41400 -1183061749:41400 -960862664:41400 575340069:43200 "
                + "-1870796268:41400 1341950144:43200 -7416658:43200"
        ),
        (
            "Pacific/Apia",
            "-598580717:-39600 -107933256:-39600 538151459:-39600 1618196973:46800 "
                + "-1161101078:-41400 229621088:-39600 -996499642:-41400"
        ),
        (
            "America/Sao_Paulo",
            "750031949:-10800 -736628620:-10800 146509353:-10800 -1980269914:-11188 "
                + "845199087:-7200 -1634976033:-10800 -35783113:-10800"
        ),
        (
            "Asia/Kathmandu",
            "812351632:20700 -805299428:19800 -252898638:19800 367676890:19800 1608698330:20700 "
                + "-1642643798:20476 1040019196:20700"
        ),
    ]

    @Test("Clocks are as far from UTC as they were", arguments: offsets)
    func past(_ name: String, _ expected: String) throws {
        let zone = try TimeZoneFile.zone(named: name)
        for (time, offset) in Self.pairs(expected) { #expect(zone.offset(at: time) == offset, "\(name) at \(time)") }
    }

    /// Rules that tzdata 2025b ends files with, and what Python 3.11's zoneinfo makes of them in the years 2065 to 2191.
    private static let rules: [(String, String)] = [
        (
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "4090899111:7200 4354105340:3600 6255542466:3600 3986407526:7200 5202822778:3600 "
                + "4241417136:7200 3127783514:3600"
        ),
        (
            "EST5EDT,M3.2.0,M11.1.0",
            "3301607616:-14400 5418677583:-14400 6291181424:-14400 3463542574:-14400 "
                + "4719704081:-14400 3463010788:-14400 6636048988:-14400"
        ),
        (
            "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
            "4249418419:37800 4660063002:37800 3287017642:39600 3072544005:37800 6639167765:37800 "
                + "5941612270:37800 3002340482:39600"
        ),
        (
            "NZST-12NZDT,M9.5.0,M4.1.0/3",
            "3916982751:46800 3900729428:43200 6981615681:46800 6909588191:46800 3224723826:46800 "
                + "5018579976:46800 4612602181:46800"
        ),
        (
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
            "6044698653:-3600 4706924747:-7200 4802990351:-7200 3313697300:-7200 5431989774:-7200 "
                + "5703488257:-3600 3852508637:-7200"
        ),
        (
            "EET-2EEST,M3.4.4/50,M10.4.4/50",
            "6343678671:7200 5898712818:7200 4158677336:10800 4446943725:7200 3374281491:7200 "
                + "4336635198:10800 4428444401:10800"
        ),
        (
            "IST-1GMT0,M10.5.0,M3.5.0/1",
            "3065066625:0 4761155288:0 6255759204:3600 6963600717:3600 3506770417:0 "
                + "3578087448:3600 4058228190:3600"
        ),
        (
            "IST-5:30",
            "6036610734:19800 3433990593:19800 3047051439:19800 3257240212:19800 4996901420:19800 "
                + "6423181342:19800 5090890118:19800"
        ),
        (
            "IST-2IDT,M3.4.4/26,M10.5.0",
            "3763121736:10800 5929500299:7200 5402154336:7200 3809109426:10800 4921675215:7200 "
                + "5185560420:10800 3818983316:7200"
        ),
    ]

    @Test("After the last change that is listed, a rule goes on", arguments: rules)
    func rule(_ text: String, _ expected: String) throws {
        let rule = try #require(PosixTimeZone(Array(text.utf8)))
        for (time, offset) in Self.pairs(expected) { #expect(rule.offset(at: time) == offset, "\(text) at \(time)") }
    }

    @Test(
        "What is no rule is none",
        arguments: [
            "", "X", "CE1", "CET", "CET-", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M13.5.0", "<+03-3",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0,", "CET-200", "CET-1:60",
            "CET-1CEST,J0,J1", "CET-1CEST,366,1", "CET-1CEST",
        ])
    func noRule(_ text: String) { #expect(PosixTimeZone(Array(text.utf8)) == nil) }

    @Test("Days are counted with and without the 29th of February")
    func days() throws {
        let julian = try #require(PosixTimeZone(Array("AAA0BBB,J60,J61/0".utf8)))
        let plain = try #require(PosixTimeZone(Array("AAA0BBB,59,60/0".utf8)))
        let day = { (text: String) in try #require(Timestamp("\(text)T12:00:00Z")).seconds }
        let (leap, march) = (try day("2028-02-29"), try day("2028-03-01"))
        #expect(julian.offset(at: leap) == 0 && julian.offset(at: march) == 3600)
        #expect(plain.offset(at: leap) == 3600 && plain.offset(at: march) == 0)
    }

    @Test(
        "A name leads to a file in the folder and nowhere else",
        arguments: [
            "../../etc/passwd", "/etc/passwd", "Europe/../../../etc/passwd", "Europe//Berlin", "Europe/", ".", "",
            "a\0b",
            "Europe/Ber lin", "posix/../Europe/Berlin", "-x", "~root", String(repeating: "a", count: 65), "A/B/C/D",
        ])
    func names(_ name: String) {
        let error = #expect(throws: GatehouseError.self) { try TimeZoneFile.zone(named: name) }
        #expect(error?.code == .invalid)
    }

    @Test(
        "A folder, a file that is none and a zone that there is not are refused",
        arguments: ["Europe", "Europe/Atlantis", "zone.tab"])
    func files(_ name: String) {
        #expect(throws: GatehouseError.self) { try TimeZoneFile.zone(named: name) }
    }

    @Test("A file that is cut off or altered is read or refused, and never more than that", arguments: 0..<20)
    func damaged(_ seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let whole = Self.file(
            times: [0, 1_000_000], kinds: [1, 0], offsets: [3600, 7200], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(TimeZoneRules(whole)?.offset(at: 500_000) == 7200)
        #expect(TimeZoneRules(whole)?.offset(at: -1) == 3600)
        for end in 0..<whole.count { #expect(TimeZoneRules(Array(whole[..<end])) == nil) }
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0...Int.random(in: 0...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let rules = TimeZoneRules(bytes) else { continue }
            for time in [Int64.min / 4, -1, 0, 999_999, 1 << 40] { #expect(abs(rules.offset(at: time)) < 10_000_000) }
        }
    }

    /// Version 2 with an empty first block.
    private static func file(times: [Int64], kinds: [UInt8], offsets: [Int32], footer: String) -> [UInt8] {
        func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func header(_ times: Int, _ types: Int, _ names: Int) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, times, types, names].flatMap { big(UInt32($0)) }
        }
        var bytes = header(0, 1, 1) + [0, 0, 0, 0, 0, 0, 0]
        bytes += header(times.count, offsets.count, 4) + times.flatMap { big($0) } + kinds
        for offset in offsets { bytes += big(offset) + [0, 0] }
        return bytes + Array("CET\0".utf8) + Array("\n\(footer)\n".utf8)
    }
}

@Suite("Next times beside a peer's")
struct CronPeerTests {
    /// By cronsim 2.8 (Python 3.11, tzdata 2025b): expression, zone, from when, and the next three times, all in UTC. Times
    /// within three hours of a change of clocks were left out: there the rules differ by intent.
    private static let rows: [(String, String, String, String)] = [
        ("0 22 * * 1-5", "UTC", "2026-02-27T17:06", "2026-02-27T22:00 2026-03-02T22:00 2026-03-03T22:00"),
        ("30 2 * * *", "UTC", "2026-06-19T01:58", "2026-06-19T02:30 2026-06-20T02:30 2026-06-21T02:30"),
        ("23 0-20/2 * * *", "UTC", "2026-09-07T01:05", "2026-09-07T02:23 2026-09-07T04:23 2026-09-07T06:23"),
        ("0 3 * 3,11 *", "UTC", "2026-07-14T02:15", "2026-11-01T03:00 2026-11-02T03:00 2026-11-03T03:00"),
        ("0 7 * * mon", "UTC", "2026-02-18T13:03", "2026-02-23T07:00 2026-03-02T07:00 2026-03-09T07:00"),
        ("0 3 * 3,11 *", "Europe/Berlin", "2026-10-02T18:37", "2026-11-01T02:00 2026-11-02T02:00 2026-11-03T02:00"),
        ("*/15 * * * *", "Europe/Berlin", "2026-07-02T07:02", "2026-07-02T07:15 2026-07-02T07:30 2026-07-02T07:45"),
        ("0 0 1 * *", "Europe/Berlin", "2026-09-28T04:18", "2026-09-30T22:00 2026-10-31T23:00 2026-11-30T23:00"),
        ("0 22 * * 1-5", "Europe/Berlin", "2026-07-05T17:07", "2026-07-06T20:00 2026-07-07T20:00 2026-07-08T20:00"),
        ("23 0-20/2 * * *", "Europe/Berlin", "2026-10-10T17:52", "2026-10-10T18:23 2026-10-10T22:23 2026-10-11T00:23"),
        ("30 2 * * *", "America/New_York", "2026-09-23T02:36", "2026-09-23T06:30 2026-09-24T06:30 2026-09-25T06:30"),
        ("*/15 * * * *", "America/New_York", "2026-01-20T06:31", "2026-01-20T06:45 2026-01-20T07:00 2026-01-20T07:15"),
        ("0 0 1 * *", "America/New_York", "2026-11-18T13:49", "2026-12-01T05:00 2027-01-01T05:00 2027-02-01T05:00"),
        ("0 7 * * mon", "America/New_York", "2026-08-12T09:15", "2026-08-17T11:00 2026-08-24T11:00 2026-08-31T11:00"),
        ("30 2 * * *", "Asia/Kolkata", "2026-09-16T10:46", "2026-09-16T21:00 2026-09-17T21:00 2026-09-18T21:00"),
        ("0 0 1 * *", "Asia/Kolkata", "2026-08-10T19:04", "2026-08-31T18:30 2026-09-30T18:30 2026-10-31T18:30"),
        ("*/15 * * * *", "Asia/Kolkata", "2026-02-17T13:10", "2026-02-17T13:15 2026-02-17T13:30 2026-02-17T13:45"),
        ("5 4 * * sun", "Asia/Kolkata", "2026-06-05T15:26", "2026-06-06T22:35 2026-06-13T22:35 2026-06-20T22:35"),
        ("0 3 * 3,11 *", "Asia/Kolkata", "2026-01-22T02:48", "2026-02-28T21:30 2026-03-01T21:30 2026-03-02T21:30"),
        (
            "15 14 1 * *", "Australia/Lord_Howe", "2026-10-16T18:51",
            "2026-11-01T03:15 2026-12-01T03:15 2027-01-01T03:15"
        ),
        (
            "0 22 * * 1-5", "Australia/Lord_Howe", "2026-08-03T02:17",
            "2026-08-03T11:30 2026-08-04T11:30 2026-08-05T11:30"
        ),
        (
            "0 3 * 3,11 *", "Australia/Lord_Howe", "2026-08-23T21:04",
            "2026-10-31T16:00 2026-11-01T16:00 2026-11-02T16:00"
        ),
        ("0 0 13 * 5", "Australia/Lord_Howe", "2026-01-24T22:19", "2026-01-29T13:00 2026-02-05T13:00 2026-02-12T13:00"),
        ("30 2 * * *", "Australia/Lord_Howe", "2026-11-19T21:52", "2026-11-20T15:30 2026-11-21T15:30 2026-11-22T15:30"),
        ("0 0 13 * 5", "America/St_Johns", "2026-01-15T11:10", "2026-01-16T03:30 2026-01-23T03:30 2026-01-30T03:30"),
        ("5 4 * * sun", "America/St_Johns", "2026-10-04T15:03", "2026-10-11T06:35 2026-10-18T06:35 2026-10-25T06:35"),
        (
            "23 0-20/2 * * *", "America/St_Johns", "2026-04-25T09:08",
            "2026-04-25T10:53 2026-04-25T12:53 2026-04-25T14:53"
        ),
        ("0 22 * * 1-5", "America/St_Johns", "2026-12-08T12:25", "2026-12-09T01:30 2026-12-10T01:30 2026-12-11T01:30"),
        ("30 2 * * *", "America/St_Johns", "2026-08-03T05:28", "2026-08-04T05:00 2026-08-05T05:00 2026-08-06T05:00"),
        ("23 0-20/2 * * *", "Asia/Tokyo", "2026-09-09T22:26", "2026-09-09T23:23 2026-09-10T01:23 2026-09-10T03:23"),
    ]

    @Test("They are the same", arguments: rows.indices)
    func same(_ index: Int) throws {
        let (cron, zone, from, expected) = Self.rows[index]
        let (expression, rules) = (try CronExpression(cron), try TimeZoneFile.zone(named: zone))
        var time = try #require(Timestamp("\(from):00Z"))
        var found: [String] = []
        for _ in 0..<3 {
            time = try #require(expression.next(after: time, in: rules))
            found.append(String(time.description.prefix(16)))
        }
        #expect(found.joined(separator: " ") == expected, "\(cron) in \(zone) from \(from)")
    }
}

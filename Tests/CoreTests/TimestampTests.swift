import Core
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (1_763_000_000_123_456, "2025-11-13T02:13:20.123456Z"),
        ] as [(Int64, String)])
    func writesRFC3339(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    @Test func everyDayOfEightCenturiesSurvivesTheRoundTrip() {
        for day in stride(from: Int64(-146_097), through: 146_097, by: 1) {
            let time = Timestamp(seconds: day * 86_400 + 3661)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test func readsOffsetsAndFractions() {
        #expect(Timestamp("2026-01-02T03:04:05+01:30")?.description == "2026-01-02T01:34:05.000000Z")
        #expect(Timestamp("2026-01-02 03:04:05.1Z")?.description == "2026-01-02T03:04:05.100000Z")
        #expect(Timestamp("2026-01-02T03:04:05.123456789Z")?.description == "2026-01-02T03:04:05.123456Z")
        #expect(Timestamp("2016-12-31T23:59:60Z")?.description == "2017-01-01T00:00:00.000000Z")
    }

    @Test(arguments: [
        "", "2026", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "２026-01-01T00:00:00Z", "2026-01-01T00:00:00+25:00",
    ])
    func refusesWhatIsNoDate(text: String) {
        #expect(Timestamp(text) == nil)
    }
}

import Core
import Intent
import Testing

@Suite struct TimeReferenceTests {
    /// A Wednesday.
    private let now = Timestamp("2026-03-04T15:30:00Z") ?? Timestamp(seconds: 0)

    private func interval(_ text: String) throws -> [String?] {
        let slot = try #require(SlotTagger().slots(in: text).first)
        guard case .time(let time) = slot.value else { return [] }
        let interval = time.interval(now: now)
        return [interval.from, interval.to].map { $0.map { String($0.description.prefix(16)) } }
    }

    @Test(arguments: [
        ("yesterday", "2026-03-03T00:00", "2026-03-04T00:00"), ("since monday", "2026-03-02T00:00", "2026-03-04T15:30"),
        ("since wednesday", "2026-03-04T00:00", "2026-03-04T15:30"),
        ("last 24h", "2026-03-03T15:30", "2026-03-04T15:30"),
        ("last week", "2026-02-23T00:00", "2026-03-02T00:00"), ("this month", "2026-03-01T00:00", "2026-04-01T00:00"),
        ("last month", "2026-02-01T00:00", "2026-03-01T00:00"), ("2 hours ago", "2026-03-04T13:30", "2026-03-04T13:30"),
        ("since 16:00", "2026-03-03T16:00", "2026-03-04T15:30"), ("since 9am", "2026-03-04T09:00", "2026-03-04T15:30"),
        ("on 2026-02-28", "2026-02-28T00:00", "2026-03-01T00:00"),
    ])
    func spansAreThoseThatPeopleMean(_ text: String, _ from: String, _ to: String) throws {
        #expect(try interval(text) == [from, to])
    }

    @Test func untilLooksAhead() throws {
        #expect(try interval("until friday") == [nil, "2026-03-06T00:00"])
        #expect(try interval("until monday") == [nil, "2026-03-09T00:00"])
        #expect(try interval("until 18:30") == [nil, "2026-03-04T18:30"])
    }
}

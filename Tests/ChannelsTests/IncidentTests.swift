import Core
import Integrations
import JSON
import TestSupport
import Testing

@testable import Channels

/// What is told that nobody asked for: one message for each thing, which is edited.
@Suite struct IncidentTests {
    private func notice(
        _ severity: Severity, _ title: String, key: String = "incident:1", state: Notice.State = .open
    ) throws -> Notice {
        try Notice(
            kind: .incident, title: title, text: "Errors & <!channel>", severity: severity,
            link: "https://gate.example/incidents/1", dedupeKey: key, state: state)
    }

    @Test func anIncidentIsOneMessageThatIsEdited() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            try await house.channels.tell(notice(.medium, "Errors rise"))
            let first = try await house.message("it is told") { $0.shown.contains("Errors rise") }
            #expect(first.room == "C0OPS00000" && !first.shown.contains("<!channel>"), "medium calls nobody")
            try await house.channels.tell(notice(.medium, "Errors rise"))
            try await house.channels.tell(notice(.medium, "Errors fall", state: .resolved))
            let last = try await house.message("it is edited") { $0.shown.contains("Errors fall (resolved)") }
            #expect(last.edits == 1 && last.shown.contains("Errors &amp; &lt;!channel&gt;"))
        }
        #expect(house.slack.messages.count == 1)
    }

    @Test func whatGetsWorseSaysSoInTheThreadAndCallsWhomThatSeverityCalls() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            try await house.channels.tell(notice(.medium, "Errors rise"))
            try await house.channels.tell(notice(.critical, "All fails"))
            let worse = try await house.message("the thread says so") { $0.thread != nil }
            #expect(worse.text.hasPrefix("<!channel> [critical] All fails"))
            try await house.channels.tell(notice(.high, "Better"))
            try await house.channels.tell(notice(.critical, "All fails again"))
            _ = try await house.message("it is edited") { $0.shown.contains("All fails again") }
        }
        #expect(house.slack.messages.count == 2, "it was as bad before")
        #expect(house.slack.messages.first?.thread == nil)
    }

    @Test func whatIsBelowWhatAChannelIsToldIsNotTold() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            try await house.channels.tell(notice(.low, "A little"))
            try await house.channels.tell(notice(.high, "Much", key: "incident:2"))
            _ = try await house.message("it is told") { $0.shown.contains("Much") }
        }
        #expect(house.slack.messages.count == 1)
    }

    @Test func whatAProcessLeftUnsaidIsSaidByTheNext() async throws {
        var house = try await ChannelHouse.open()
        try await house.channels.tell(notice(.high, "Errors rise"))
        house = try await house.reopened()
        try await house.running { _ = try await house.message("it is told") { $0.shown.contains("Errors rise") } }
    }

    @Test func teamsIsToldOfTheBeginningOfTheWorseAndOfTheEnd() async throws {
        let slack = try await FakeSlack()
        let house = try await ChannelHouse.open(
            slack: slack, configure: { $0.channels["team"]?.url = Secret("\(slack.address)/teams") })
        try await house.running {
            try await house.channels.tell(notice(.medium, "Errors rise"))
            try await house.channels.tell(notice(.medium, "Errors still rise"))
            try await house.channels.tell(notice(.critical, "All fails"))
            try await house.channels.tell(notice(.critical, "Over", state: .resolved))
            try await wait("all is told") { slack.calls.count { $0.method == "teams" } == 3 }
        }
        let told = slack.calls.filter { $0.method == "teams" }.map { $0.body.text() }
        #expect(told[0].contains("Errors rise") && told[1].contains("All fails") && told[2].contains("Over (resolved)"))
    }
}

import Core
import JSON
import Synchronization
import TestSupport
import Testing
import Web

@testable import Channels

/// Teams and programs of one's own, which wait for their answer.
@Suite struct AnsweringTests {
    private func say(
        _ text: String, _ id: String, to house: ChannelHouse, user: String = "alice@example.org"
    ) async throws -> JSON {
        let request = Signed.generic(Payload.said(text, id: id, user: user), at: house.clock.now())
        return try JSON.parse(try await house.channels.take(request).body)
    }

    @Test func aProgramIsAnsweredWithTheReply() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            let reply = try await say("what can you do", "1", to: house)
            #expect(reply["text"]?.string?.hasPrefix("This is what I can do") ?? false)
            #expect(reply["table"]?["rows"]?.array?.isEmpty == false)
        }
    }

    @Test func theSameIdIsAnsweredAlikeAndSaidOnce() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            let first = try await say("show findings", "1", to: house)
            #expect(try await say("show findings", "1", to: house) == first)
            let error = await #expect(throws: GatehouseError.self) { try await say("hello", "1", to: house) }
            #expect(error?.code == .conflict)
        }
        #expect(house.notes.ids == ["findings.list"])
    }

    @Test func whatTakesLongIsWorkedOnAndAnsweredToTheNextAsking() async throws {
        var pace = ChannelPace.test
        pace.webhook = .milliseconds(50)
        let house = try await ChannelHouse.open(pace: pace)
        house.notes.delay.withLock { $0 = .seconds(2) }
        try await house.running {
            let early = try await say("show findings", "1", to: house)
            #expect(early["text"]?.string == "I am still working on it. Ask me for the status.")
            try await wait("it is done") { house.notes.ids == ["findings.list"] }
            try await wait("it is answered") {
                try await say("show findings", "1", to: house)["text"]?.string?.contains("findings") ?? false
            }
        }
        #expect(house.notes.ids == ["findings.list"])
    }

    @Test func aLateAnswerGoesToTheReplyAddressSigned() async throws {
        let slack = try await FakeSlack()
        var pace = ChannelPace.test
        pace.webhook = .milliseconds(50)
        let house = try await ChannelHouse.open(
            slack: slack, configure: { $0.channels["program"]?.url = Secret("\(slack.address)/replies") }, pace: pace)
        house.notes.delay.withLock { $0 = .seconds(2) }
        try await house.running {
            _ = try await say("show findings", "1", to: house)
            try await wait("it is told") { slack.calls.contains { $0.method == "replies" } }
        }
        let call = try #require(slack.calls.first { $0.method == "replies" })
        #expect(call.body["text"]?.string?.contains("findings") ?? false)
        let parts = try #require(SignatureParts.read(call.signature))
        #expect(parts.code == Signed.mac(Array("\(parts.seconds).".utf8) + call.raw, Array(Signed.genericSecret.utf8)))
    }

    @Test func teamsIsAnsweredWithACard() async throws {
        let house = try await ChannelHouse.open()
        house.notes.answers.withLock {
            $0["findings.list"] = [
                "total": 1, "findings": [["severity": "high", "title": "A [link](https://evil.example)"]],
            ]
        }
        try await house.running {
            let body = Payload.activity("<at>Gatehouse</at> show findings", id: "1", time: house.clock.now())
            let answer = try JSON.parse(try await house.channels.take(Signed.teams(body)).body)
            let card = try #require(answer["attachments"]?[0])
            #expect(answer["type"] == "message")
            #expect(card["contentType"] == "application/vnd.microsoft.card.adaptive")
            #expect(card["content"]?["version"] == "1.4")
            #expect(card["content"]?["actions"]?[0]?["url"] == "https://gate.example/findings")
            let text = card["content"]?["body"]?.text() ?? ""
            #expect(text.contains("1 findings are open.") && text.contains("A [link]"))
            #expect(!text.contains("\"TextBlock\""), "what is said is in runs, which are not read as Markdown")
        }
    }

    @Test func inTeamsAnApprovalIsDecidedByItsCode() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            func say(_ text: String, _ id: String, _ user: String) async throws -> String {
                let body = Payload.activity("<at>G</at> \(text)", id: id, user: user, time: house.clock.now())
                return String(decoding: try await house.channels.take(Signed.teams(body)).body, as: UTF8.self)
            }
            let alice = "a11ce000-0000-4000-8000-000000000001"
            _ = try await say("tell jira that the scan is finished", "1", alice)
            let waits = try await say("yes", "2", alice)
            let words = waits.split { !$0.isLetter && !$0.isNumber }
            let code = try #require(zip(words, words.dropFirst()).first { $0.0 == "approve" }?.1)
            #expect(waits.contains("https://gate.example/approvals/apr_"))
            let done = try await say("approve \(code)", "3", "B0B00000-0000-4000-8000-000000000002")
            #expect(done.contains("Approved, and done as act_"))
        }
        #expect(house.notes.ids == ["integrations.send"])
    }

    @Test func aStrangerIsToldOnceAndNothingElse() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            let told = try await say("show findings", "1", to: house, user: "eve@example.org")
            #expect(told["text"]?.string?.contains("not known to the house") ?? false)
            #expect(try await say("show findings", "2", to: house, user: "eve@example.org") == [:])
        }
        #expect(house.notes.ids.isEmpty)
    }

    @Test func aNewConfigurationHoldsAtOnce() async throws {
        let house = try await ChannelHouse.open()
        let event = Signed.slack(Payload.event("hello", id: "Ev1"), at: house.clock.now())
        #expect(try await house.channels.take(event).status == 200)
        house.channels.adopt(ChannelsSettings())
        await #expect(throws: GatehouseError.unsigned) { try await house.channels.take(event) }
        try await house.running {
            try await wait("what waited is given up, and says why") {
                try await ChannelFigures(store: house.store).all().first?["dead"]?[0]?["problem"]
                    == "the channel is not configured any more"
            }
        }
    }

    @Test func everyChannelAndEveryKindRefusesInTheSameWords() async throws {
        let house = try await ChannelHouse.open()
        let now = house.clock.now()
        let body = Payload.event("hello", id: "Ev1")
        let good = Signed.slack(body, at: now)
        var elsewhere = good
        elsewhere.tail = "other"
        var unknown = good
        unknown.name = "nowhere"
        let requests = [
            elsewhere, unknown, Signed.slack(body, at: now, secret: Signed.genericSecret),
            Signed.slack(body, name: "team", at: now), Signed.slack(body, tail: "", name: "program", at: now),
            Signed.generic(Payload.said("hello", id: "1"), name: "ops", at: now),
            Signed.generic(Payload.said("hello", id: "1"), at: now, secret: Signed.slackSecret),
            Signed.teams(Payload.activity("hello", id: "1"), key: Array(Signed.slackSecret.utf8)),
            Signed.slack(body, at: now - .seconds(301)), Signed.request("ops", "events", [:], body),
        ]
        for request in requests {
            await #expect(throws: GatehouseError.unsigned) { try await house.channels.take(request) }
        }
        let long = [UInt8](repeating: 0x20, count: (256 << 10) + 1)
        let error = await #expect(throws: GatehouseError.self) {
            try await house.channels.take(Signed.slack(long, at: now))
        }
        #expect(error?.code == .tooLarge)
        #expect(try await house.count("SELECT COUNT(*) AS n FROM channel_inbox") == 0)
    }
}

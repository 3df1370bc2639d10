import Core
import Gate
import Hub
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// What a call would change: said as a plan, and agreed to in writing, elsewhere, by who asked.
@Suite struct SpokenPlanTests {
    private static let wish = "tell jira that the scan is finished"

    @Test func aPlanIsAgreedToInTheOtherChannelByWhoAskedAlone() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        try await house.running {
            let plan = try await phone.say(Self.wish, at: try await phone.begin())
            #expect(plan.words.hasPrefix("This is my plan") && plan.words.hasSuffix(CallWords.confirmed(in: "ops")))
            let asked = try await house.message("it is asked for") { $0.buttons["gatehouse.yes"] != nil }
            #expect(asked.room == ChannelHouse.alice && asked.text.hasPrefix("In a call: This is my plan"))
            let code = try #require(asked.buttons["gatehouse.yes"])
            try await house.press("gatehouse.yes", code, by: ChannelHouse.bob, room: "D0ALICE000", time: "1")
            _ = try await house.message("another's press is turned away") { $0.text.contains("only the one who asked") }
            #expect(house.notes.ids.isEmpty)
            try await house.press("gatehouse.yes", code, by: ChannelHouse.alice, room: "D0ALICE000", time: "2")
            try await wait("it is done") { house.notes.ids == ["integrations.send"] }
            _ = try await house.message("its message has no buttons") {
                $0.shown.contains("Answered: yes") && $0.buttons.isEmpty && $0.edits == 1
            }
        }
        #expect(house.notes.ids == ["integrations.send"])
    }

    @Test func aYesThatIsSpokenAgreesToNothingAndTheButtonStaysGood() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        try await house.running {
            var answer = try await phone.say(Self.wish, at: try await phone.begin())
            for yes in ["yes", "Yes, go ahead.", "confirmed"] {
                answer = try await phone.say(yes, at: answer)
                #expect(answer.words.contains("What is spoken agrees to nothing") && answer.records)
            }
            #expect(house.notes.ids.isEmpty)
            let asked = try await house.message("it is asked for") { $0.buttons["gatehouse.yes"] != nil }
            #expect(house.slack.messages.count { $0.buttons["gatehouse.yes"] != nil } == 1)
            try await house.press(
                "gatehouse.yes", try #require(asked.buttons["gatehouse.yes"]), by: ChannelHouse.alice,
                room: "D0ALICE000", time: "1")
            try await wait("it is done") { house.notes.ids == ["integrations.send"] }
        }
    }

    @Test func aNewWishDropsThePlanAndItsButton() async throws {
        let (house, twilio) = try await Telephone.open()
        let phone = Telephone(house, twilio)
        try await house.running {
            let plan = try await phone.say(Self.wish, at: try await phone.begin())
            let asked = try await house.message("it is asked for") { $0.buttons["gatehouse.yes"] != nil }
            let other = try await phone.say("show findings", at: plan)
            #expect(other.words.contains("I drop the plan"))
            try await house.press(
                "gatehouse.yes", try #require(asked.buttons["gatehouse.yes"]), by: ChannelHouse.alice,
                room: "D0ALICE000", time: "1")
            _ = try await house.message("it is told") { $0.text.contains("that plan waits no more") }
        }
        #expect(house.notes.ids == ["findings.list"])
    }

    @Test func whereNothingConfirmsItWaitsInTheConsole() async throws {
        let (house, twilio) = try await Telephone.open(confirm: nil)
        let phone = Telephone(house, twilio)
        try await house.running {
            let plan = try await phone.say(Self.wish, at: try await phone.begin())
            #expect(plan.words.hasSuffix(CallWords.inConsole))
        }
        #expect(house.slack.messages.isEmpty && house.notes.ids.isEmpty)
        let alice = try await #require(house.channels.callers("alice", "console"))
        let conversation = try await #require(house.hub.conversations(of: alice.principal.id, limit: 1).first)
        _ = try await house.hub.say("yes", in: conversation.id, as: alice)
        #expect(house.notes.ids == ["integrations.send"])
    }

    @Test func whoHasNoAccountInTheOtherChannelIsSentToTheConsole() async throws {
        let (house, twilio) = try await Telephone.open(configure: { settings in
            var ops = ChannelSettings(
                name: "ops", kind: .slack, users: [ChannelHouse.bob: "bob"], secret: Secret(Signed.slackSecret))
            let known = settings.channels["ops"]
            (ops.token, ops.url, ops.room) = (known?.token, known?.url, known?.room)
            settings.channels["ops"] = ops
        })
        let phone = Telephone(house, twilio)
        try await house.running {
            let plan = try await phone.say(Self.wish, at: try await phone.begin())
            #expect(plan.words.hasSuffix(CallWords.inConsole))
        }
        #expect(house.slack.messages.isEmpty && house.notes.ids.isEmpty)
    }

    @Test func inTeamsAPlanIsAgreedToByItsCode() async throws {
        let teams = try await FakeSlack()
        let (house, twilio) = try await Telephone.open(
            confirm: "team", configure: { $0.channels["team"]?.url = Secret("\(teams.address)/team") })
        let phone = Telephone(house, twilio)
        try await house.running {
            _ = try await phone.say(Self.wish, at: try await phone.begin())
            try await wait("it is asked for") { !teams.calls.isEmpty }
            let words = try #require(teams.calls.first).body.text().split { !$0.isLetter && !$0.isNumber }
            let code = try #require(zip(words, words.dropFirst()).first { $0.0 == "approve" }?.1)
            func type(_ id: String, _ user: String) async throws -> String {
                let body = Payload.activity(
                    "<at>G</at> approve \(code)", id: id, user: user, time: house.clock.now())
                return String(decoding: try await house.channels.take(Signed.teams(body)).body, as: UTF8.self)
            }
            let refused = try await type("1", "b0b00000-0000-4000-8000-000000000002")
            #expect(refused.contains("only the one who asked") && house.notes.ids.isEmpty)
            _ = try await type("2", "a11ce000-0000-4000-8000-000000000001")
            #expect(house.notes.ids == ["integrations.send"])
            let again = try await type("3", "a11ce000-0000-4000-8000-000000000001")
            #expect(again.contains("decided already"))
        }
        #expect(house.notes.ids == ["integrations.send"] && teams.calls.count == 1)
    }

    @Test func aProgramIsToldThePlanWhoseItIsAndItsCode() async throws {
        let program = try await FakeSlack()
        let (house, twilio) = try await Telephone.open(
            confirm: "program", configure: { $0.channels["program"]?.url = Secret("\(program.address)/asked") })
        let phone = Telephone(house, twilio)
        try await house.running {
            _ = try await phone.say(Self.wish, at: try await phone.begin())
            try await wait("it is asked for") { !program.calls.isEmpty }
            let body = try #require(program.calls.first).body
            #expect(body["user"] == "alice@example.org" && body["plan"]?["facts"]?["tool"] == "integrations.send")
            let code = try #require(body["code"]?.string)
            let said = Payload.said("deny \(code)", id: "1")
            let answer = try await house.channels.take(Signed.generic(said, at: house.clock.now()))
            #expect(try JSON.parse(answer.body)["text"]?.string?.hasPrefix("Dropped") == true)
        }
        #expect(house.notes.ids.isEmpty)
    }

    @Test func anApprovalIsNotDecidedByVoice() async throws {
        let (house, twilio) = try await Telephone.open(decider: AskingLead())
        try await house.running {
            try await house.write(Self.wish, id: "Ev1")
            let plan = try await house.message("the plan") { $0.buttons["gatehouse.yes"] != nil }
            try await house.press(
                "gatehouse.yes", try #require(plan.buttons["gatehouse.yes"]), by: ChannelHouse.alice,
                room: "D0ALICE000", time: "1")
            let told = try await house.message("it is told") {
                $0.room == "C0OPS00000" && $0.buttons["gatehouse.approve"] != nil
            }
            let code = try #require(told.buttons["gatehouse.approve"])
            let phone = Telephone(house, twilio, number: Telephone.bob)
            let answer = try await phone.say("approve \(code)", at: try await phone.begin())
            #expect(answer.records && !answer.words.contains("Approved"))
            #expect(try await house.gate.approvals.list(state: .waiting).count == 1)
        }
        #expect(!house.notes.ids.contains("integrations.send"))
    }
}

import Core
import Gate
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Approvals told in channels and decided there: by the gate, as the word of whoever decides.
@Suite struct ApprovalTests {
    /// Alice asks for a change by chat, which somebody else has to agree to.
    private func ask(_ house: ChannelHouse) async throws -> Approval {
        try await house.write("tell jira that the scan is finished", id: "Ev1")
        let plan = try await house.message("the plan") { $0.buttons["gatehouse.yes"] != nil }
        let code = try #require(plan.buttons["gatehouse.yes"])
        try await house.press("gatehouse.yes", code, by: ChannelHouse.alice, room: "D0ALICE000", time: "1.1")
        try await wait("it waits") { try await !house.gate.approvals.list(state: .waiting).isEmpty }
        return try await #require(house.gate.approvals.list().first)
    }

    private func told(_ house: ChannelHouse) async throws -> FakeSlack.Message {
        try await house.message("it is told") {
            $0.room == "C0OPS00000" && $0.buttons["gatehouse.approve"] != nil
        }
    }

    @Test func anApprovalIsDecidedByAButtonAndItsMessageIsEdited() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            let approval = try await ask(house)
            let message = try await told(house)
            #expect(message.shown.contains("test#alice") && message.shown.contains("security_lead"))
            #expect(message.shown.contains("send &lt;!channel&gt; &amp; a notice"), "a preview calls nobody")
            let code = try #require(message.buttons["gatehouse.approve"])
            #expect(!message.shown.contains("\"value\":\"\(approval.id)"))
            let answer = try await house.press("gatehouse.approve", code, by: ChannelHouse.bob)
            #expect(answer.status == 200 && answer.body.isEmpty)
            let edited = try await house.message("it is edited") {
                $0.room == "C0OPS00000" && $0.shown.contains("Approved by test#bob, and done.")
            }
            #expect(edited.buttons.isEmpty && edited.edits >= 1)
            _ = try await house.message("so is the one where it was asked for") {
                $0.room == "D0ALICE000" && $0.shown.contains("Approved by test#bob")
            }
        }
        #expect(house.notes.ids == ["integrations.send"])
        let approval = try await #require(house.gate.approvals.list().first)
        #expect(approval.state == .consumed && approval.votes.map(\.principalID) == ["test#bob"])
    }

    @Test func nobodyApprovesWhatTheyAskedForAndTheGatesWordsSaySo() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            _ = try await ask(house)
            let code = try await #require(told(house).buttons["gatehouse.approve"])
            try await house.press("gatehouse.approve", code, by: ChannelHouse.alice, time: "2.1")
            try await wait("it is told") { !house.slack.whispers.isEmpty }
            let whisper = try #require(house.slack.whispers.first)
            #expect(whisper.user == ChannelHouse.alice)
            #expect(whisper.content["text"]?.string?.contains("nobody approves what they asked for") ?? false)
            try await house.press("gatehouse.approve", code, by: "U0CAROL000", time: "2.2")
            try await wait("it is told") { house.slack.whispers.count == 2 }
            #expect(house.slack.whispers.last?.content["text"]?.string?.contains("needs the role") ?? false)
            #expect(house.notes.ids.isEmpty)
            // Those who were refused have not used it up.
            try await house.press("gatehouse.approve", code, by: ChannelHouse.bob, time: "2.3")
            try await wait("it is done") { house.notes.ids == ["integrations.send"] }
            try await house.press("gatehouse.approve", code, by: ChannelHouse.bob, time: "2.4")
            try await wait("it is told") { house.slack.whispers.count == 3 }
            #expect(house.slack.whispers.last?.content["text"]?.string?.contains("decided already") ?? false)
        }
        #expect(house.notes.ids.count == 1)
    }

    @Test func aDenialEndsIt() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            _ = try await ask(house)
            let code = try await #require(told(house).buttons["gatehouse.deny"])
            try await house.press("gatehouse.deny", code, by: ChannelHouse.bob)
            _ = try await house.message("it is edited") { $0.shown.contains("Denied by test#bob. Nothing was done.") }
        }
        #expect(house.notes.ids.isEmpty)
    }

    @Test func whatIsDecidedElsewhereEditsTheMessageToo() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            let approval = try await ask(house)
            _ = try await told(house)
            let bob = try await #require(house.channels.callers("bob", "console"))
            _ = try await house.gate.approve(approval.id, by: bob, reason: "in the console")
            _ = try await house.message("it is edited") { $0.shown.contains("Approved by test#bob, and done.") }
        }
    }

    @Test func whatNobodyDecidesInTimeSaysSo() async throws {
        let clock = ManualWallClock()
        let house = try await ChannelHouse.open(clock: clock)
        try await house.running {
            _ = try await ask(house)
            let code = try await #require(told(house).buttons["gatehouse.approve"])
            clock.advance(by: .seconds(3600))
            try await house.press("gatehouse.approve", code, by: ChannelHouse.bob)
            try await wait("it is told") { !house.slack.whispers.isEmpty }
            // The gate ends what has lapsed whenever somebody votes, if not before.
            let bob = try await #require(house.channels.callers("bob", "console"))
            _ = try? await house.gate.deny("apr_none", by: bob, reason: "none")
            await house.channels.syncApprovals()
            _ = try await house.message("it is edited") { $0.shown.contains("Expired: nobody decided in time") }
        }
        #expect(house.notes.ids.isEmpty)
    }

    @Test func twoHaveToAgreeWithACodeForEach() async throws {
        let house = try await ChannelHouse.open(decider: AskingLead(quorum: 2))
        try await house.running {
            let approval = try await ask(house)
            let first = try await #require(told(house).buttons["gatehouse.approve"])
            try await house.press("gatehouse.approve", first, by: ChannelHouse.bob)
            let second = try await house.message("one has agreed") {
                $0.room == "C0OPS00000" && $0.shown.contains("1 of 2") && $0.buttons["gatehouse.approve"] != nil
            }
            #expect(second.buttons["gatehouse.approve"] != first)
            #expect(house.notes.ids.isEmpty)
            #expect(try await house.gate.approvals.approval(approval.id).state == .waiting)
        }
    }

    @Test(arguments: ["k0k0k0k0k0", "apr_00000000000000000000000000", "x"])
    func aCodeThatIsNoneDecidesNothing(_ code: String) async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            let approval = try await ask(house)
            _ = try await told(house)
            try await house.press("gatehouse.approve", code, by: ChannelHouse.bob)
            try await house.press("gatehouse.approve", approval.id, by: ChannelHouse.bob, time: "3.1")
            try await wait("it is told") { house.slack.whispers.count == 2 }
        }
        #expect(house.notes.ids.isEmpty)
    }

    @Test func whatFailedSaysSo() async throws {
        let house = try await ChannelHouse.open()
        house.notes.fails.withLock { $0 = true }
        try await house.running {
            _ = try await ask(house)
            let code = try await #require(told(house).buttons["gatehouse.approve"])
            try await house.press("gatehouse.approve", code, by: ChannelHouse.bob)
            _ = try await house.message("it is edited") {
                $0.shown.contains("Approved by test#bob; it was tried and failed")
            }
        }
    }

    @Test func aPressSurvivesTheEndOfTheProcess() async throws {
        var house = try await ChannelHouse.open()
        try await house.running {
            _ = try await ask(house)
            _ = try await told(house)
        }
        let code = try #require(house.slack.messages.compactMap { $0.buttons["gatehouse.approve"] }.first)
        try await house.press("gatehouse.approve", code, by: ChannelHouse.bob)
        house = try await house.reopened()
        try await house.running {
            _ = try await house.message("it is edited") { $0.shown.contains("Approved by test#bob, and done.") }
        }
        #expect(house.notes.ids == ["integrations.send"])
    }

    @Test func anApprovalIsDecidedByWordsWhereThereAreNoButtons() async throws {
        let house = try await ChannelHouse.open()
        try await house.running {
            _ = try await ask(house)
            _ = try await told(house)
            // Asked for by Alice in the program: it says the code.
            func say(_ text: String, _ id: String, by user: String) async throws -> JSON {
                let body = Payload.said(text, id: id, user: user)
                let answer = try await house.channels.take(Signed.generic(body, at: house.clock.now()))
                return try JSON.parse(answer.body)
            }
            _ = try await say("tell pagerduty that it is late", "1", by: "alice@example.org")
            let waiting = try await say("yes", "2", by: "alice@example.org")
            let code = try #require(waiting["code"]?.string)
            #expect(waiting["approval"]?.string != code && ChatCode.isCode(code))
            let own = try await say("approve \(code)", "3", by: "alice@example.org")
            #expect(own["text"]?.string?.contains("nobody approves what they asked for") ?? false)
            let agreed = try await say("approve \(code)", "4", by: "bob@example.org")
            #expect(agreed["text"]?.string?.hasPrefix("Approved, and done as act_") ?? false)
            let again = try await say("approve \(code)", "5", by: "bob@example.org")
            #expect(again["text"]?.string?.contains("decided already") ?? false)
        }
        #expect(house.notes.ids == ["integrations.send"])
    }
}

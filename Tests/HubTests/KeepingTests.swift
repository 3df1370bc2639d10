import Core
import Gate
import JSON
import Store
import Testing

@testable import Hub

/// What outlives the process, and what is bounded.
@Suite struct KeepingTests {
    @Test func aPlanOutlivesTheProcess() async throws {
        var house = try await HubHouse.open()
        let id = try await house.talk().id
        _ = try await house.hub.say("tell jira that the scan is finished", in: id, as: try house.caller())
        house = try await house.reopened()
        let reply = try await house.hub.say("yes", in: id, as: try house.caller())
        #expect(reply.action != nil)
        #expect(house.tools.ids == ["integrations.send"])
    }

    /// As after kill -9 between the yes and the gate's answer: the deed is in the store, and is or is not at the gate.
    private func interrupted(_ house: HubHouse, reached: Bool) async throws -> (HubHouse, String) {
        let talk = try await house.talk()
        try await talk("tell jira that the scan is finished")
        var (_, state) = try await house.hub.tables.find(talk.id, of: "test#olga", at: house.clock.now())
        guard case .consent(let plan) = state.waiting,
            case .submit(let tool, let target, let arguments) = plan.deed.work
        else { throw GatehouseError("test", .internal, "there is no plan") }
        state.waiting = .nothing
        state.doing = plan.deed
        let yes = Message(number: 3, role: .person, text: "yes", data: nil, time: house.clock.now())
        try await house.hub.tables.put([yes], state, .durable)
        if reached {
            _ = try await house.gate.submit(
                ActionRequest(tool: tool, target: target, arguments: arguments, idempotencyKey: plan.deed.key),
                as: talk.caller)
        }
        return (try await house.reopened(), talk.id)
    }

    @Test(arguments: [true, false]) func whatWasInterruptedIsDoneOnceAndTold(_ reached: Bool) async throws {
        let (house, id) = try await interrupted(try await HubHouse.open(), reached: reached)
        let reply = try await house.hub.say("hello", in: id, as: try house.caller())
        #expect(reply.text.hasPrefix("I was interrupted when you asked me to tell another system."))
        #expect(house.tools.ids == ["integrations.send"])
        _ = try await house.hub.say("hello", in: id, as: try house.caller())
        #expect(house.tools.ids.count == 1)
    }

    @Test func whatWasInterruptedLongAgoIsNotBegun() async throws {
        let (house, id) = try await interrupted(try await HubHouse.open(), reached: false)
        house.clock.advance(by: .seconds(601))
        let reply = try await house.hub.say("hello", in: id, as: try house.caller())
        #expect(reply.text.contains("did nothing of it"))
        #expect(house.tools.ids.isEmpty)
    }

    @Test func aConversationIsFullAtTwoHundredMessages() async throws {
        let house = try await HubHouse.open()
        let say = try await house.talk()
        for _ in 0..<100 { try await say("hello") }
        #expect(await code { try await say("hello") } == .exhausted)
        #expect(try await house.hub.messages(of: say.id, as: "test#olga").count == 200)
    }

    @Test func theOneThatWasIdleLongestGoesForTheHundredAndFirst() async throws {
        let house = try await HubHouse.open()
        let caller = try house.caller()
        var ids: [String] = []
        for _ in 0..<101 {
            ids.append(try await house.hub.begin(as: caller).id)
            house.clock.advance(by: .seconds(1))
        }
        let kept = try await house.hub.conversations(of: "test#olga", limit: 1000).map(\.id)
        #expect(kept == Array(ids.dropFirst().reversed()))
        #expect(await code { try await house.hub.say("hi", in: ids[0], as: caller) } == .notFound)
    }

    @Test func whatIsOlderThanThirtyDaysIsGone() async throws {
        let house = try await HubHouse.open()
        let say = try await house.talk()
        try await say("hello")
        house.clock.advance(by: .seconds(30 * 86_400 + 1))
        #expect(await code { try await house.hub.messages(of: say.id, as: "test#olga") } == .notFound)
        _ = try await house.hub.begin(as: try house.caller("someone"))
        let left = try await house.store.read { tx in try tx.query("SELECT number FROM hub_message").count }
        #expect(left == 0)
    }

    @Test func textsOfOneConversationGoOneAfterAnother() async throws {
        let house = try await HubHouse.open()
        let say = try await house.talk()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await say("show findings") } }
            try await group.waitForAll()
        }
        let messages = try await house.hub.messages(of: say.id, as: "test#olga")
        #expect(messages.map(\.number) == Array(1...16))
        #expect(messages.map(\.role) == (0..<16).map { $0 % 2 == 0 ? .person : .house })
    }

    @Test func whatUsuallyFollowsIsSuggestedFirst() async throws {
        let house = try await HubHouse.open()
        let say = try await house.talk()
        for _ in 0..<2 {
            try await say("show findings")
            try await say("what did we spend")
        }
        #expect(try await say("show findings").suggestions.first == "how much budget is left")
        let other = try await house.talk(as: "otto")
        #expect(try await other("show findings").suggestions.first != "how much budget is left")
    }

    @Test func whatIsKeptOfAConversationReadsBackAsItWas() throws {
        var conversation = Conversation(id: "cnv_a")
        let now = Timestamp(seconds: 1_800_000_000)
        let deeds: [Deed.Work] = [
            .submit(tool: "a.b", target: "t", arguments: ["x": 1]), .undo(action: "act_1"), .look(action: "act_2"),
        ]
        for work in deeds {
            let deed = Deed(intent: "i", title: "t", work: work, slots: ["a": "b"], key: "hub:1", began: now)
            conversation.doing = deed
            conversation.refused = deed
            conversation.waiting = .consent(PlannedDeed(deed, .destroy, expires: now))
            #expect(Conversation(json: conversation.json) == conversation)
        }
        conversation.waiting = .value(.init(intent: "i", slots: ["a": "b"]), slot: "c", tries: 1)
        for number in 0..<30 {
            conversation.remember(Remembered(intent: "i", action: "act_\(number)", run: nil, isChange: true))
        }
        #expect(conversation.remembered.count == Conversation.memory)
        #expect(conversation.lastChange == "act_29")
        #expect(Conversation(json: conversation.json) == conversation)
        #expect(Conversation(json: ["id": "cnv_a"]) == nil)
    }

    @Test func textIsCutWithAWordThatItIs() {
        let cut = PlainText.block(String(repeating: "é", count: 5000), limit: 100)
        #expect(cut.utf8.count <= 100 && cut.contains("cut"))
        #expect(PlainText.line(" a\u{7}\n b ", limit: 10) == "a b")
    }
}

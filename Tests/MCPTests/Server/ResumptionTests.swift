import JSON
import TestSupport
import Testing

@testable import MCP

@Suite("Streams of sessions", .timeLimit(.minutes(10)))
struct ResumptionTests {
    @Test func aClientThatComesBackGetsWhatItMissed() async throws {
        let client = try await SessionClient.open(Rig())
        var first = try EventReader(await client.call("ask"))
        #expect(await first.next()?.id == "1_0")
        // The connection is cut before the request for input is read.
        var second = try EventReader(await client.get(after: "1_0"))
        let asked = try #require(await second.next())
        #expect(asked.id == "1_1" && asked.json["method"] == "elicitation/create")
        let id = try #require(asked.json["id"])
        _ = await client.post(["jsonrpc": "2.0", "id": id, "result": ["action": "decline"]])
        #expect(await second.next()?.json["result"] != nil)
        #expect(await second.next() == nil)
        // Again from the start, after all is over; and not what the client has.
        var third = try EventReader(await client.get(after: "1_0"))
        #expect(await third.rest().count == 2)
        var fourth = try EventReader(await client.get(after: "1_2"))
        #expect(await fourth.rest().isEmpty)
        #expect(await first.next() == nil)
    }

    @Test func aConnectionLetGoOfIsTakenUpAgain() async throws {
        let client = try await SessionClient.open(Rig())
        var first = try EventReader(await client.call("release"))
        let opening = try #require(await first.next()?.id)
        #expect(await first.next() == nil)
        var second = try EventReader(await client.get(after: opening))
        #expect(await second.message()?["result"]?["content"]?[0]?["text"] == "back")
    }

    @Test(arguments: [
        "", "x", "1", "1_", "_1", "1_9", "7_0", "-1_0", "1_-1", "1_0_0", String(repeating: "9", count: 60),
    ])
    func anEventThatNeverWasIsNotComeBackTo(_ event: String) async throws {
        let client = try await SessionClient.open(Rig())
        _ = await client.call("ask")
        let reply = await client.get(after: event.isEmpty ? "?" : event)
        #expect(reply.status == 400)
    }

    @Test func whatIsNotHeldAnyMoreIsSaidToBeSo() async throws {
        let client = try await SessionClient.open(Rig { $0.storedEvents = 4 })
        var events = try EventReader(await client.call("flood", meta: ["progressToken": 1]))
        while let (_, json) = await events.next(), json["result"] == nil {}
        #expect(await client.get(after: "1_1").status == 400)
        #expect(await client.get(after: "1_2999").status == 200)
    }

    @Test func changesAreToldOnTheStreamOfTheirOwn() async throws {
        let rig = Rig()
        let client = try await SessionClient.open(rig)
        var events = try EventReader(await client.get())
        #expect(await events.next()?.id == "0_0")
        rig.service.tell(.tools)
        let told = try #require(await events.next())
        #expect(told.id == "0_1" && told.json["method"] == "notifications/tools/list_changed")
        #expect(await client.request("resources/subscribe", ["uri": "a:b"]).json["result"] == [:])
        try await wait("the peer stands so") {
            rig.service.count("subscribed") == 2 && rig.service.count("unsubscribed") == 1
        }
        rig.service.tell(.resource(uri: "a:c"))
        rig.service.tell(.resource(uri: "a:b"))
        #expect(await events.message()?["params"]?["uri"] == "a:b")
        // A second reader relieves the first.
        var again = try EventReader(await client.get(after: "0_1"))
        #expect(await events.next() == nil)
        #expect(await again.message()?["params"]?["uri"] == "a:b")
        rig.endpoint.close()
        #expect(await again.next() == nil)
        try await wait("the peer stands so") { rig.service.count("unsubscribed") == 2 }
    }

    @Test func olderRevisionsGetNoEmptyEvent() async throws {
        let rig = Rig()
        let client = try await SessionClient.open(rig, version: "2025-06-18")
        var events = try EventReader(await client.call("ask"))
        let asked = await events.next()
        #expect(asked?.id == "1_1")
        // Forms had no mode then.
        #expect(asked?.json["params"]?["mode"] == nil)
        rig.endpoint.close()
    }
}

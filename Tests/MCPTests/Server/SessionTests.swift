import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import MCP

@Suite("Sessions of 2025", .timeLimit(.minutes(10)))
struct SessionTests {
    @Test func aSessionIsOpenedInTheRevisionAskedForOrTheNewest() async throws {
        for (asked, given) in [
            ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"), ("2024-11-05", "2025-11-25"),
        ] {
            let body: JSON = [
                "jsonrpc": "2.0", "id": 1, "method": "initialize",
                "params": [
                    "protocolVersion": JSON(asked), "capabilities": [:], "clientInfo": ["name": "t", "version": "1"],
                ],
            ]
            let reply = await Rig().send(.post, body.bytes())
            #expect(reply.json["result"]?["protocolVersion"] == JSON(given))
            #expect(reply.json["result"]?["serverInfo"]?["name"] == "fixture")
            let id = try #require(reply.headers["Mcp-Session-Id"])
            #expect(id.utf8.count == 32 && id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        }
    }

    @Test func whatASessionKeepsIsBound() async throws {
        let body: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": [
                "protocolVersion": "2025-11-25", "capabilities": [:],
                "clientInfo": ["name": JSON(String(repeating: "n", count: 65_536)), "version": "1"],
            ],
        ]
        let reply = await Rig().send(.post, body.bytes())
        #expect(reply.status == 400 && reply.error == -32602)
        let client = try await SessionClient.open(Rig { $0.watchedResources = 1 })
        #expect(await client.request("resources/subscribe", ["uri": "a:b"]).json["result"] == [:])
        #expect(await client.request("resources/subscribe", ["uri": "a:c"]).error == -32602)
        let token = JSON(String(repeating: "t", count: 257))
        #expect(await client.call("echo", meta: ["progressToken": token]).error == -32602)
    }

    @Test func resultsAreThoseOfTheRevision() async throws {
        let client = try await SessionClient.open(Rig())
        let result = await client.request("tools/list").json["result"]
        #expect(result?["tools"]?.array?.count == 1)
        #expect(result?["resultType"] == nil && result?["ttlMs"] == nil && result?["_meta"] == nil)
        #expect(await client.request("ping").json["result"] == [:])
        #expect(await client.request("tools/burn").error == -32601)
        #expect(await client.request("server/discover").error == -32601)
        #expect(await client.request("initialize").error == -32600)
    }

    @Test func nobodyElseSeesOrUsesIt() async throws {
        let rig = Rig()
        let client = try await SessionClient.open(rig)
        let eve = SessionClient(rig: rig, id: client.id, identity: "eve")
        #expect(await eve.request("ping").status == 404)
        #expect(await eve.get().status == 404)
        #expect(await eve.post(["jsonrpc": "2.0", "method": "notifications/cancelled"]).status == 404)
        #expect(await eve.post(["jsonrpc": "2.0", "id": 1, "result": [:]]).status == 404)
        #expect(await rig.send(.delete, [], eve.headers, as: "eve").status == 404)
        #expect(await client.request("ping").status == 200)
        let guess = SessionClient(rig: rig, id: "x")
        #expect(await guess.request("ping").error == -32001)
    }

    @Test func whatBelongsToNoSessionIsRefused() async throws {
        let rig = Rig()
        let body: JSON = ["jsonrpc": "2.0", "id": 3, "method": "tools/list"]
        let version = ["MCP-Protocol-Version": "2025-11-25"]
        #expect(await rig.send(.post, body.bytes(), version).status == 400)
        #expect(await rig.send(.post, body.bytes()).status == 400)
        #expect(await rig.send(.post, JSON(["jsonrpc": "2.0", "id": 1, "result": [:]]).bytes()).status == 400)
        let client = try await SessionClient.open(rig)
        let unknown = ["Mcp-Session-Id": client.id, "MCP-Protocol-Version": "1999-01-01"]
        #expect(await rig.send(.post, body.bytes(), unknown).status == 400)
    }

    @Test func aDeletedSessionIsGoneAndItsCallsAreCancelled() async throws {
        let rig = Rig()
        let client = try await SessionClient.open(rig)
        let waiting = Task { await client.call("wait") }
        try await wait("the peer stands so") { rig.service.count("begun wait") == 1 }
        #expect(await rig.send(.delete, [], client.headers).status == 204)
        try await wait("the peer stands so") { rig.service.count("cancelled") == 1 }
        _ = await waiting.value
        #expect(await client.request("ping").status == 404)
        #expect(rig.endpoint.sessionCount == 0)
    }

    @Test func theClientIsAskedInMidCall() async throws {
        let rig = Rig()
        let client = try await SessionClient.open(rig)
        var events = try EventReader(await client.call("ask", id: 9))
        let opening = await events.next()
        #expect(opening?.id == "1_0" && opening?.json == .null)
        let asked = await events.message()
        #expect(asked?["method"] == "elicitation/create" && asked?["params"]?["message"] == "who?")
        let id = try #require(asked?["id"])
        let answer: JSON = ["jsonrpc": "2.0", "id": id, "result": ["action": "accept"]]
        let stranger = try await SessionClient.open(rig)
        #expect(await stranger.post(answer).status == 400)
        #expect(await client.post(["jsonrpc": "2.0", "id": 4711, "result": [:]]).status == 400)
        #expect(await client.post(["jsonrpc": "2.0", "id": "1", "result": [:]]).status == 400)
        #expect(await client.post(answer).status == 202)
        // A second answer comes too late to matter.
        #expect(await client.post(answer).status == 202)
        let result = await events.message()
        #expect(result?["id"] == 9)
        #expect(result?["result"]?["content"]?[0]?["text"] == #"asked {"action":"accept"}"#)
        #expect(await events.message() == nil)
    }

    @Test func aClientThatRefusesToAnswerGetsTheError() async throws {
        let client = try await SessionClient.open(Rig())
        var events = try EventReader(await client.call("ask"))
        _ = await events.next()
        let id = try #require(await events.message()?["id"])
        let refusal: JSON = ["jsonrpc": "2.0", "id": id, "error": ["code": -1, "message": "no"]]
        #expect(await client.post(refusal).status == 202)
        #expect(await events.message()?["error"]?["code"] == -1)
    }

    @Test func aClientThatDoesNotAnswerIsWaitedForNoLongerThanTheLimit() async throws {
        let client = try await SessionClient.open(Rig { $0.inputWait = .milliseconds(1) })
        var events = try EventReader(await client.call("ask"))
        let messages = await events.rest().filter { $0 != .null }
        #expect(messages.map { $0["method"]?.string } == ["elicitation/create", "notifications/cancelled", nil])
        #expect(messages.last?["error"] != nil)
    }

    @Test func aServiceThatNeverHasEnoughIsGivenUp() async throws {
        let client = try await SessionClient.open(Rig { $0.inputRounds = 3 })
        var events = try EventReader(await client.call("insatiable"))
        var rounds = 0
        while let message = await events.message() {
            guard message["method"] == "roots/list", let id = message["id"] else { continue }
            rounds += 1
            _ = await client.post(["jsonrpc": "2.0", "id": id, "result": ["roots": []]])
        }
        #expect(rounds == 3)
    }

    @Test func anIDInUseIsRefusedAndTheFirstGoesOn() async throws {
        let rig = Rig()
        let client = try await SessionClient.open(rig)
        let first = Task { await client.call("wait", id: "same") }
        try await wait("the peer stands so") { rig.service.count("begun wait") == 1 }
        #expect(await client.call("echo", id: "same").error == -32600)
        #expect(rig.service.count("cancelled") == 0)
        let cancel: JSON = [
            "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "same"],
        ]
        #expect(await client.post(cancel).status == 202)
        try await wait("the peer stands so") { rig.service.count("cancelled") == 1 }
        // Cancelled: the stream ends without an answer.
        var events = try EventReader(await first.value)
        #expect(await events.rest().filter { $0 != .null }.isEmpty)
    }

    @Test func onlySoMuchIsUnderWayAtOnce() async throws {
        let rig = Rig { $0.requestsInFlight = 2 }
        let client = try await SessionClient.open(rig)
        let waiting = [1, 2].map { id in Task { await client.call("wait", id: JSON(id)) } }
        try await wait("the peer stands so") { rig.service.count("begun wait") == 2 }
        #expect(await client.call("echo", id: 3).error == -32600)
        rig.endpoint.close()
        for task in waiting { _ = await task.value }
    }

    @Test func logsComeFromTheLevelSet() async throws {
        let client = try await SessionClient.open(Rig())
        #expect(await client.request("logging/setLevel", ["level": "alert"]).json["result"] == [:])
        #expect(await client.request("logging/setLevel", ["level": "loud"]).error == -32602)
        var events = try EventReader(await client.call("log"))
        #expect(await events.rest().compactMap { $0["params"]?["level"]?.string } == ["alert", "emergency"])
    }

    @Test func theLeastUsedSessionsMakeRoom() async throws {
        let rig = Rig { $0.sessionsPerIdentity = 2 }
        let first = try await SessionClient.open(rig)
        let other = try await SessionClient.open(rig, as: "eve")
        let second = try await SessionClient.open(rig)
        #expect(await first.request("ping").status == 200)
        let third = try await SessionClient.open(rig)
        #expect(await second.request("ping").status == 404)
        for client in [first, third, other] { #expect(await client.request("ping").status == 200) }
    }

    @Test func aSessionThatNobodyUsesIsClosed() async throws {
        let rig = Rig { $0.sessionIdle = .milliseconds(1) }
        _ = try await SessionClient.open(rig)
        try await wait("the peer stands so") { rig.endpoint.sessionCount == 0 }
    }
}

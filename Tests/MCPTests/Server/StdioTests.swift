import JSON
import Synchronization
import TestSupport
import Testing

@testable import MCP

@Suite("Over standard streams", .timeLimit(.minutes(10)))
struct StdioTests {
    /// A server between two streams, and its client.
    final class Pipe: Sendable {
        let service = Fixture()
        private let feed: AsyncStream<[UInt8]>.Continuation
        private let input: AsyncStream<[UInt8]>
        private let written = Mutex<[JSON]>([])
        private let limits: MCPLimits

        init(_ limits: MCPLimits = MCPLimits()) {
            (input, feed) = AsyncStream.makeStream(of: [UInt8].self)
            self.limits = limits
        }

        func send(_ text: String) { feed.yield(Array(text.utf8)) }
        func send(_ json: JSON) { feed.yield(json.bytes() + [0x0A]) }
        func end() { feed.finish() }
        var messages: [JSON] { written.withLock { $0 } }

        func run() async {
            await StdioServer(service, limits: limits, peer: "", identity: "").run(input: input) { [self] bytes in
                let lines = bytes.split(separator: 0x0A).map { (try? JSON.parse(Array($0))) ?? .null }
                written.withLock { $0 += lines }
            }
        }

        func modern(_ method: String, _ params: JSON = [:], id: JSON, meta: JSON = Rig.meta) {
            var params = params
            params["_meta"] = meta
            send(["jsonrpc": "2.0", "id": id, "method": JSON(method), "params": params])
        }

        func answer(to id: JSON) async throws -> JSON {
            try await wait("the peer stands so") { self.messages.contains { $0["id"] == id && $0["method"] == nil } }
            return messages.first { $0["id"] == id && $0["method"] == nil } ?? .null
        }
    }

    private func with(_ limits: MCPLimits = MCPLimits(), _ body: (Pipe) async throws -> Void) async throws {
        let pipe = Pipe(limits)
        let running = Task { await pipe.run() }
        try await body(pipe)
        pipe.end()
        await running.value
    }

    static let initialize: JSON = [
        "jsonrpc": "2.0", "id": "init", "method": "initialize",
        "params": [
            "protocolVersion": "2025-11-25", "capabilities": Rig.capabilities,
            "clientInfo": ["name": "t", "version": "1"],
        ],
    ]

    @Test func requestsByThemselvesAndASessionShareTheStreams() async throws {
        try await with { pipe in
            pipe.modern("server/discover", id: 1)
            let answer1 = try await pipe.answer(to: 1)
            #expect(answer1["result"]?["resultType"] == "complete")
            pipe.send(["jsonrpc": "2.0", "id": 2, "method": "tools/list"])
            let answer2 = try await pipe.answer(to: 2)
            #expect(answer2["error"]?["code"] == -32602)
            pipe.send(Self.initialize)
            let answer3 = try await pipe.answer(to: "init")
            #expect(answer3["result"]?["protocolVersion"] == "2025-11-25")
            pipe.send(["jsonrpc": "2.0", "id": 3, "method": "tools/list"])
            let answer4 = try await pipe.answer(to: 3)
            #expect(answer4["result"]?["resultType"] == nil)
            pipe.modern("tools/list", id: 4)
            let answer5 = try await pipe.answer(to: 4)
            #expect(answer5["result"]?["resultType"] == "complete")
            pipe.modern("ping", id: 5)
            let answer6 = try await pipe.answer(to: 5)
            #expect(answer6["error"]?["code"] == -32601)
            pipe.modern("tools/list", id: 6, meta: Rig.meta([MetaKey.protocolVersion: "1999-01-01"]))
            let answer7 = try await pipe.answer(to: 6)
            #expect(answer7["error"]?["code"] == -32022)
        }
    }

    @Test func garbageIsToldAndPassedOver() async throws {
        var limits = MCPLimits()
        limits.messageBytes = 500
        try await with(limits) { pipe in
            pipe.send("hello\n")
            pipe.send("\u{0}\u{1}\n[]\n\n\r\n")
            pipe.send(String(repeating: "x", count: 2000))
            pipe.send("still the same line\n{\"jsonrpc\":\"2.0\",\"id\":9,")
            pipe.send("\"method\":\"ping\"}\r\n")
            let answer8 = try await pipe.answer(to: 9)
            #expect(answer8["result"] == [:])
            let errors = pipe.messages.compactMap { $0["error"]?["code"]?.int }
            #expect(errors == [-32700, -32700, -32600, -32600])
        }
    }

    @Test func aCancelledRequestIsNotAnswered() async throws {
        try await with { pipe in
            pipe.modern("tools/call", ["name": "wait"], id: "w")
            try await wait("the peer stands so") { pipe.service.count("begun wait") == 1 }
            pipe.modern("tools/call", ["name": "echo"], id: "w")
            let answer9 = try await pipe.answer(to: "w")
            #expect(answer9["error"]?["code"] == -32600)
            pipe.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "w"]])
            pipe.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 4711]])
            try await wait("the peer stands so") { pipe.service.count("cancelled") == 1 }
            pipe.modern("tools/list", id: 2)
            _ = try await pipe.answer(to: 2)
            #expect(pipe.messages.count { $0["id"] == "w" } == 1)
        }
    }

    @Test func theClientOfASessionIsAsked() async throws {
        try await with { pipe in
            pipe.send(Self.initialize)
            pipe.send(["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["name": "ask"]])
            try await wait("the peer stands so") { pipe.messages.contains { $0["method"] == "elicitation/create" } }
            let asked = try #require(pipe.messages.first { $0["method"] == "elicitation/create" }?["id"])
            pipe.send(["jsonrpc": "2.0", "id": 99, "result": [:]])
            pipe.send(["jsonrpc": "2.0", "id": asked, "result": ["action": "cancel"]])
            pipe.send(["jsonrpc": "2.0", "id": asked, "result": ["action": "accept"]])
            let text = try await pipe.answer(to: 1)["result"]?["content"]?[0]?["text"]
            #expect(text == #"asked {"action":"cancel"}"#)
        }
    }

    @Test func subscriptionsAreToldApart() async throws {
        try await with { pipe in
            for id in ["a", "b"] as [JSON] {
                pipe.modern("subscriptions/listen", ["notifications": ["toolsListChanged": true]], id: id)
            }
            try await wait("the peer stands so") { pipe.service.count("subscribed") == 2 }
            pipe.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "a"]])
            try await wait("the peer stands so") { pipe.service.count("unsubscribed") == 1 }
            pipe.service.tell(.tools)
            func told(_ id: JSON) -> Int {
                pipe.messages.count {
                    $0["method"] == "notifications/tools/list_changed"
                        && $0["params"]?["_meta"]?[MetaKey.subscriptionID] == id
                }
            }
            try await wait("the peer stands so") {
                pipe.messages.contains { $0["method"] == "notifications/tools/list_changed" }
            }
            #expect(told("a") == 0 && told("b") == 1)
            pipe.end()
            let answer10 = try await pipe.answer(to: "b")
            #expect(answer10["result"]?["resultType"] == "complete")
        }
    }

    @Test func whatIsUnderWayWhenTheInputEndsIsAnswered() async throws {
        let pipe = Pipe()
        pipe.modern("tools/call", ["name": "release"], id: 1)
        pipe.end()
        await pipe.run()
        #expect(pipe.messages.first?["result"] != nil)
    }

    @Test func aServerWhoseOutputFailsEnds() async {
        struct Broken: Error {}
        let (input, feed) = AsyncStream.makeStream(of: [UInt8].self)
        feed.yield(Array("x\n".utf8))
        await StdioServer(Fixture(), peer: "", identity: "").run(input: input) { _ in throw Broken() }
        feed.finish()
    }
}

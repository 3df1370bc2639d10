import Core
import Dialects
import Gate
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Models

/// How calls go when providers and clients do not behave.
@Suite(.timeLimit(.minutes(10))) struct CallCourseTests {
    private let hello = #"{"model":"p/m","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}"#
    private let streamed =
        #"{"model":"p/m","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"Hello"}]}"#

    private let group = ["any": [ModelName(provider: "a", model: "m"), ModelName(provider: "b", model: "m")]]
    private func any(_ body: String) -> String { body.replacing("p/m", with: "any") }

    @Test(
        "Until the first byte another model takes over",
        arguments: [
            Wire.json("{}", status: "500 Oops"), Wire.json("{}", status: "529 Overloaded"),
            Wire.json("{}", status: "429 Slow"), [.close], Wire.stream([]),
        ])
    func failover(_ first: [ScriptedServer.Step]) async throws {
        try await withServers([first, Wire.stream(Wire.chatStream("Hi there"))]) { servers in
            let providers = [PrivateCallTests.provider(servers[0], "a"), PrivateCallTests.provider(servers[1], "b")]
            try await GatewayWorld.with(providers, aliases: group) { world async throws in
                let answer = try await world.answer(.openAIChat, any(streamed))
                #expect(PrivateCallTests.texts(of: answer) == "Hi there")
                let facts = try world.records().last?["facts"]
                #expect(facts?["provider"] == "b" && facts?["attempts"] == 2)
            }
        }
    }

    @Test("A model to whose API the request cannot be carried over is left out of its group")
    func uncarried() async throws {
        try await withServers([Wire.json(Wire.message("a")), Wire.json(Wire.chat("b"))]) { servers in
            let providers = [
                PrivateCallTests.provider(servers[0], "a", .anthropic), PrivateCallTests.provider(servers[1], "b"),
            ]
            let body = any(hello).replacing(#""max_tokens""#, with: #""logit_bias":{"1":1},"max_tokens""#)
            try await GatewayWorld.with(providers, aliases: group) { world async throws in
                _ = try await world.answer(.openAIChat, body)
                #expect(try world.records().last?["facts"]?["provider"] == "b")
                let alone = body.replacing("any", with: "a/m")
                #expect(await code { try await world.answer(.openAIChat, alone) } == .unsupported)
            }
            #expect(servers[0].received.isEmpty)
        }
    }

    @Test("After it the stream ends with an error in the client's dialect, and what came is paid for")
    func brokenOff() async throws {
        let sink = Collected()
        let script =
            [ScriptedServer.Step.send(Wire.streamHead)]
            + Wire.chatStream("One two three four five six seven eight. ").prefix(8).map(Wire.chunk)
            // A reset takes back what was not read yet; before the first byte another provider is asked.
            + [.when { sink.status == 200 }, .reset]
        try await withServers([script, Wire.stream(Wire.chatStream("never"))]) { servers in
            let providers = [PrivateCallTests.provider(servers[0], "a"), PrivateCallTests.provider(servers[1], "b")]
            try await GatewayWorld.with(providers, aliases: group) { world async throws in
                #expect(await code { try await world.ask(.openAIChat, any(streamed), to: sink) } == .unavailable)
                #expect(sink.status == 200)
                let last = sink.text.split(separator: "\n\n").last ?? ""
                let event = try JSON.parse(String(last.dropFirst(6)))
                #expect(event["error"]?["type"] == "server_error")
                #expect(servers[1].received.isEmpty)
                let outcome = try world.records().last
                #expect(outcome?["state"] == "failed")
                #expect((outcome?["usage"]?["money_micros"]?.int ?? 0) > 0)
            }
        }
    }

    @Test("A client that goes away ends the call upstream, and pays for what came")
    func clientGone() async throws {
        let script =
            [ScriptedServer.Step.send(Wire.streamHead)]
            + Wire.chatStream("One two three four five six seven eight. ").prefix(8).map(Wire.chunk) + [.stall]
        try await withServers([script]) { servers in
            try await GatewayWorld.with([PrivateCallTests.provider(servers[0])]) { world async throws in
                let sink = Collected(leavingAfter: 2)
                #expect(await code { try await world.ask(.openAIChat, streamed, to: sink) } == .cancelled)
                try await wait("the servers stand so") { servers[0].log.goneClients.withLock { $0 } == 1 }
                let outcome = try world.records().last
                #expect(outcome?["state"] == "failed")
                #expect((outcome?["usage"]?["money_micros"]?.int ?? 0) > 0)
                #expect(outcome?["facts"]?["provider"] == "p")
            }
        }
    }

    @Test("So does one that is cancelled while the provider stalls")
    func cancelled() async throws {
        try await withServers([[.send(Wire.streamHead), Wire.chunk(Wire.chatPiece(#"{"content":"One "}"#)), .stall]]) {
            servers in
            try await GatewayWorld.with([PrivateCallTests.provider(servers[0])]) { world async throws in
                let body = streamed
                let call = Task { await code { try await world.answer(.openAIChat, body) } }
                try await wait("the servers stand so") { !servers[0].received.isEmpty }
                call.cancel()
                #expect(await call.value == .cancelled)
                try await wait("the servers stand so") { servers[0].log.goneClients.withLock { $0 } == 1 }
                #expect(try world.records().last?["state"] == "failed")
            }
        }
    }

    @Test("Sixty-four callers at once never spend more than the budget")
    func budget() async throws {
        // A call is reserved at 79 bytes of input and 20 tokens of output, and costs 30 + 2 × 20 in the end.
        let limit: Int64 = 500
        let rule = BudgetRule(subject: .everyone, meter: .money, limit: limit, window: .day)
        try await withServers([Wire.json(Wire.chat("Hi"))]) { servers in
            try await GatewayWorld.with(
                [PrivateCallTests.provider(servers[0])], gateSettings: GateSettings(budgets: [rule])
            ) { world async throws in
                let body = hello
                let codes = await withTaskGroup(of: GatehouseError.Code?.self) { group in
                    for _ in 0..<64 { group.addTask { await code { try await world.answer(.openAIChat, body) } } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let done = codes.filter { $0 == nil }.count
                #expect(done >= 4 && done + codes.filter { $0 == .exhausted }.count == 64)
                let spent = world.gate.budgets.standing().first?.spent ?? 0
                #expect(spent == Int64(done) * 70 && spent <= limit)
                #expect(servers[0].log.requests.withLock { $0.count } == done)
            }
        }
    }

    @Test("A model without a price is refused to who has a budget of money")
    func unpriced() async throws {
        let rule = BudgetRule(subject: .everyone, meter: .money, limit: 1_000_000, window: .day)
        let none = PriceTable(version: "none", prices: [:])
        try await withServers([Wire.json(Wire.chat("Hi"))]) { servers in
            let provider = PrivateCallTests.provider(servers[0])
            try await GatewayWorld.with([provider], gateSettings: GateSettings(budgets: [rule]), prices: none) {
                world in
                #expect(await code { try await world.answer(.openAIChat, hello) } == .exhausted)
            }
            try await GatewayWorld.with([provider], prices: none) { world async throws in
                let answer = try await world.answer(.openAIChat, hello)
                #expect(answer.contains("Hi"))
            }
        }
    }

    @Test(
        "What cannot be read or has no end is no answer",
        arguments: [
            (Wire.json("{\"choices\":[}"), GatehouseError.Code.unavailable),
            (
                [.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"), .flood(100 << 20), .close],
                .tooLarge
            ),
            (Wire.stream(["data: {\"choices\":[}\n\n"]), .unavailable),
            (Wire.json("moved", status: "302 Found"), .unavailable),
        ])
    func unreadable(_ script: [ScriptedServer.Step], _ expected: GatehouseError.Code) async throws {
        try await withServers([script]) { servers in
            try await GatewayWorld.with([PrivateCallTests.provider(servers[0])]) { world async throws in
                let sink = Collected()
                #expect(await code { try await world.ask(.openAIChat, hello, to: sink) } == expected)
                #expect(sink.status == nil)
            }
        }
    }

    @Test("Characters and events that are cut anywhere come out whole")
    func cutCharacters() async throws {
        let pieces = Wire.chatStream("Grüße, 東京!")
        let whole =
            [ScriptedServer.Step.send(Wire.streamHead)]
            + pieces.joined().utf8.map { .bytes(Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8)) }
            + [.send("0\r\n\r\n"), .close]
        try await withServers([whole]) { servers in
            try await GatewayWorld.with([PrivateCallTests.provider(servers[0])]) { world in
                let answer = try await world.answer(.openAIChat, streamed)
                #expect(PrivateCallTests.texts(of: answer) == PrivateCallTests.texts(of: pieces.joined()))
            }
        }
    }

    @Test("A provider is asked no more often than its limits say")
    func providerLimits() async throws {
        try await withServers([Wire.json(Wire.chat("Hi"))]) { servers in
            let provider = Provider(
                id: "p", baseURL: servers[0].baseURL, dialect: .openAI, auth: .none,
                limits: ProviderLimits(concurrent: 8, perMinute: 2))
            try await GatewayWorld.with([provider]) { world async throws in
                for _ in 0..<2 { _ = try await world.answer(.openAIChat, hello) }
                #expect(await code { try await world.answer(.openAIChat, hello) } == .unavailable)
            }
            #expect(servers[0].log.requests.withLock { $0.count } == 2)
        }
    }

    @Test("The provider's own refusal passes in its words; that of our key does not")
    func refusals() async throws {
        let fault = #"{"error":{"message":"bad <EMAIL_9>","type":"invalid_request_error","code":null,"param":"x"}}"#
        try await withServers([
            Wire.json(fault, status: "400 Bad Request"), Wire.json(fault, status: "401 Unauthorized"),
        ]) { servers in
            let providers = [PrivateCallTests.provider(servers[0], "p"), PrivateCallTests.provider(servers[1], "q")]
            try await GatewayWorld.with(providers) { world async throws in
                let sink = Collected()
                try await world.ask(.openAIChat, hello, to: sink)
                #expect(sink.status == 400 && sink.text == fault)
                let other = hello.replacing("p/m", with: "q/m")
                #expect(await code { try await world.answer(.openAIChat, other) } == .unavailable)
                // An Anthropic client is told in its own dialect.
                #expect(await code { try await world.answer(.anthropicMessages, hello) } == .invalid)
                #expect(try world.records().last?["usage"] == nil)
            }
        }
    }

    @Test("A model that nobody has is on the record, with its name where that is harmless")
    func unknownModels() async throws {
        try await withServers([Wire.json(Wire.chat("Hi"))]) { servers in
            try await GatewayWorld.with([PrivateCallTests.provider(servers[0])]) { world async throws in
                let long = String(repeating: "x", count: 5000)
                for name in ["nobody/x", "nobody/\(PrivateCallTests.email)", "nobody/\(long)"] {
                    let failed = await code { try await world.answer(.openAIChat, hello.replacing("p/m", with: name)) }
                    #expect(failed == .notFound || failed == .invalid)
                }
                let records = try world.records()
                #expect(records.map { $0["state"]?.string } == ["refused", "refused", "refused"])
                #expect(records.allSatisfy { $0["principal"] == "test#ada" && $0["tool"] == "models.call" })
                #expect(records[0]["target"] == "model:nobody/x")
                #expect(records[0]["error"]?.string?.contains("nobody") == true)
                #expect(!records.contains { $0.text().contains("grace") })
                #expect(records.allSatisfy { $0.bytes().count < 4000 })
            }
            #expect(servers[0].received.isEmpty)
        }
    }

    @Test("Names: a group, a vendor's own, one with an effort; and what there is not")
    func names() async throws {
        try await withServers([Wire.json(Wire.chat("Hi"))]) { servers in
            let provider = PrivateCallTests.provider(servers[0], "openai")
            try await GatewayWorld.with([provider]) { world async throws in
                for name in ["gpt-x", "openai/gpt-x", "openai/gpt-x (high)"] {
                    _ = try await world.answer(.openAIChat, hello.replacing("p/m", with: name))
                }
                #expect(await code { try await world.answer(.openAIChat, hello) } == .notFound)
                #expect(
                    await code { try await world.answer(.anthropicCountTokens, hello.replacing("p/", with: "openai/")) }
                        == .unsupported)
            }
            let sent = servers[0].log.requests.withLock { $0 }
            #expect(sent.count == 3 && sent.allSatisfy { $0.contains(#""model":"gpt-x""#) })
            #expect(sent.map { $0.contains(#""reasoning_effort":"high""#) } == [false, false, true])
            try await GatewayWorld.with([]) { world async throws in
                #expect(await code { try await world.answer(.openAIChat, hello) } == .notFound)
            }
        }
    }
}

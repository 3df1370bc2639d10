import Core
import Dialects
import Gate
import JSON
import Synchronization
import Testing

@testable import Models

/// Answers that are given again, on real connections.
@Suite(.timeLimit(.minutes(10))) struct AnswerCacheTests {
    private let hello = #"{"model":"p/m","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}"#

    private func count(_ server: ScriptedServer) -> Int { server.log.requests.withLock { $0.count } }

    private func with(
        _ script: [ScriptedServer.Step], time: Duration? = .seconds(600), dialect: Dialect = .openAI,
        _ work: (GatewayWorld, ScriptedServer) async throws -> Void
    ) async throws {
        try await withServers([script]) { servers in
            let budget = BudgetRule(subject: .everyone, meter: .money, limit: 100_000, window: .day)
            try await GatewayWorld.with(
                [PrivateCallTests.provider(servers[0], "p", dialect)], cacheTime: time,
                gateSettings: GateSettings(budgets: [budget])
            ) { try await work($0, servers[0]) }
        }
    }

    private func ask(_ world: GatewayWorld, _ body: String, as caller: Caller) async throws -> String {
        let sink = Collected()
        let call = try world.gateway.call(Array(body.utf8), on: .openAIChat, headers: [], answeringTo: sink)
        _ = try await world.gate.submit(call.action, as: caller, carrying: call)
        return sink.text
    }

    @Test(
        "The same request has the same answer, for nothing, and the record says so",
        arguments: [Dialect.openAI, .anthropic])
    func again(_ dialect: Dialect) async throws {
        let script = Wire.json(dialect == .openAI ? Wire.chat("Hi") : Wire.message("Hi"))
        try await with(script, dialect: dialect) { world, server in
            let first = try await world.answer(.openAIChat, hello)
            let second = try await world.answer(.openAIChat, hello)
            #expect(try JSON.parse(first)["choices"] == JSON.parse(second)["choices"] && first.contains("Hi"))
            #expect(count(server) == 1)
            let outcome = try world.records().last
            #expect(outcome?["facts"]?["cached"] == true && outcome?["facts"]?["provider"] == "p")
            #expect(outcome?["usage"] == nil && outcome?["facts"]?["attempts"] == 0)
            #expect(world.gate.budgets.standing().first?.spent == 70)
            #expect(world.gate.budgets.standing().first?.reserved == 0)
        }
    }

    @Test("Another principal, another label, other words and other settings are another request")
    func others() async throws {
        try await with(Wire.json(Wire.chat("Hi"))) { world, server in
            _ = try await world.answer(.openAIChat, hello)
            let ben = try world.gate.enter(Principal(id: "test#ben", kind: .agent, name: "Ben", roles: ["operator"]))
            _ = try await ask(world, hello, as: ben)
            #expect(count(server) == 2)
            world.gate.sessions.taint(world.caller.session.id, with: [.confidential])
            #expect(await code { try await world.answer(.openAIChat, hello) } == .denied)
            #expect(count(server) == 2, "what may not be asked is not answered either")
            _ = try await ask(world, hello.replacing("Hello", with: "hello"), as: ben)
            _ = try await ask(world, hello.replacing("20", with: "21"), as: ben)
            #expect(count(server) == 4)
            world.gateway.adopt(world.gateway.setup.settings)
            _ = try await ask(world, hello, as: ben)
            #expect(count(server) == 5)
        }
    }

    @Test("Each session has its own values put back")
    func values() async throws {
        let said = hello.replacing("Hello", with: "Greet \(PrivateCallTests.email)")
        try await with(Wire.json(Wire.chat("Dear <EMAIL_1>"))) { world, server in
            #expect(try await world.answer(.openAIChat, said).contains("Dear \(PrivateCallTests.email)"))
            let other = Caller(
                principal: world.caller.principal,
                session: try world.gate.sessions.begin(world.caller.principal, class: nil))
            let name = "ada" + "@" + "example.org"
            let answer = try await ask(world, said.replacing(PrivateCallTests.email, with: name), as: other)
            #expect(answer.contains("Dear \(name)") && !answer.contains("grace"))
            #expect(count(server) == 1)
        }
    }

    @Test("Nothing is kept of streams, refusals and references, for who wants none, or without a time")
    func notKept() async throws {
        for body in [
            hello.replacing("{\"model\"", with: #"{"stream":true,"model""#),
            hello.replacing(#""Hello""#, with: #"[{"type":"file","file":{"file_id":"file-1"}}]"#),
        ] {
            let script =
                body.contains("stream") ? Wire.stream(Wire.chatStream("Hi")) : Wire.json(Wire.chat("Hi"))
            try await with(script) { world, server in
                for _ in 0..<2 { _ = try await world.answer(.openAIChat, body) }
                #expect(count(server) == 2)
            }
        }
        try await with(Wire.json(#"{"error":{"message":"no"}}"#, status: "400 Bad Request")) { world, server in
            for _ in 0..<2 { _ = try await world.answer(.openAIChat, hello) }
            #expect(count(server) == 2)
        }
        try await with(Wire.json(Wire.chat("Hi")), time: nil) { world, server in
            for _ in 0..<2 { _ = try await world.answer(.openAIChat, hello) }
            #expect(count(server) == 2)
        }
        try await with(Wire.json(Wire.chat("Hi"))) { world, server in
            for _ in 0..<2 {
                try await world.ask(.openAIChat, hello, headers: [("cache-control", "no-cache")], to: Collected())
            }
            #expect(count(server) == 2)
        }
    }

    @Test("What is kept is bounded in time and in size")
    func bounds() {
        let cache = AnswerCache()
        let now = ContinuousClock.now
        func key(_ number: Int) -> AnswerCache.Key {
            let session = Session(
                id: "s", principalID: "p", sessionClass: .standard, labels: [], started: Timestamp(seconds: 0),
                expires: Timestamp(seconds: 9))
            let context = ActionContext(
                principal: Principal(id: "p", kind: .agent, name: "", roles: []), session: session)
            return AnswerCache.Key(context, .openAIChat, [], headers: [], body: Array("\(number)".utf8))
        }
        func answer(_ bytes: Int) -> AnswerCache.Kept {
            AnswerCache.Kept(
                model: ModelName(provider: "p", model: "m"), head: AnswerHead(status: 200, headers: []),
                body: [UInt8](repeating: 0, count: bytes))
        }
        for number in 0..<100 {
            cache.keep(answer(AnswerCache.greatestAnswer), at: key(number), until: now + .seconds(9))
        }
        #expect(cache.bytes == AnswerCache.greatest)
        #expect(cache.find(key(99), at: now) != nil && cache.find(key(0), at: now) == nil)
        #expect(cache.find(key(99), at: now + .seconds(9)) == nil)
        cache.sweep(at: now + .seconds(9))
        #expect(cache.bytes == 0)
        cache.keep(answer(AnswerCache.greatestAnswer + 1), at: key(1), until: now + .seconds(9))
        for _ in 0..<3 { cache.keep(answer(5), at: key(2), until: now + .seconds(9)) }
        #expect(cache.bytes == 5)
    }
}

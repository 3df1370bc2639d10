import Core
import Dialects
import Gate
import JSON
import Privacy
import Synchronization
import TestSupport
import Testing

@testable import Models

/// Calls that two models are asked for at once, on real connections.
@Suite(.timeLimit(.minutes(10))) struct HedgingTests {
    private let body = #"{"model":"any","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}"#
    private let streamed =
        #"{"model":"any","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
    private let group = [
        "any": [ModelName(provider: "a", model: "m"), ModelName(provider: "b", model: "m")],
        "all": ["a", "b", "c"].map { ModelName(provider: $0, model: "m") },
        "own": [ModelName(provider: "a", model: "m"), ModelName(provider: "a", model: "n")],
    ]
    private let soon = HedgeRule(after: .milliseconds(20))

    private func says(_ text: String) -> [ScriptedServer.Step] { Wire.json(Wire.chat(text)) }
    private func providers(_ servers: [ScriptedServer]) -> [Provider] {
        zip(["a", "b", "c"], servers).map { PrivateCallTests.provider($1, $0) }
    }

    private func count(_ server: ScriptedServer) -> Int { server.log.requests.withLock { $0.count } }

    @Test("The other answers where the first does not begin; the first is cancelled, and both are paid for")
    func otherAnswers() async throws {
        let budget = BudgetRule(subject: .everyone, meter: .money, limit: 10_000, window: .day)
        try await withServers([[.stall], says("Hi from b")]) { servers in
            try await GatewayWorld.with(
                providers(servers), aliases: group, hedge: soon, gateSettings: GateSettings(budgets: [budget])
            ) { world async throws in
                let answer = try await world.answer(.openAIChat, body)
                #expect(answer.contains("Hi from b"))
                try await wait("the servers stand so") { servers[0].log.goneClients.withLock { $0 } == 1 }
                let outcome = try #require(try world.records().last)
                let facts = outcome["facts"]
                #expect(facts?["provider"] == "b" && facts?["attempts"] == 2)
                #expect(facts?["also_asked"]?["model"] == "a/m")
                // The one that was left has the request, a token for four bytes.
                let lost = try #require(facts?["also_asked"]?["money_micros"]?.int)
                #expect(lost == (body.utf8.count + 3) / 4)
                #expect(outcome["usage"]?["money_micros"]?.int == 70 + lost)
                let standing = world.gate.budgets.standing().first
                #expect(standing?.spent == Int64(70 + lost) && standing?.reserved == 0)
            }
        }
    }

    @Test("A stream that begins with nothing is no answer yet")
    func streams() async throws {
        let first: [ScriptedServer.Step] = [.send(Wire.streamHead), .stall]
        try await withServers([first, Wire.stream(Wire.chatStream("Hi there"))]) { servers in
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: soon) { world async throws in
                let answer = try await world.answer(.openAIChat, streamed)
                #expect(PrivateCallTests.texts(of: answer) == "Hi there")
                try await wait("the servers stand so") { servers[0].log.goneClients.withLock { $0 } == 1 }
                let outcome = try world.records().last
                #expect(outcome?["facts"]?["provider"] == "b" && outcome?["state"] == "done")
                #expect((outcome?["facts"]?["also_asked"]?["money_micros"]?.int ?? 0) > 0)
            }
        }
    }

    @Test("The first answers after all where the other fails")
    func otherFails() async throws {
        let hasFailed = Mutex(false)
        let first = [ScriptedServer.Step.when { hasFailed.withLock { $0 } }] + says("Hi from a")
        try await withServers([first, Wire.json("{}", status: "500 Oops")]) { servers in
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: soon) { world async throws in
                let call = Task { try await world.answer(.openAIChat, body) }
                try await wait("the servers stand so") { count(servers[1]) == 1 }
                hasFailed.withLock { $0 = true }
                #expect(try await call.value.contains("Hi from a"))
                let outcome = try world.records().last
                // Whether the other had failed by then, or was left, is a race; what was left is paid for.
                let lost = outcome?["facts"]?["also_asked"]?["money_micros"]?.int ?? 0
                #expect(outcome?["facts"]?["provider"] == "a" && outcome?["usage"]?["money_micros"]?.int == 70 + lost)
            }
        }
    }

    @Test("Where both fail a third is asked, and where there is none the client is told")
    func bothFail() async throws {
        let hasFailed = Mutex(false)
        let fault = Wire.json("{}", status: "500 Oops")
        let first = [ScriptedServer.Step.when { hasFailed.withLock { $0 } }] + fault
        try await withServers([first, fault, says("Hi from c")]) { servers in
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: soon) { world async throws in
                let asked = body.replacing("any", with: "all")
                let call = Task { try await world.answer(.openAIChat, asked) }
                try await wait("the servers stand so") { count(servers[1]) == 1 }
                hasFailed.withLock { $0 = true }
                #expect(try await call.value.contains("Hi from c"))
                #expect(servers.map(count) == [1, 1, 1])
                #expect(try world.records().last?["facts"]?["attempts"] == 3)
            }
        }
    }

    @Test("Nobody else is asked where the first answers, or fails, in time; or where there is nobody else, or no rule")
    func notNeeded() async throws {
        try await withServers([says("Hi from a"), says("Hi from b")]) { servers in
            let late = HedgeRule(after: .seconds(300))
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: late) { world async throws in
                #expect(try await world.answer(.openAIChat, body).contains("Hi from a"))
                #expect(try world.records().last?["facts"]?["also_asked"] == nil)
            }
            #expect(servers.map(count) == [1, 0])
        }
        try await withServers([Wire.json("{}", status: "500 Oops"), says("Hi from b")]) { servers in
            let late = HedgeRule(after: .seconds(300))
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: late) { world async throws in
                #expect(try await world.answer(.openAIChat, body).contains("Hi from b"))
                #expect(try world.records().last?["facts"]?["also_asked"] == nil)
            }
            #expect(servers.map(count) == [1, 1])
        }
        for (word, rule) in [
            ("own", soon), ("any", HedgeRule()), ("any", HedgeRule(groups: ["all": .milliseconds(1)])),
        ] {
            let isOpen = Mutex(false)
            let slow = [ScriptedServer.Step.when { isOpen.withLock { $0 } }] + says("Hi from a")
            try await withServers([slow, says("Hi from b")]) { servers in
                try await GatewayWorld.with(providers(servers), aliases: group, hedge: rule) { world async throws in
                    let asked = body.replacing("any", with: word)
                    let call = Task { try await world.answer(.openAIChat, asked) }
                    try await wait("the servers stand so") { count(servers[0]) == 1 }
                    try await Task.sleep(for: .milliseconds(100))
                    isOpen.withLock { $0 = true }
                    #expect(try await call.value.contains("Hi from a"))
                }
                #expect(servers.map(count) == [1, 0])
            }
        }
    }

    @Test("One that is not cleared is never asked")
    func notCleared() async throws {
        var rules = PrivacyRules.default
        rules.byLabel[.pii] = .allow
        let isOpen = Mutex(false)
        let slow = [ScriptedServer.Step.when { isOpen.withLock { $0 } }] + says("Hi from a")
        try await withServers([slow, says("Hi from b")]) { servers in
            let cleared = Provider(
                id: "a", baseURL: servers[0].baseURL, dialect: .openAI, auth: .none, clearance: Clearance([.pii]))
            let all = [cleared, PrivateCallTests.provider(servers[1], "b")]
            try await GatewayWorld.with(all, aliases: group, rules: rules, hedge: soon) { world async throws in
                let asked = body.replacing("Hello", with: PrivateCallTests.email)
                let call = Task { try await world.answer(.openAIChat, asked) }
                try await wait("the servers stand so") { count(servers[0]) == 1 }
                try await Task.sleep(for: .milliseconds(100))
                isOpen.withLock { $0 = true }
                #expect(try await call.value.contains("Hi from a"))
            }
            #expect(servers[1].received.isEmpty)
        }
    }

    @Test("It is held to the budget of retries")
    func retryBudget() async throws {
        let isOpen = Mutex(false)
        let slow = [ScriptedServer.Step.when { isOpen.withLock { $0 } }] + says("Hi from a")
        try await withServers([slow, [.stall]]) { servers in
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: soon) { world async throws in
                let burst = RetryBudget().burst
                let calls = (0..<burst + 5).map { _ in Task { try await world.answer(.openAIChat, body) } }
                try await wait("the servers stand so") { count(servers[0]) == burst + 5 && count(servers[1]) >= burst }
                try await Task.sleep(for: .milliseconds(100))
                isOpen.withLock { $0 = true }
                for call in calls { #expect(try await call.value.contains("Hi from a")) }
                // The calls themselves earn a tenth of one each.
                #expect((burst...burst + 1).contains(count(servers[1])))
            }
        }
    }

    @Test("A client that goes away ends both")
    func cancelled() async throws {
        try await withServers([[.stall], [.stall]]) { servers in
            try await GatewayWorld.with(providers(servers), aliases: group, hedge: soon) { world async throws in
                let call = Task { await code { try await world.answer(.openAIChat, body) } }
                try await wait("the servers stand so") { servers.map(count) == [1, 1] }
                call.cancel()
                #expect(await call.value == .cancelled)
                try await wait("the servers stand so") {
                    servers.allSatisfy { $0.log.goneClients.withLock { $0 } == 1 }
                }
                #expect(try world.records().last?["state"] == "failed")
            }
        }
    }

    @Test("Sixty-four callers whose models answer at the same time: whole answers, and never more spent than there is")
    func races() async throws {
        let limit: Int64 = 6000
        let budget = BudgetRule(subject: .everyone, meter: .money, limit: limit, window: .day)
        try await withServers([Wire.stream(Wire.chatStream("a a a a")), Wire.stream(Wire.chatStream("b b b b"))]) {
            servers in
            try await GatewayWorld.with(
                providers(servers), aliases: group, hedge: HedgeRule(after: .milliseconds(1)),
                gateSettings: GateSettings(budgets: [budget])
            ) { world async throws in
                let answers = await withTaskGroup(of: String?.self) { group in
                    for _ in 0..<64 { group.addTask { try? await world.answer(.openAIChat, streamed) } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let texts = answers.compactMap { $0.map(PrivateCallTests.texts) }
                #expect(!texts.isEmpty && texts.allSatisfy { $0 == "a a a a" || $0 == "b b b b" })
                let standing = try #require(world.gate.budgets.standing().first)
                #expect(standing.spent <= limit && standing.reserved == 0)
                let recorded = try world.records().compactMap { $0["usage"]?["money_micros"]?.int }.reduce(0, +)
                #expect(standing.spent == Int64(recorded))
            }
        }
    }
}

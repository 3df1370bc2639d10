import Core
import Dialects
import Gate
import JSON
import Privacy
import Synchronization
import TestSupport
import Testing

@testable import Models

/// One prompt, several models, on real connections.
@Suite(.timeLimit(.minutes(10))) struct CouncilTests {
    private func body(_ models: [String] = ["a/m", "b/m", "c/m"], _ more: String = "", said: String = "Yes or no?")
        -> String
    {
        let names = JSON.array(models.map { .string($0) }).text()
        return #"{"models":\#(names),\#(more)"max_tokens":20,"messages":[{"role":"user","content":"\#(said)"}]}"#
    }

    private func says(_ text: String) -> [ScriptedServer.Step] { Wire.json(Wire.chat(text)) }

    private func providers(_ servers: [ScriptedServer]) -> [Provider] {
        zip(["a", "b", "c"], servers).map { PrivateCallTests.provider($1, $0) }
    }

    private func actions(of outcome: JSON?) -> [String] {
        (outcome?["facts"]?["members"]?.array ?? []).compactMap { $0["action"]?.string }
    }

    @Test("Members that agree, and one that does not; an entry of the ledger ties their calls together")
    func majority() async throws {
        try await withServers([says("Yes."), says("no"), says("**yes**")]) { servers in
            try await GatewayWorld.with(providers(servers)) { world async throws in
                let council = try await world.council(body())
                let json = council.json
                #expect(json["result"] == "majority" && json["value"] == "Yes.")
                #expect(json["agreement"]?[0] == ["value": "Yes.", "models": ["a/m", "c/m"]])
                #expect(json["agreement"]?[1] == ["value": "no", "models": ["b/m"]])
                #expect(json["dissent"] == [["model": "b/m", "value": "no"]])
                #expect(json["usage"] == ["prompt_tokens": 90, "completion_tokens": 60, "total_tokens": 150])
                #expect(json["cost_usd"]?.text() == "0.000210")
                let first = try #require(json["answers"]?[0])
                #expect(first["model"] == "a/m" && first["provider"] == "a" && first["text"] == "Yes.")
                #expect(first["cost_usd"]?.text() == "0.000070" && first["error"] == nil)

                let records = try world.records()
                let outcome = records.last
                #expect(outcome?["tool"] == "models.council" && outcome?["action"]?.string == council.id)
                #expect(outcome?["facts"]?["result"] == "majority" && outcome?["usage"] == nil)
                let parts = actions(of: outcome)
                #expect(Set(parts).count == 3 && parts == council.members.map(\.actionID))
                for part in parts {
                    let own = records.filter { $0["action"]?.string == part }
                    #expect(own.map { $0["type"]?.string } == ["intent", "outcome"])
                    #expect(own.allSatisfy { $0["part_of"]?.string == council.id && $0["tool"] == "models.call" })
                }
                #expect(!records.contains { $0.text().contains("Yes") })
            }
            // Each knows its own name only, and nothing of the others.
            for server in servers {
                #expect(server.received.contains(#""model":"m""#) && !server.received.contains(#""models""#))
            }
        }
    }

    @Test("Values within answers of JSON are compared, and one without the value has failed")
    func onValue() async throws {
        let scripts = [#"{"verdict":"approve","why":"short"}"#, "I approve", #"{"why":"long","verdict":"Approve"}"#]
        try await withServers(scripts.map(says)) { servers in
            try await GatewayWorld.with(providers(servers)) { world async throws in
                let json = try await world.council(body(["a/m", "b/m", "c/m"], #""on":"/verdict","#)).json
                #expect(json["result"] == "majority" && json["value"] == "approve")
                #expect(json["answers"]?[1]?["error"]?["code"] == "unsupported")
                #expect(json["answers"]?[1]?["text"] == "I approve" && json["dissent"] == [])
            }
            #expect(!servers[0].received.contains("/verdict"))
        }
    }

    @Test("One that fails and one that is slow do not sink the others")
    func failing() async throws {
        let answered = Mutex(false)
        let slow = [ScriptedServer.Step.when { answered.withLock { $0 } }] + says("Yes")
        try await withServers([says("Yes"), Wire.json("{}", status: "400 Bad Request"), slow]) { servers in
            try await GatewayWorld.with(providers(servers)) { world async throws in
                let call = Task { try await world.council(body()) }
                try await wait("the servers stand so") { world.reports.all.withLock { $0.count } == 2 }
                answered.withLock { $0 = true }
                let council = try await call.value
                #expect(council.result == .majority)
                #expect(council.members.map { $0.error?.code } == [nil, .invalid, nil])
                let states = try world.records().last?["facts"]?["members"]?.array?.map { $0["state"]?.string }
                #expect(states == ["done", "invalid", "done"])
            }
        }
    }

    @Test("A client that goes away ends all its calls")
    func cancelled() async throws {
        try await withServers([[.stall], [.stall]]) { servers in
            try await GatewayWorld.with(providers(servers)) { world async throws in
                let call = Task { await code { try await world.council(body(["a/m", "b/m"])) } }
                try await wait("the servers stand so") { servers.allSatisfy { !$0.received.isEmpty } }
                call.cancel()
                #expect(await call.value == .cancelled)
                try await wait("the servers stand so") {
                    servers.allSatisfy { $0.log.goneClients.withLock { $0 } == 1 }
                }
                let outcome = try world.records().last
                #expect(outcome?["tool"] == "models.council" && outcome?["state"] == "failed")
                #expect(actions(of: outcome).count == 2)
            }
        }
    }

    @Test("One whose provider is not cleared, or that policy denies, is left out; nothing private reaches anybody")
    func blocked() async throws {
        var rules = PrivacyRules.default
        rules.byLabel[.pii] = .allow
        try await withServers([says("Yes"), says("Yes"), says("Yes")]) { servers in
            let cleared = [0, 1].map { place in
                Provider(
                    id: ["a", "b"][place], baseURL: servers[place].baseURL, dialect: .openAI, auth: .none,
                    clearance: Clearance([.pii]))
            }
            let all = cleared + [PrivateCallTests.provider(servers[2], "c")]
            try await GatewayWorld.with(all, rules: rules, decider: nil) { world async throws in
                let council = try await world.council(body(said: "Is \(PrivateCallTests.email) one?"))
                #expect(council.members.map { $0.error?.code } == [nil, nil, .denied])
                #expect(council.result == .majority)
                #expect(servers[2].received.isEmpty && servers[0].received.contains(PrivateCallTests.email))
            }
        }
        try await withServers([says("Yes"), says("Yes")]) { servers in
            try await GatewayWorld.with(providers(servers), decider: DenyModel("a/m")) { world async throws in
                let said = "Is \(PrivateCallTests.email) with \(PrivateCallTests.key) one?"
                let council = try await world.council(body(["a/m", "b/m"], said: said))
                #expect(council.members.map { $0.error?.code } == [.denied, nil])
                #expect(council.result == .split && council.failure?.code == .conflict)
                #expect(servers[0].received.isEmpty && servers[1].received.contains("<EMAIL_1>"))
                #expect(!servers[1].received.contains("grace.hopper"))
            }
        }
    }

    @Test("Members have the same tokens for the same values, and the answer has the values back")
    func tokens() async throws {
        try await withServers([says("<EMAIL_1>"), says("It is <EMAIL_1>"), says("<EMAIL_1>.")]) { servers in
            try await GatewayWorld.with(providers(servers)) { world async throws in
                let council = try await world.council(body(said: "Whose is \(PrivateCallTests.email)?"))
                #expect(council.result == .majority && council.speaker?.text == PrivateCallTests.email)
                #expect(servers.allSatisfy { $0.received.contains("<EMAIL_1>") })
                #expect(try !world.records().contains { $0.text().contains("grace.hopper") })
            }
        }
    }

    @Test("A text that may not pass at all refuses the council as a whole")
    func blockedText() async throws {
        var rules = PrivacyRules.default
        rules.byLabel[.pii] = .block
        try await withServers([says("Yes"), says("Yes")]) { servers in
            try await GatewayWorld.with(providers(servers), rules: rules) { world async throws in
                let asked = body(["a/m", "b/m"], said: "Is \(PrivateCallTests.email) one?")
                #expect(await code { try await world.council(asked) } == .denied)
                let records = try world.records()
                #expect(records.count == 1 && records[0]["tool"] == "models.council")
            }
            #expect(servers.map(\.received) == ["", ""])
        }
    }

    // MARK: Money

    /// Thirty tokens of input and twenty of output, see `Wire.chat`.
    private static let costOfOne: Int64 = 70

    @Test("A budget that suffices for two of three lets two answer")
    func smallBudget() async throws {
        let stalled = Mutex(true)
        let scripts = (0..<3).map { _ in
            [ScriptedServer.Step.when { !stalled.withLock { $0 } }] + says("Yes")
        }
        try await withServers(scripts) { servers in
            // Each reserves a token for each byte and two for each of output: between 120 and 140.
            let rule = BudgetRule(subject: .everyone, meter: .money, limit: 300, window: .day)
            try await GatewayWorld.with(providers(servers), gateSettings: GateSettings(budgets: [rule])) {
                world async throws in
                let call = Task { try await world.council(body()) }
                try await wait("the servers stand so") {
                    world.reports.all.withLock { $0.count } + servers.filter { !$0.received.isEmpty }.count == 2
                }
                stalled.withLock { $0 = false }
                let council = try await call.value
                #expect(council.members.compactMap { $0.error?.code } == [.exhausted])
                #expect(council.result == .majority && council.cost == 2 * Self.costOfOne)
                #expect(world.gate.budgets.standing().first?.spent == 2 * Self.costOfOne)
            }
        }
    }

    @Test("Sixty-four councils at once never spend more than the budget")
    func manyCouncils() async throws {
        try await withServers([says("Yes"), says("no"), says("Yes")]) { servers in
            let limit: Int64 = 2000
            let rule = BudgetRule(subject: .everyone, meter: .money, limit: limit, window: .day)
            try await GatewayWorld.with(providers(servers), gateSettings: GateSettings(budgets: [rule])) {
                world async throws in
                let costs = await withTaskGroup(of: Int64.self) { group in
                    for _ in 0..<64 { group.addTask { (try? await world.council(body()).cost) ?? 0 } }
                    return await group.reduce(0, +)
                }
                let spent = world.gate.budgets.standing().first?.spent ?? 0
                let asked = servers.reduce(0) { $0 + $1.log.requests.withLock { $0.count } }
                #expect(spent <= limit && spent > 0)
                #expect(costs == spent && spent == Int64(asked) * Self.costOfOne)
                #expect(world.gate.budgets.standing().first?.reserved == 0)
            }
        }
    }

    // MARK: Names

    private let councils = [
        "trio": CouncilRule(models: ["a/m", "b/m", "c/m"]),
        "judges": CouncilRule(models: ["a/m", "b/m"], on: JSONPointer("/v"), quorum: 2),
    ]

    @Test("A council that is configured has a name, also as a model of a chat")
    func named() async throws {
        try await withServers([says("Yes"), says("Yes!"), says("no")]) { servers in
            try await GatewayWorld.with(providers(servers), councils: councils) { world async throws in
                #expect(world.gateway.modelNames.contains("council/trio"))
                let chat = #"{"model":"council/trio","messages":[{"role":"user","content":"Yes or no?"}]}"#
                let council = try await world.council(chat, isChat: true)
                let json = try council.chatCompletion(model: "council/trio", created: 1)
                #expect(json["choices"]?[0]?["message"]?["content"] == "Yes")
                #expect(json["usage"]?["total_tokens"] == 150 && json["model"] == "council/trio")
                #expect(json["council"]?["result"] == "majority" && json["council"]?["name"] == "trio")
                #expect(try world.records().last?["facts"]?["council"] == "trio")

                let judged = try await world.council(
                    #"{"council":"judges","messages":[{"role":"user","content":"?"}]}"#)
                #expect(judged.result == .failed)
                #expect(throws: GatehouseError.self) { try judged.chatCompletion(model: "x", created: 1) }
            }
        }
    }

    @Test(
        "What is no request to a council is refused by name",
        arguments: [
            (#"{"models":["a/m"],"messages":[]}"#, GatehouseError.Code.invalid),
            (#"{"models":["a/m",7],"messages":[]}"#, .invalid), (#"{"messages":[]}"#, .invalid), ("[1]", .invalid),
            (#"{"models":["a/m","b/m"],"model":"a/m"}"#, .invalid), ("{", .invalid),
            (#"{"models":["a/m","b/m"],"council":"trio"}"#, .invalid), (#"{"council":"nobody"}"#, .notFound),
            (#"{"models":["a/m","b/m"],"on":"verdict"}"#, .invalid), (#"{"models":["a/m","a/m"]}"#, .invalid),
            (#"{"models":["a/m","group"]}"#, .invalid), (#"{"models":["a/m","b/m"],"stream":true}"#, .unsupported),
            (#"{"models":["a/m","b/m"],"n":2}"#, .unsupported),
            (#"{"models":["a/m","b/m"],"tools":[{}]}"#, .unsupported),
            (#"{"models":["1","2","3","4","5","6","7","8","9","10"]}"#, .invalid),
        ])
    func refused(_ body: String, _ expected: GatehouseError.Code) async throws {
        try await withServers([says("Yes"), says("Yes")]) { servers in
            let group = ["group": [ModelName(provider: "b", model: "m"), ModelName(provider: "a", model: "m")]]
            try await GatewayWorld.with(providers(servers), aliases: group, councils: councils) { world async throws in
                #expect(await code { try await world.council(body) } == expected)
            }
            #expect(servers.map(\.received) == ["", ""])
        }
    }

    @Test("A member that nobody has fails by itself, and a council is no model of other surfaces")
    func unknown() async throws {
        try await withServers([says("Yes")]) { servers in
            try await GatewayWorld.with(providers(servers), councils: councils) { world async throws in
                let council = try await world.council(body(["a/m", "nobody/m"]))
                #expect(council.members.map { $0.error?.code } == [nil, .notFound] && council.result == .split)
                let message = #"{"model":"council/trio","max_tokens":9,"messages":[]}"#
                #expect(await code { try await world.answer(.anthropicMessages, message) } == .unsupported)
            }
        }
    }
}

/// Denies calls to one model.
struct DenyModel: Decider {
    var revision = "test:deny"
    let model: String

    init(_ model: String) { self.model = model }

    func decide(_ input: DecisionInput) async throws -> Decision {
        let isDenied = input.action.arguments["model"]?.string == model
        return Decision(isDenied ? .deny : .allow, reason: "test", rule: "model", policyRevision: revision)
    }
}

import Core
import Gate
import JSON
import Models
import TestSupport
import Testing

@testable import Agents

/// Agents with models, on real connections: what a model may do, and what it may not.
@Suite(.timeLimit(.minutes(10))) struct AgentModelTests {
    typealias Reply = ScriptedModel.Reply

    static let found: JSON = [
        "summary": "two findings", "findings": [["id": "f1", "severity": "high"], ["id": "f2"]],
    ]
    private static let judged = #"{"summary": "one of two matters"}"#

    /// One run of the teller, and what its models were asked.
    private func run(
        _ scripts: [[Reply]], file: String = Sample.file(models: ["a/m"]), tools: [TestTool] = TestTool.all,
        calls: [(tool: String, arguments: JSON)] = [], decider: (any Decider)? = nil,
        inspectors: [any Inspector] = [], labels: Set<Label> = [], prices: PriceTable = AgentHouse.prices,
        request: String = "", check: (JSON, AgentHouse, [ScriptedModel]) async throws -> Void
    ) async throws {
        var models: [ScriptedModel] = []
        for script in scripts { models.append(try await ScriptedModel(script)) }
        let providers = zip(["a", "b", "c"], models).map { $1.provider($0) }
        do {
            try await AgentHouse.with(
                [file], procedures: [Told(calls: calls, output: Self.found)], tools: tools, models: providers,
                prices: prices, decider: decider, inspectors: inspectors, labels: labels
            ) { house in
                let result = try await house.run(request: request)
                try await check(result, house, models)
            }
        } catch {
            for model in models { try await model.stop() }
            throw error
        }
        for model in models { try await model.stop() }
    }

    /// That the procedure's word stands, and why.
    private func stands(_ result: JSON, _ why: String, _ place: SourceLocation = #_sourceLocation) {
        #expect(result["by"] == "procedure" && result["output"] == Self.found, sourceLocation: place)
        #expect(result["why"]?.string?.contains(why) == true, "\(result["why"] ?? .null)", sourceLocation: place)
        #expect(result["model"] == .null, sourceLocation: place)
    }

    // MARK: What it may

    @Test func aModelJudgesWhatTheProcedureFound() async throws {
        try await run([[.says("```json\n\(Self.judged)\n```")]]) { result, house, models in
            #expect(result["by"] == "model" && result["model"] == "a/m" && result["why"] == nil)
            #expect(result["output"]?["summary"] == "one of two matters")
            #expect(result["output"]?["findings"] == Self.found["findings"])
            #expect(result["spent"]?["steps"] == 1 && result["spent"]?["tokens"] == 50)
            #expect(result["spent"]?["cost_usd"]?.text() == "0.000070")
            #expect(result["evidence"]?.array?.map { $0["tool"] } == ["models.call"])
            let records = try house.records()
            let own = records.filter { $0["action"] == result["evidence"]?[0]?["action"] }
            #expect(own.count == 2 && own.allSatisfy { $0["part_of"] == records.last?["action"] })
            #expect(!records.contains { $0.text().contains("matters") })
            let messages = models[0].requests[0]["messages"]
            #expect(messages?[0]?["content"]?.string?.contains("Tells what there is in the shop.") == true)
            #expect(messages?[1]?["content"]?.string?.contains("⟦data of the procedure⟧\n{\"summary\"") == true)
            #expect(
                models[0].requests[0]["tools"]?.array?.map { $0["function"]?["name"] } == ["shop-list", "shop-look"])
        }
    }

    @Test func itLooksWithTheAgentsToolsAndSeesTheAnswersAsData() async throws {
        let looks = Reply.calls([("shop-look", #"{"path":"x"}"#), ("shop-list", "")])
        try await run([[looks, .says(Self.judged)]]) { result, house, models in
            #expect(result["by"] == "model" && result["spent"]?["steps"] == 4)
            #expect(house.performed.tools == ["shop.look", "shop.list"] && house.performed.arguments[0]["path"] == "x")
            #expect(Set(result["evidence"]?.array?.compactMap { $0["tool"]?.string } ?? []).count == 3)
            let messages = models[0].requests[1]["messages"]?.array ?? []
            #expect(messages.map { $0["role"] } == ["system", "user", "assistant", "tool", "tool"])
            #expect(messages[3]["content"] == "⟦data of a tool⟧\n{\"said\":\"nothing new\"}\n⟦end of data⟧")
            #expect(messages[2]["tool_calls"]?[1]?["id"] == messages[4]["tool_call_id"])
        }
    }

    @Test func whatOneModelCannotTheNextDoes() async throws {
        let file = Sample.file(models: ["nobody/m", "a/m", "b/m"])
        try await run([[.raw(status: 400, "{}")], [.says(Self.judged)]], file: file) { result, _, models in
            #expect(result["by"] == "model" && result["model"] == "b/m" && models[0].requests.count == 1)
            #expect(result["evidence"]?.array?.map { $0["error"] == nil } == [false, false, true])
        }
    }

    @Test func theConfigurationsModelsGoBeforeTheDefinitions() async throws {
        try await ScriptedModel.with([.says(Self.judged)], [.says(Self.judged)]) { models in
            try await AgentHouse.with(
                [Sample.file(models: ["a/m"])], models: [models[0].provider("a"), models[1].provider("b")],
                preferred: ["teller": ["b/m"]]
            ) { house in
                let result = try await house.run()
                #expect(result["model"] == "b/m" && models[0].requests.isEmpty)
            }
        }
    }

    @Test func whatNeedsNoJudgementIsNotPutToAModel() async throws {
        try await ScriptedModel.with([.says(Self.judged)]) { models in
            let told = Told(output: ["route": "direct", "answer": "two"])
            try await AgentHouse.with(
                [Sample.file(models: ["a/m"], output: "{type: object}")], procedures: [told],
                models: [models[0].provider()]
            ) { house in
                let result = try await house.run()
                #expect(result["by"] == "direct" && models[0].requests.isEmpty)
            }
        }
    }

    // MARK: What it may not

    @Test func whatWouldChangeSomethingIsProposedAndNotDone() async throws {
        let file = Sample.file(tools: ["shop.*"], models: ["a/m"])
        let calls = Reply.calls([
            ("shop-change", #"{"path":"x"}"#), ("shop-destroy", "{}"), ("shop-key", "{}"),
            ("shop-change", #"{"path":"x"}"#),
            ("shop-change", #"{"harmless":true}"#),
        ])
        try await run([[calls, .says(Self.judged)]], file: file) { result, house, models in
            #expect(result["by"] == "model" && result["final"] == false)
            #expect(result["proposals"]?.array?.map { $0["tool"] } == ["shop.change", "shop.destroy", "shop.key"])
            #expect(
                result["proposals"]?[0]?["arguments"] == ["path": "x"]
                    && result["proposals"]?[1]?["effect"] == "destroy")
            #expect(house.performed.tools == ["shop.change"] && house.performed.arguments == [["harmless": true]])
            let (waiting, records) = (try await house.gate.approvals.list(limit: 10), try house.records())
            #expect(waiting.isEmpty && !records.contains { $0["tool"] == "shop.destroy" })
            #expect(models[0].requests[1].text().contains("put before a person"))
        }
    }

    @Test(arguments: [
        "bank-pay", "bank.pay", "shop-change", "agents-run", "models-call", "", "../shop-look", "shop look",
        String(repeating: "x", count: 5000),
    ])
    func whatTheDefinitionDoesNotListIsNotCalled(_ name: String) async throws {
        try await run([[.calls([(name, "{}")]), .says(Self.judged)]]) { result, house, models in
            #expect(result["by"] == "model" && house.performed.tools == [] && result["proposals"] == nil)
            let refused = result["evidence"]?[0]
            #expect(refused?["action"] == .null && refused?["error"]?.string?.hasPrefix("this agent may not") == true)
            let echoed = models[0].requests[1]["messages"]?[2]?["tool_calls"]?[0]?["function"]?["name"]?.string ?? ""
            #expect(!echoed.isEmpty && echoed.utf8.count <= 64 && !echoed.contains(" "))
            let tools = try house.records().compactMap { $0["tool"]?.string }
            #expect(Set(tools).isSubset(of: ["agents.run", "models.call"]))
        }
    }

    @Test func whereEvenALookIsAskedForNobodyIsAsked() async throws {
        try await run(
            [[.calls([("shop-look", "{}")]), .says(Self.judged)]], decider: Asking(tool: "shop.look")
        ) { result, house, _ in
            #expect(result["by"] == "model" && house.performed.tools == [])
            #expect(result["evidence"]?[0]?["error"]?.string?.contains("which shop.look cannot wait for") == true)
            let waiting = try await house.gate.approvals.list(limit: 10)
            #expect(waiting.isEmpty)
        }
    }

    /// Answers all requests with yes, save one tool's, about which people are asked.
    private struct Asking: Decider {
        let revision = "test:ask"
        let tool: String

        func decide(_ input: DecisionInput) async throws -> Decision {
            let asks = input.action.tool == tool
            return Decision(
                asks ? .ask(ApprovalRule(roles: ["admin"])) : .allow, reason: "test", rule: "all",
                policyRevision: revision)
        }
    }

    // MARK: What does not hold

    @Test func whatDoesNotHoldMayBeSaidOnceMore() async throws {
        try await run([[.says("Two of them matter."), .says(Self.judged)]]) { result, _, models in
            #expect(result["by"] == "model" && models[0].requests.count == 2)
            let last = models[0].requests[1]["messages"]?[3]
            #expect(last?["role"] == "user" && last?["content"]?.string?.contains("one JSON object") == true)
        }
    }

    @Test(arguments: [
        ("nothing of JSON", "one JSON object"), (#"{"summary": 7, "findings": "none"}"#, "/findings"),
        (#"{"findings": []}"#, "/findings/0 is missing"),
        (#"{"findings": [{"id": "f1", "severity": "low"}, {"id": "f2"}]}"#, "/findings/0 is missing, or changed"),
        (#"{"findings": [{"id": "f1"}, {"id": "f2"}]}"#, "/findings/0"), ("{", "one JSON object"),
        ("", "one JSON object"),
        (#"{"findings": [{"id":"f1","severity":"high"},{"id":"f2"},{"id":"f3"}]}"#, "did not find"),
        (#"{"summary": "see <img src=x>"}"#, "holds HTML"), (#"{"apply": {"all": true}}"#, "/apply may not be added"),
        (#"{"summary": "![](//e.example/?q)"}"#, "address"), (#"{"summary": "https://e.example/x"}"#, "address"),
    ])
    func whatFallsShortOfTheProcedureIsNotTaken(_ said: String, _ why: String) async throws {
        try await run([[.says(said)]]) { result, house, models in
            stands(result, why)
            #expect(models[0].requests.count == 2 && result["spent"]?["tokens"] == 100)
        }
    }

    @Test(arguments: [
        (Reply.raw(status: 200, "no JSON"), "a/m did not answer"), (.raw(status: 500, "{}"), "a/m did not answer"),
        (.raw(status: 200, "{}"), "no chat completion"), (.raw(status: 200, #"{"choices":[]}"#), "no chat completion"),
        (.raw(status: 200, #"{"choices":[{"message":7}]}"#), "no chat completion"), (.hangUp, "a/m did not answer"),
        (.raw(status: 200, #"{"choices":[{"message":{"tool_calls":{"a":1},"content":[7]}}]}"#), "one JSON object"),
        (.message(["role": "assistant", "content": .null, "refusal": "I cannot."]), "it refuses to answer"),
        (.flood(3 << 20), "a/m did not answer"),
        (.raw(status: 429, #"{"error":{"message":"slow down"}}"#), "a/m did not"),
        (.raw(status: 200, String(repeating: "[", count: 100_000)), "a/m did not answer"),
    ])
    func whatNoProviderShouldAnswerEndsWithTheProcedure(_ reply: Reply, _ why: String) async throws {
        try await run([[reply]]) { result, _, _ in stands(result, why) }
    }

    @Test func callsThatCannotBeReadAreRefused() async throws {
        let calls = Reply.message([
            "role": "assistant",
            "tool_calls": [
                ["id": "same", "function": ["name": "shop-look", "arguments": "{broken"]],
                ["id": "same", "function": ["name": "shop-look", "arguments": "[1]"]], 7, .null,
                ["function": ["name": "shop-look", "arguments": ["path": 7]]],
            ],
        ])
        try await run([[calls, .says(Self.judged)]]) { result, house, models in
            #expect(result["by"] == "model" && house.performed.tools == [])
            let answers = (models[0].requests[1]["messages"]?.array ?? []).dropFirst(3)
            #expect(answers.count == 5 && Set(answers.compactMap { $0["tool_call_id"]?.string }).count == 5)
            #expect(answers.allSatisfy { $0["content"]?.string?.contains("error") == true })
        }
    }

    @Test func noMoreThanAFewCallsOfOneTurnAreHeard() async throws {
        let many = Reply.calls((0..<200).map { ("shop-look", #"{"path":"\#($0)"}"#) })
        try await run([[many, .says(Self.judged)]]) { result, house, _ in
            #expect(house.performed.tools.count == ModelReply.mostCalls && result["by"] == "model")
        }
    }

    // MARK: Budgets

    @Test func stepsAreBounded() async throws {
        let file = Sample.file(models: ["a/m"], budget: "{steps: 4, idle: 20}")
        let script = try await ScriptedModel { turn, _ in .calls([("shop-look", #"{"path":"\#(turn)"}"#)]) }
        try await AgentHouse.with([file], procedures: [Told(output: Self.found)], models: [script.provider()]) {
            house in
            let result = try await house.run()
            stands(result, "its 4 steps are used up")
            #expect(house.performed.tools.count == 2 && script.requests.count == 2)
            #expect(script.requests.map { $0["tool_choice"] } == ["auto", "auto"])
        }
        try await script.stop()
    }

    @Test func theLastTurnIsForTheAnswer() async throws {
        let file = Sample.file(models: ["a/m"], budget: "{steps: 3}")
        try await run([[.calls([("shop-look", "{}")]), .says(Self.judged)]], file: file) { result, _, models in
            #expect(result["by"] == "model" && models[0].requests.map { $0["tool_choice"] } == ["auto", "none"])
        }
    }

    @Test func turnsThatBringNothingNewEndIt() async throws {
        let file = Sample.file(models: ["a/m"], budget: "{steps: 50, idle: 2}")
        let same = Reply.calls([("shop-look", #"{"path":"x"}"#)])
        try await run([[same]], file: file) { result, house, models in
            stands(result, "2 turns in a row brought nothing new")
            #expect(house.performed.tools == ["shop.look"] && models[0].requests.count == 3)
        }
        // Other arguments, the same answer.
        let script = try await ScriptedModel { turn, _ in .calls([("shop-look", #"{"path":"\#(turn)"}"#)]) }
        try await AgentHouse.with([file], procedures: [Told(output: Self.found)], models: [script.provider()]) {
            house in
            stands(try await house.run(), "2 turns in a row brought nothing new")
            #expect(house.performed.tools.count == 3)
        }
        try await script.stop()
    }

    @Test func tokensAreBounded() async throws {
        // A conversation takes a token for three bytes at the most; each answer says that it took fifty.
        let file = Sample.file(models: ["a/m"], budget: "{tokens: 1500, steps: 50, idle: 20}")
        let script = try await ScriptedModel { turn, _ in .calls([("shop-look", #"{"path":"\#(turn)"}"#)]) }
        try await AgentHouse.with([file], procedures: [Told(output: Self.found)], models: [script.provider()]) {
            house in
            let result = try await house.run()
            stands(result, "tokens")
            let tokens = result["spent"]?["tokens"]?.int ?? 0
            #expect(tokens > 0 && tokens <= 1500)
            #expect(script.requests.allSatisfy { $0["max_completion_tokens"]?.int ?? 0 <= 1500 })
        }
        try await script.stop()
        try await run([[.says(Self.judged)]], file: Sample.file(models: ["a/m"], budget: "{tokens: 300}")) {
            result, _, models in
            stands(result, "does not fit into 300 tokens")
            #expect(models[0].requests.isEmpty)
        }
    }

    @Test func moneyIsBounded() async throws {
        let file = Sample.file(models: ["a/m"], budget: "{cost: 0.0001, steps: 50, idle: 20}")
        let script = try await ScriptedModel { turn, _ in .calls([("shop-look", #"{"path":"\#(turn)"}"#)]) }
        try await AgentHouse.with([file], procedures: [Told(output: Self.found)], models: [script.provider()]) {
            house in
            let result = try await house.run()
            stands(result, "what it may cost is used up")
            #expect(result["spent"]?["cost_usd"]?.text() == "0.000140")
        }
        try await script.stop()
    }

    @Test func timeIsBounded() async throws {
        try await run([[.silence]], file: Sample.file(models: ["a/m"], budget: "{time: 1s}")) { result, _, models in
            stands(result, "its time is used up")
            #expect(models[0].requests.count == 1)
        }
    }

    // MARK: Labels

    @Test func whatTheModelMayNotSeeKeepsItFromBeingAsked() async throws {
        try await run([[.says(Self.judged)]], labels: [.pii]) { result, _, models in
            stands(result, "labelled pii")
            #expect(models[0].requests.isEmpty)
        }
        try await run([[.says(Self.judged)]], labels: [.untrusted]) { result, _, _ in #expect(result["by"] == "model") }
    }

    @Test func aLabelThatComesWithAnAnswerEndsIt() async throws {
        let tools = [TestTool(id: "shop.look", answer: ["said": "a patient's file"])]
        try await run(
            [[.calls([("shop-look", "{}")]), .says(Self.judged)]], tools: tools, inspectors: [Patients()]
        ) { result, _, models in
            stands(result, "labelled phi")
            #expect(models[0].requests.count == 1 && !models[0].requests[0].text().contains("patient"))
        }
        try await run([[.says(Self.judged)]], tools: tools, calls: [("shop.look", [:])], inspectors: [Patients()]) {
            result, _, models in
            stands(result, "labelled phi")
            #expect(models[0].requests.isEmpty)
        }
    }

    private struct Patients: Inspector {
        let id = "test.patients"
        func inspect(_ subject: InspectionSubject) async throws -> InspectionResult {
            InspectionResult(labels: subject.value.text().contains("patient") ? [.phi] : [])
        }
    }

    @Test func aClientThatGoesAwayEndsIt() async throws {
        let script = try await ScriptedModel(.silence)
        try await AgentHouse.with(
            [Sample.file(models: ["a/m"])], procedures: [Told(output: Self.found)], models: [script.provider()]
        ) { house in
            let run = Task { await AgentHouse.failure { try await house.run() }?.code }
            try await wait("it is asked") { !script.requests.isEmpty }
            run.cancel()
            #expect(await run.value == .cancelled)
        }
        try await script.stop()
    }
}

import Core
import Gate
import JSON
import Testing

@testable import Agents

/// An agent's run by its procedure, with no model at all.
@Suite(.timeLimit(.minutes(10))) struct RunToolTests {
    @Test func theProcedureWorksWithItsToolsAndItsResultHasOneShape() async throws {
        let told = Told(calls: [("shop.look", ["path": "a"]), ("shop.list", [:])])
        try await AgentHouse.with([Sample.file()], procedures: [told]) { house in
            let result = try await house.run()
            #expect(result["agent"] == "teller" && result["by"] == "procedure" && result["model"] == .null)
            #expect(result["why"] == "no model is configured" && result["output"] == told.output)
            #expect(result["final"] == true && result["proposals"] == nil && result["dissent"] == nil)
            #expect(result["spent"]?["steps"] == 2 && result["spent"]?["tokens"] == 0)
            #expect(result["spent"]?["cost_usd"] == 0)
            #expect(result["version"]?.string == house.agents.library.definitions[0].version)
            #expect(result["evidence"]?.array?.map { $0["tool"] } == ["shop.look", "shop.list"])
            #expect(house.performed.tools == ["shop.look", "shop.list"] && house.performed.arguments[0]["path"] == "a")

            let records = try house.records()
            let whole = try #require(records.last)
            #expect(whole["tool"] == "agents.run" && whole["facts"]?["agent"] == "teller")
            for (index, evidence) in (result["evidence"]?.array ?? []).enumerated() {
                let own = records.filter { $0["action"] == evidence["action"] }
                #expect(own.map { $0["type"]?.string } == ["intent", "outcome"], "\(index)")
                #expect(own.allSatisfy { $0["part_of"] == whole["action"] })
            }
        }
    }

    @Test func aToolThatIsNotListedNeverComesToTheGate() async throws {
        let told = Told(calls: [("bank.pay", [:]), ("shop.looks", [:]), ("shop.look", [:])], isStrict: false)
        try await AgentHouse.with([Sample.file(tools: ["shop.look"])], procedures: [told]) { house in
            let result = try await house.run()
            #expect(house.performed.tools == ["shop.look"])
            #expect(result["evidence"]?[0]?["action"] == .null)
            #expect(result["evidence"]?[0]?["error"] == "this agent may not call bank.pay")
            #expect(try !house.records().contains { $0["tool"] == "bank.pay" })
        }
    }

    @Test func aRoomIsAllOfItsToolsAndNoOthers() async throws {
        let told = Told(calls: [("shop.look", [:]), ("shop.list", [:]), ("bank.look", [:])], isStrict: false)
        try await AgentHouse.with([Sample.file(tools: ["shop.*"])], procedures: [told]) { house in
            _ = try await house.run()
            #expect(house.performed.tools == ["shop.look", "shop.list"])
        }
    }

    @Test func whatPeopleAreAskedAboutIsToldWithTheApproval() async throws {
        let told = Told(calls: [("shop.change", [:])])
        try await AgentHouse.with([Sample.file(tools: ["shop.*"])], procedures: [told]) { house in
            let error = await AgentHouse.failure { try await house.run() }
            let waiting = try await house.gate.approvals.list(state: .waiting, limit: 10)
            #expect(error?.code == .denied && waiting.count == 1)
            #expect(error?.message.contains(waiting.first?.id ?? "none") == true)
            #expect(house.performed.tools == [])
        }
    }

    @Test func noAgentIsPartOfAnother() async throws {
        let again = TestTool(id: "shop.agent", hasParts: true)
        let told = Told(calls: [("shop.agent", [:])])
        try await AgentHouse.with([Sample.file(tools: ["shop.*"])], procedures: [told], tools: [again]) { house in
            #expect(await AgentHouse.failure { try await house.run() }?.code == .unsupported)
        }
    }

    @Test func whatFitsNoSchemaIsRefused() async throws {
        let wrong = Told(output: ["summary": 1])
        try await AgentHouse.with([Sample.file()], procedures: [wrong]) { house in
            let input = await AgentHouse.failure { try await house.run("teller", ["path": 7]) }
            #expect(input?.code == .invalid && input?.message.contains("input/path of the agent teller") == true)
            let output = await AgentHouse.failure { try await house.run() }
            #expect(output?.code == .internal && output?.message.contains("tell yields") == true)
            #expect(await AgentHouse.failure { try await house.run("seller") }?.code == .notFound)
            #expect(
                await AgentHouse.failure { try await house.submit(["agent": "teller", "more": 1]) }?.code == .invalid)
            #expect(house.performed.tools == [])
        }
    }

    @Test func aProcedureEndsWithTheBudgetsTime() async throws {
        struct Endless: Procedure {
            let name = "tell"
            func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
                try await Task.sleep(for: .seconds(600))
                return [:]
            }
        }
        try await AgentHouse.with([Sample.file(budget: "{time: 1s}")], procedures: [Endless()]) { house in
            #expect(await AgentHouse.failure { try await house.run() }?.code == .timeout)
        }
    }

    @Test(arguments: [
        ("{}", true), (#"{"result": "split"}"#, false), (#"{"result": "majority"}"#, true),
        (#"{"safe": false}"#, false),
        (#"{"safe": true, "apply": null}"#, true), (#"{"safe": true, "apply": {"fixes": ["a"]}}"#, false),
        (#"{"apply": {}}"#, true), (#"{"apply": "all"}"#, false),
    ])
    func whatPeopleHaveToAgreeToIsNotFinal(_ output: String, _ isFinal: Bool) async throws {
        let told = Told(output: try JSON.parse(output))
        try await AgentHouse.with([Sample.file(output: "{type: object}")], procedures: [told]) { house in
            let result = try await house.run()
            #expect(result["final"] == .bool(isFinal))
        }
    }

    @Test func agentsAreListedWithTheirBounds() async throws {
        try await AgentHouse.with([Sample.file(), "name: broken\n"]) { house in
            guard case .answered(_, let answer, _) = try await house.submit([:], tool: "agents.list") else {
                Issue.record("it waits")
                return
            }
            let agents = answer.value["agents"]
            #expect(agents?[1]?["name"] == "teller" && agents?[1]?["budget"]?["steps"] == 12)
            #expect(agents?[1]?["tools"] == ["shop.look", "shop.list"] && agents?[1]?["output"]?["type"] == "object")
            #expect(agents?[0]?["problem"]?.string?.contains("problems in agent-1.yaml") == true)
        }
    }
}

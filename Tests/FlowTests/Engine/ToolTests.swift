import Core
import Gate
import JSON
import TestSupport
import Testing

@testable import Flow

@Suite("The tools of workflows")
struct ToolTests {
    private static func request(_ tool: String, _ arguments: JSON) -> ActionRequest {
        ActionRequest(tool: tool, target: "workflow:test", arguments: arguments)
    }

    private static func house(decider: (any Decider)? = Allowing()) async throws -> FlowHouse {
        try await FlowHouse.open(
            try .of(.action("a", "deed.look", with: ["n": 1]), .approval("ask", needs: ["a"]), name: "reading"),
            try .of(
                .action("a", "deed.make", with: ["n": 1]), .workflow("w", "reading", needs: ["a"]), name: "changing"),
            try .of(.action("a", "deed.make", with: ["n": 2]), name: "short"),
            try .of(.workflow("w", "changing"), name: "outer"), decider: decider)
    }

    private static func answer(_ submission: Submission) throws -> JSON {
        guard case .answered(_, let answer, _) = submission else { throw Unexpected("it was not answered") }
        return answer.value
    }

    @Test("A run is a read where all that its steps can do is reading, those of runs below included")
    func effect() async throws {
        let house = try await Self.house()
        for (name, effect) in [("reading", Effect.read), ("changing", .change), ("short", .change), ("outer", .change)]
        {
            #expect(try house.gate.effect(of: Self.request("workflow.run", ["workflow": .string(name)])) == effect)
        }
        #expect(
            await code { try house.gate.effect(of: Self.request("workflow.run", ["workflow": "none"])) } == .notFound)
    }

    @Test("A developer runs what only reads, asks people in it, and is asked for nothing more")
    func developer() async throws {
        let house = try await Self.house(decider: nil)
        try await house.running {
            let caller = try house.caller("dora", "developer")
            let answer = try Self.answer(
                try await house.gate.submit(Self.request("workflow.run", ["workflow": "reading"]), as: caller))
            let run = try #require(answer["run"]?.string)
            let approval = try await house.approval()
            #expect(approval.tool == "workflow.approval" && approval.requesterID == caller.principal.id)
            #expect(approval.rule == ApprovalRule(roles: ["security_lead"], quorum: 1, expires: .seconds(600)))
            _ = try await house.gate.approve(approval.id, by: house.caller("lee", "security_lead"), reason: "fine")
            try await house.until(run, .succeeded)
            // To start one grants nothing: what its step would change is denied.
            let begun = try Self.answer(
                try await house.gate.submit(Self.request("workflow.run", ["workflow": "short"]), as: caller))
            let other = try #require(begun["run"]?.string)
            try await house.until(other, .failed)
            let error = try #require(try await house.engine.run(other).error)
            #expect(error.code == .denied, "\(error)")
            #expect(!house.deeds.done.contains("make 2"))
        }
    }

    @Test("What a run can do is on the record before it begins, and undoing it undoes the run")
    func previewed() async throws {
        let house = try await Self.house(decider: nil)
        try await house.running {
            let caller = try house.caller()
            let submission = try await house.gate.submit(
                Self.request("workflow.run", ["workflow": "short"]), as: caller)
            guard case .answered(let action, let answer, _) = submission else { throw Unexpected("it waits") }
            #expect(try await house.gate.action(action).preview?.diff == "  a: deed.make (change)")
            let run = try #require(answer.value["run"]?.string)
            let lee = try house.caller("lee", "security_lead")
            let making = try await house.approval()
            _ = try await house.gate.approve(making.id, by: lee, reason: "fine")
            try await house.until(run, .succeeded)
            guard case .waiting(_, let undoing) = try await house.gate.undo(action, as: caller, reason: "no") else {
                throw Unexpected("it does not wait")
            }
            #expect(undoing.tool == "workflow.undo" && undoing.preview.diff == "- a")
            _ = try await house.gate.approve(undoing.id, by: lee, reason: "fine")
            let unmaking = try await house.approval()
            _ = try await house.gate.approve(unmaking.id, by: lee, reason: "fine")
            try await house.until(run, .undone)
            #expect(house.deeds.done == ["make 2", "unmake 2"])
        }
    }

    @Test("Runs are listed and looked at, cancelled and settled through the gate")
    func looking() async throws {
        let house = try await Self.house()
        try await house.running {
            let caller = try house.caller()
            func ask(_ tool: String, _ arguments: JSON) async throws -> JSON {
                try Self.answer(try await house.gate.submit(Self.request(tool, arguments), as: caller))
            }
            let names = try await ask("workflow.list", [:])["workflows"]?.array?.compactMap { $0["name"]?.string }
            #expect(names == ["changing", "outer", "reading", "short"])
            let run = try #require(try await ask("workflow.run", ["workflow": "changing"])["run"]?.string)
            _ = try await house.approval()
            try await house.until(run, .waiting)
            let listed = try await ask("workflow.runs", ["workflow": "changing", "state": "waiting"])["runs"]?.array
            #expect(listed?.compactMap { $0["run"]?.string } == [run])
            let status = try await ask("workflow.status", ["run": .string(run), "journal": true])
            #expect(status["steps"]?[0]?["outputs"] == ["made": 1])
            #expect(status["steps"]?[1]?["waits_for"]?[0]?["run"]?.string?.hasPrefix("run_") == true)
            #expect(status["journal"]?[0]?["kind"] == "started")
            _ = try await ask("workflow.cancel", ["run": .string(run), "reason": "enough"])
            try await house.until(run, .cancelled)
            let settling = await code {
                try await ask("workflow.resume", ["run": .string(run), "outcome": "fail", "reason": "x"])
            }
            #expect(settling == .conflict)
            _ = try await ask("workflow.undo", ["run": .string(run)])
            try await house.until(run, .undone)
            #expect(house.deeds.done == ["make 1", "look 1", "unmake 1"])
        }
    }

    @Test("An action that begins a run begins one, also where it is looked for afterwards")
    func reconciled() async throws {
        let house = try await Self.house()
        let reference = FlowReference()
        reference.set(house.engine)
        let tool = RunTool(engine: reference)
        let caller = try house.caller()
        let context = ActionContext(principal: caller.principal, session: caller.session)
        let action = Action(
            id: Identifier.make("act", at: house.clock.now()), tool: "workflow.run", target: "workflow:short",
            arguments: ["workflow": "short"])
        #expect(try await tool.reconcile(action, in: context) == .didNotHappen)
        let first = try await tool.perform(action, in: context)
        let second = try await tool.perform(action, in: context)
        #expect(first.value["run"] == second.value["run"])
        #expect(try await house.engine.runs().count == 1)
        guard case .happened = try await tool.reconcile(action, in: context) else { return #expect(Bool(false)) }
    }

    @Test("Without an engine the tools say so")
    func noEngine() async throws {
        let tool = ListTool(engine: FlowReference())
        let caller = try await FlowHouse.open().caller()
        let action = Action(id: "act_1", tool: "workflow.list", target: "x", arguments: [:])
        let context = ActionContext(principal: caller.principal, session: caller.session)
        #expect(await code { try await tool.perform(action, in: context) } == .unavailable)
    }

    @Test("An approval is held to its bounds, and asks leads where it names nobody")
    func bounds() {
        let tool = ApprovalTool()
        #expect(
            tool.approval(for: ["message": "x", "quorum": 99, "expires_seconds": 1])
                == ApprovalRule(roles: ["security_lead", "admin"], quorum: 20, expires: .seconds(10)))
        #expect(tool.approval(for: ["roles": ["legal"]]) == ApprovalRule(roles: ["legal"]))
    }
}

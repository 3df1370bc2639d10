import Core
import JSON
import Testing

@testable import Gate

/// A tool that names who agrees.
private struct DemandingTool: Tool {
    let rule: ApprovalRule
    var effect = Effect.change

    var descriptor: ToolDescriptor {
        ToolDescriptor(id: "test.demanding", title: "Demanding", summary: "Asks.", effect: effect)
    }

    func approval(for arguments: JSON) -> ApprovalRule? { rule }
    func perform(_ action: Action, in context: ActionContext) async throws -> Answer { Answer(["done": true]) }
}

@Suite("A tool that itself names who agrees")
struct ToolFloorTests {
    private static let demanded = ApprovalRule(roles: ["legal", "security_lead"], quorum: 2, expires: .seconds(600))

    private static func applied(
        _ verdict: Decision.Verdict, effect: Effect = .change, breakGlass: String? = nil
    ) -> Decision {
        var input = DecisionInput.about(["operator"], effect, breakGlass: breakGlass)
        input.approval = demanded
        return DecisionFloor.applied(
            to: Decision(verdict, reason: "policy", rule: "own", policyRevision: "1"), on: input)
    }

    @Test("What policy allows becomes what the tool demands, a read as well")
    func allowed() {
        for effect in Effect.allCases where effect != .destroy {
            #expect(Self.applied(.allow, effect: effect).verdict == .ask(Self.demanded))
        }
        #expect(Self.applied(.allow).reason.contains("itself names who agrees"))
    }

    @Test("What policy asks holds beside it: roles of both, the greater quorum, the shorter time")
    func asked() {
        let asked = ApprovalRule(roles: ["security_lead", "admin"], quorum: 1, expires: .seconds(60))
        #expect(
            Self.applied(.ask(asked)).verdict
                == .ask(ApprovalRule(roles: ["security_lead"], quorum: 2, expires: .seconds(60))))
        let more = ApprovalRule(roles: ["legal"], quorum: 3, expires: .seconds(6000))
        #expect(
            Self.applied(.ask(more)).verdict
                == .ask(ApprovalRule(roles: ["legal"], quorum: 3, expires: .seconds(600))))
    }

    @Test("Where no role is in both, those of policy count")
    func apart() {
        let asked = ApprovalRule(roles: ["admin"], quorum: 3, expires: .seconds(6000))
        #expect(
            Self.applied(.ask(asked)).verdict
                == .ask(ApprovalRule(roles: ["admin"], quorum: 3, expires: .seconds(600))))
    }

    @Test("A denial stays")
    func denied() { #expect(Self.applied(.deny).verdict == .deny) }

    @Test("Break-glass does not lift it")
    func brokenGlass() {
        let asked = ApprovalRule(roles: ["security_lead"])
        #expect(Self.applied(.ask(asked), breakGlass: "the house is on fire").verdict == .ask(Self.demanded))
    }

    @Test("A tool that demands nothing leaves decisions alone")
    func nothing() {
        let input = DecisionInput.about(["operator"], .change)
        let decision = Decision(.allow, reason: "policy", rule: "own", policyRevision: "1")
        #expect(DecisionFloor.applied(to: decision, on: input) == decision)
    }

    @Test("The gate asks by the tool's rule though policy allows everything, and who has no such role does not agree")
    func submitted() async throws {
        let tool = DemandingTool(rule: ApprovalRule(roles: ["legal"]))
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let request = ActionRequest(tool: "test.demanding", target: "t")
        let approval = try house.waiting(try await house.gate.submit(request, as: house.caller("olga", "operator")))
        #expect(approval.rule.roles == ["legal"])
        let refusal = await code {
            try await house.gate.approve(approval.id, by: house.caller("lee", "security_lead"), reason: "fine")
        }
        #expect(refusal == .denied)
        let outcome = try await house.gate.approve(approval.id, by: house.caller("lola", "legal"), reason: "fine")
        #expect(try house.performed(outcome).answer == ["done": true])
    }

    @Test("An explanation names the floor")
    func explained() async throws {
        let tool = DemandingTool(rule: ApprovalRule(roles: ["legal", "admin"]))
        let house = try await House.open(tools: [tool])
        let request = ActionRequest(tool: "test.demanding", target: "t")
        let explanation = try await house.gate.explain(request, as: house.caller("olga", "operator"))
        #expect(explanation.floors.contains { $0.id == "tool.floor" })
    }
}

@Suite("Sessions of runs")
struct RunSessionTests {
    @Test("They are beside those that a principal may have at once, and begin with the labels that they are given")
    func beside() async throws {
        let house = try await House.open()
        let caller = try house.caller("olga", "operator")
        for _ in 0..<200 {
            let session = try house.gate.sessions.beginRun(caller.principal, class: nil, labels: [.pii])
            #expect(session.labels == [.pii] && session.id != caller.session.id)
        }
        #expect(try house.gate.enter(caller.principal).session.id == caller.session.id)
    }

    @Test("After a restart none of them is taken for the principal's own")
    func restarted() async throws {
        let house = try await House.open()
        let principal = Principal(id: "test#olga", kind: .person, name: "olga", roles: [])
        let session = try house.gate.sessions.beginRun(principal, class: nil, labels: [.pii])
        try await house.gate.sessions.flush(session.id)
        let again = try await house.reopened()
        #expect(try again.gate.sessions.current(session.id).labels == [.pii])
        #expect(try again.gate.enter(principal).session.id != session.id)
    }

    @Test("An undoing with a key happens once, and its key finds it")
    func undoneOnce() async throws {
        let house = try await House.open(decider: AllowAll())
        let caller = try house.caller("olga", "operator")
        let submission = try await house.gate.submit(.set("a", "2", idempotencyKey: "k1"), as: caller)
        #expect(try await house.gate.action(of: caller.principal.id, idempotencyKey: "k1")?.state == .done)
        _ = try await house.gate.undo(submission.actionID, as: caller, reason: nil, idempotencyKey: "k2")
        let undoing = try await house.gate.action(of: caller.principal.id, idempotencyKey: "k2")
        #expect(undoing?.action.undoes == submission.actionID && undoing?.state == .done)
        #expect(house.world.values["a"] == "1")
        #expect(try await house.gate.action(of: caller.principal.id, idempotencyKey: "k3") == nil)
    }
}

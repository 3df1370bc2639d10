import Core
import JSON
import Synchronization
import Testing

@testable import Gate

/// A crate with a word in it, which it can hide, and a place for what comes back.
private final class Crate: Cargo {
    enum Look: Sendable { case passes(CargoInspection), refuses(any Error) }

    let look: Look
    let delivered = Mutex<String?>(nil)

    init(_ look: Look) { self.look = look }

    func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection {
        switch look {
        case .passes(let inspection): inspection
        case .refuses(let error): throw error
        }
    }
}

@Suite("Cargo")
struct CargoTests {
    private let inspection = CargoInspection(labels: [.pii], digest: "abc", counts: ["EMAIL": 2, "SECRET": 1])
    private let request = ActionRequest(tool: "test.ship", target: "x")

    private func ship(
        fails: ActionFailure? = nil, sendsOutside: Bool = false, hasBreaker: Bool = true
    ) -> ScriptedTool {
        var tool = ScriptedTool("test.ship", sendsOutside: sendsOutside, cost: Usage(money: 100, tokens: 10)) {
            _, context in
            (context.cargo as? Crate)?.delivered.withLock { $0 = "\(context.labels.sorted())" }
            if let fails { throw fails }
            return Answer(
                ["ok": true], usage: Usage(money: 7, tokens: 3), facts: ["model": "m"], labels: [.confidential])
        }
        if !hasBreaker {
            tool.descriptor = ToolDescriptor(
                id: "test.ship", title: "", summary: "", effect: .read, hasBreaker: false)
        }
        return tool
    }

    @Test("It is inspected, handed to the tool, and its labels, hash and counts are recorded")
    func carried() async throws {
        let house = try await House.open(decider: AllowAll(), tools: [ship()])
        let ada = try house.caller("ada", "admin")
        let crate = Crate(.passes(inspection))
        let done = try await house.gate.submit(request, as: ada, carrying: crate)
        #expect(crate.delivered.withLock { $0 } == "[pii]")
        let records = try house.records().filter { $0["action"]?.string == done.actionID }
        #expect(records.map { $0["type"]?.string } == ["intent", "outcome"])
        #expect(records[0]["cargo"] == ["hash": "abc", "found": ["EMAIL": 2, "SECRET": 1]])
        #expect(records[0]["labels"] == ["pii"])
        #expect(records[1]["usage"] == ["money_micros": 7, "tokens": 3])
        #expect(records[1]["facts"] == ["model": "m"])
        #expect(try house.gate.current(ada).labels == [.pii, .confidential])
    }

    @Test("Policy sees its labels: what may not leave is not sent")
    func policy() async throws {
        let house = try await House.open(tools: [ship(sendsOutside: true)])
        let crate = Crate(.passes(CargoInspection(labels: [.secret], digest: "abc")))
        #expect(
            await code { try await house.gate.submit(request, as: house.caller("ada", "admin"), carrying: crate) }
                == .denied)
        #expect(crate.delivered.withLock { $0 } == nil)
    }

    @Test("What cannot be inspected does not pass, and a foreign error's words are not told")
    func failsClosed() async throws {
        let house = try await House.open(decider: AllowAll(), tools: [ship()])
        let ada = try house.caller("ada", "admin")
        let crate = Crate(.refuses(Unexpected("hunter2")))
        let error = await #expect(throws: GatehouseError.self) {
            try await house.gate.submit(request, as: ada, carrying: crate)
        }
        #expect(error?.code == .denied)
        #expect("\(String(describing: error))".contains("hunter2") == false)
        #expect(crate.delivered.withLock { $0 } == nil)
        let own = Crate(.refuses(GatehouseError("models", .unsupported, "tokens as numbers")))
        #expect(await code { try await house.gate.submit(request, as: ada, carrying: own) } == .unsupported)
        #expect(try house.records().last?["state"] == "denied")
    }

    @Test("It waits for nobody: what would need an approval is denied, and so is an idempotency key")
    func neverKept() async throws {
        let house = try await House.open(decider: AskAll(), tools: [ship()])
        let ada = try house.caller("ada", "admin")
        let crate = Crate(.passes(inspection))
        #expect(await code { try await house.gate.submit(request, as: ada, carrying: crate) } == .denied)
        var keyed = request
        keyed.idempotencyKey = "k"
        #expect(await code { try await house.gate.submit(keyed, as: ada, carrying: crate) } == .unsupported)
        #expect(crate.delivered.withLock { $0 } == nil)
    }

    @Test("A failure that cost something is paid for and recorded with its facts")
    func costlyFailure() async throws {
        let rule = BudgetRule(subject: .everyone, meter: .money, limit: 150, window: .day)
        let failure = ActionFailure(
            GatehouseError("models", .unavailable, "broke off"), usage: Usage(money: 60, tokens: 2), facts: ["n": 1])
        let house = try await House.open(
            settings: GateSettings(budgets: [rule]), decider: AllowAll(), tools: [ship(fails: failure)])
        let ada = try house.caller("ada", "admin")
        #expect(await code { try await house.gate.submit(request, as: ada) } == .unavailable)
        #expect(house.gate.budgets.standing().first?.spent == 60)
        let last = try house.records().last
        #expect(last?["state"] == "failed")
        #expect(last?["usage"] == ["money_micros": 60, "tokens": 2])
        #expect(last?["facts"] == ["n": 1])
        // 60 are spent, and 100 more are not to be had.
        #expect(await code { try await house.gate.submit(request, as: ada) } == .exhausted)
    }

    @Test("A tool with breakers of its own is not left alone by the gate", arguments: [true, false])
    func breaker(_ hasBreaker: Bool) async throws {
        let failure = ActionFailure(GatehouseError("models", .unavailable, "away"))
        let house = try await House.open(
            decider: AllowAll(), tools: [ship(fails: failure, hasBreaker: hasBreaker)])
        let ada = try house.caller("ada", "admin")
        for _ in 0..<12 { _ = try? await house.gate.submit(request, as: ada) }
        let error = await #expect(throws: GatehouseError.self) { try await house.gate.submit(request, as: ada) }
        #expect((error?.message == "away") == !hasBreaker)
    }
}

private struct AskAll: Decider {
    var revision = "test:ask"
    func decide(_ input: DecisionInput) async throws -> Decision {
        Decision(.ask(ApprovalRule(roles: ["admin"])), reason: "test", rule: "all", policyRevision: revision)
    }
}

import Core
import JSON
import Ledger
import Synchronization
import Testing

@testable import Gate

@Suite("Idempotency keys and budgets")
struct OnceTests {
    @Test("64 at once with one key are one action", arguments: [Effect.read, .change])
    func race(_ effect: Effect) async throws {
        let count = OutcomeTests.Box(asked: 0)
        let tool = ScriptedTool("test.count", effect) { _, _ in
            count.ask()
            await Task.yield()
            return Answer(JSON(count.asked))
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let ada = try house.caller("ada", "admin")
        let request = ActionRequest(tool: "test.count", target: "x", idempotencyKey: "one")
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    let submission = try await house.gate.submit(request, as: ada)
                    return "\(submission.actionID) \(submission.answer ?? .null)"
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
        #expect(count.asked == 1)
        // Later, and after a restart.
        #expect(try await house.gate.submit(request, as: ada).answer == 1)
        let again = try await house.reopened(decider: AllowAll(), tools: [tool])
        #expect(try await again.gate.submit(request, as: again.caller("ada", "admin")).answer == 1)
        #expect(count.asked == 1)
        // Another principal's key is another key.
        #expect(try await again.gate.submit(request, as: again.caller("eve", "admin")).answer == 2)
    }

    @Test("The same key with other arguments is a conflict, also while the first is waiting")
    func otherArguments() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let first = try await house.gate.submit(.set("a", "2", idempotencyKey: "k"), as: olga)
        let again = try await house.gate.submit(.set("a", "2", idempotencyKey: "k"), as: olga)
        #expect(try house.waiting(first) == house.waiting(again))
        #expect(await code { try await house.gate.submit(.set("a", "3", idempotencyKey: "k"), as: olga) } == .conflict)
        _ = try await house.gate.approve(house.waiting(first).id, by: house.caller("lee", "admin"), reason: "x")
        #expect(try await house.gate.submit(.set("a", "2", idempotencyKey: "k"), as: olga).answer == ["set": "a"])
    }

    @Test("An answer too large to keep is given once")
    func largeAnswer() async throws {
        let tool = ScriptedTool("test.large") { _, _ in
            Answer(.string(String(repeating: "x", count: ActionTable.greatestAnswer)))
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let ada = try house.caller("ada", "admin")
        let request = ActionRequest(tool: "test.large", target: "x", idempotencyKey: "k")
        #expect(try await house.gate.submit(request, as: ada).answer?.string?.utf8.count == ActionTable.greatestAnswer)
        #expect(await code { try await house.gate.submit(request, as: ada) } == .conflict)
        let large: JSON = ["x": .string(String(repeating: "x", count: 5 << 20))]
        let wide = ScriptedTool("test.wide", .change) { _, _ in throw Unexpected("performed") }
        let other = try await House.open(decider: AllowAll(), tools: [wide])
        let wideRequest = ActionRequest(tool: "test.wide", target: "x", arguments: large)
        #expect(await code { try await other.gate.submit(wideRequest, as: other.caller("ada")) } == .tooLarge)
    }

    @Test("A refusal does not use a key up, a failure does")
    func refusals() async throws {
        let count = OutcomeTests.Box(asked: 0)
        let tool = ScriptedTool("test.fails", .change) { _, _ in
            count.ask()
            throw GatehouseError("test", .conflict, "locked")
        }
        let house = try await House.open(tools: [tool])
        let vera = try house.caller("vera", "viewer")
        #expect(await code { try await house.gate.submit(.set("a", "2", idempotencyKey: "k"), as: vera) } == .denied)
        #expect(await code { try await house.gate.submit(.set("a", "3", idempotencyKey: "k"), as: vera) } == .denied)
        let open = try await house.reopened(decider: AllowAll(), tools: [tool])
        let request = ActionRequest(tool: "test.fails", target: "x", idempotencyKey: "f")
        for _ in 0..<2 {
            #expect(await code { try await open.gate.submit(request, as: open.caller("ada", "admin")) } == .conflict)
        }
        #expect(count.asked == 1)
    }

    @Test("64 concurrent spenders never exceed a budget")
    func spenders() async throws {
        let box = Spending()
        let tool = ScriptedTool("test.spend", cost: Usage(money: 10)) { _, _ in
            box.spend(7)
            await Task.yield()
            return Answer("ok", usage: Usage(money: 7))
        }
        let budget = BudgetRule(subject: .everyone, meter: .money, limit: 1000, window: .day)
        let house = try await House.open(settings: GateSettings(budgets: [budget]), decider: AllowAll(), tools: [tool])
        let request = ActionRequest(tool: "test.spend", target: "x")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                let caller = try house.caller("agent\(number)", "admin", kind: .agent)
                group.addTask {
                    for _ in 0..<8 {
                        do {
                            _ = try await house.gate.submit(request, as: caller)
                        } catch let error as GatehouseError where error.code == .exhausted { continue }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(box.total <= 1000)
        #expect(box.total > 1000 - 17)
        let standing = try #require(house.gate.budgets.standing().first)
        #expect(standing.spent == box.total)
        #expect(standing.reserved == 0)
    }

    final class Spending: Sendable {
        private let sum = Mutex<Int64>(0)
        func spend(_ amount: Int64) { sum.withLock { $0 += amount } }
        var total: Int64 { sum.withLock { $0 } }
    }
}

import Core
import JSON
import Ledger
import Testing

@testable import Gate

@Suite("Undo")
struct UndoTests {
    @Test("An undo is itself decided, approved and recorded, and can be undone")
    func chain() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let lee = try house.caller("lee", "admin")
        let changed = try await house.changed("a", to: "2")
        let undoing = try house.waiting(try await house.gate.undo(changed, as: olga, reason: "it was wrong"))
        #expect(undoing.reason == "it was wrong")
        #expect(try await house.gate.action(changed).undoneBy == nil)
        _ = try house.performed(try await house.gate.approve(undoing.id, by: lee, reason: "yes"))
        #expect(house.world.values["a"] == "1")
        #expect(try await house.gate.action(changed).undoneBy == undoing.actionID)
        #expect(try await house.gate.action(undoing.actionID).action.undoes == changed)
        #expect(try house.story(of: undoing.actionID).last == "undo done")
        #expect(await code { try await house.gate.undo(changed, as: olga, reason: nil) } == .conflict)
        let redoing = try house.waiting(try await house.gate.undo(undoing.actionID, as: olga, reason: nil))
        _ = try house.performed(try await house.gate.approve(redoing.id, by: lee, reason: "yes"))
        #expect(house.world.values["a"] == "2")
    }

    @Test("Only one undoing at a time; one that came to nothing leaves room for another")
    func once() async throws {
        let house = try await House.open()
        let changed = try await house.changed("a", to: "2")
        let olga = try house.caller("olga", "operator")
        let first = try house.waiting(try await house.gate.undo(changed, as: olga, reason: nil))
        #expect(
            await code { try await house.gate.undo(changed, as: house.caller("otto", "operator"), reason: nil) }
                == .conflict)
        _ = try await house.gate.deny(first.id, by: olga, reason: "changed my mind")
        _ = try house.waiting(try await house.gate.undo(changed, as: olga, reason: nil))
    }

    @Test("What has no undo, is not done or is not there is not undone")
    func refused() async throws {
        let plain = ScriptedTool("test.plain", .change) { _, _ in Answer("done") }
        let house = try await House.open(decider: AllowAll(), tools: [plain])
        let ada = try house.caller("ada", "admin")
        let done = try await house.gate.submit(ActionRequest(tool: "test.plain", target: "x"), as: ada)
        let error = await #expect(throws: GatehouseError.self) {
            try await house.gate.undo(done.actionID, as: ada, reason: nil)
        }
        #expect(error?.message == "test.plain has no undo")
        #expect(await code { try await house.gate.undo("act_none", as: ada, reason: nil) } == .notFound)
        let waiting = try await house.gate.submit(.delete("a"), as: ada)
        #expect(await code { try await house.gate.undo(waiting.actionID, as: ada, reason: nil) } == .conflict)
    }
}

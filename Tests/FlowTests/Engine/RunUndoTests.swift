import Core
import JSON
import Testing

@testable import Flow

@Suite("How a run is taken back")
struct RunUndoTests {
    private static func done() throws -> Trial {
        var trial = Trial(
            try .of(
                .action("a", "t.a"), .action("b", "t.b"),
                .action("c", "t.c", needs: ["a", "b"], undo: .none),
                .action(
                    "d", "t.d", needs: ["c"],
                    undo: .action(
                        StepAction(tool: "t.undo", arguments: try Template(["was": "${{ steps.a.outputs }}"]))))))
        trial.go()
        try trial.answer("b")
        try trial.answer("a", 0, "first")
        trial.go()
        try trial.answer("c")
        trial.go()
        try trial.answer("d")
        trial.go()
        return trial
    }

    private static func undone(_ trial: inout Trial) -> [Attempt] {
        var attempts: [Attempt] = []
        while case .submit(let attempt)? = trial.go().first {
            attempts.append(attempt)
            trial.note(.ended(attempt.ref, .succeeded(.value(.null), actionID: nil)))
        }
        return attempts
    }

    @Test("The last that was done is undone first, by the workflow's own action or by the tool's plan")
    func order() throws {
        var trial = try Self.done()
        #expect(trial.state.end?.state == .succeeded)
        trial.note(.undo(UndoRequest(reason: "no")))
        let attempts = Self.undone(&trial)
        #expect(attempts.map(\.ref.step) == ["d", "a", "b"])
        #expect(
            attempts[0].work
                == .action(StepRequest(tool: "t.undo", target: "workflow:test", arguments: ["was": "first"])))
        #expect(attempts[1].work == .undo(actionID: "act_a0"))
        #expect(attempts[1].key == "run_test/undo/a/0/1")
        #expect(trial.state.end?.state == .undone)
    }

    @Test("From a step on, what was done before it stays")
    func from() throws {
        var trial = try Self.done()
        trial.note(.undo(UndoRequest(from: "a", reason: "no")))
        #expect(Self.undone(&trial).map(\.ref.step) == ["d", "a"])
        #expect(throws: GatehouseError.self) { try trial.state.events(for: .undo(UndoRequest(reason: "again"))) }
    }

    @Test("What cannot be undone stops there, and can be tried again under another key")
    func failure() throws {
        var trial = try Self.done()
        trial.note(.undo(UndoRequest(reason: "no")))
        trial.go()
        trial.note(
            .ended(StepRef("d", isUndo: true), .failed(.init("t", .denied, "no"), .refused, actionID: nil, chance: 0)))
        trial.go()
        #expect(trial.state.end?.state == .failed)
        #expect(trial.state.end?.error?.message.contains("step d") == true)
        for kind in try trial.state.events(for: .undo(UndoRequest(reason: "again"))) { trial.note(kind) }
        let attempts = Self.undone(&trial)
        #expect(attempts.map(\.key) == ["run_test/undo/d/0/2", "run_test/undo/a/0/1", "run_test/undo/b/0/1"])
        #expect(trial.state.end?.state == .undone)
    }

    @Test("A step whose failure says so has the run undone, which keeps its reason")
    func onError() throws {
        var trial = Trial(try .of(.action("a", "t.a"), .action("b", "t.b", needs: ["a"], onError: .undo)))
        trial.go()
        try trial.answer("a")
        trial.go()
        trial.fail("b")
        #expect(Self.undone(&trial).map(\.ref.step) == ["a"])
        #expect(trial.state.end == RunEnd(.undone, error: GatehouseError("test", .unavailable, "b broke")))
    }

    @Test("What was changed and has no undo is named when all else is undone, with why the run had failed before")
    func lasting() throws {
        var trial = Trial(
            try .of(
                .action("a", "t.a"), .action("b", "t.b", needs: ["a"]), .action("c", "t.c", needs: ["b"]),
                .action("d", "t.d", needs: ["c"], onError: .undo)))
        for step in ["a", "b", "c"] {
            trial.go()
            try trial.answer(step)
        }
        trial.go()
        trial.fail("d")
        for end in [StepEnd.nothing, .succeeded(.value(.null), actionID: nil), .nothing] {
            guard case .submit(let attempt)? = trial.go().first else { break }
            trial.note(.ended(attempt.ref, end))
        }
        trial.go()
        let end = try #require(trial.state.end)
        #expect(end.state == .undone)
        #expect(end.error?.message == "all is undone but what has no undo: a, c")
        #expect(end.error?.cause == "d broke")
    }

    @Test("A run that is not over is not undone, nor from a step that it did not do")
    func refused() throws {
        var trial = Trial(try .of(.action("a", "t.a"), .action("b", "t.b", needs: ["a"], if: "false")))
        trial.go()
        #expect(throws: GatehouseError.self) { try trial.state.events(for: .undo(UndoRequest(reason: "no"))) }
        try trial.answer("a")
        trial.go()
        for from in ["b", "c"] {
            #expect(throws: GatehouseError.self) {
                try trial.state.events(for: .undo(UndoRequest(from: from, reason: "no")))
            }
        }
    }
}

@Suite("Steps whose outcome nobody saw")
struct RunStuckTests {
    private static func stuck(_ onError: Step.OnError = .fail) throws -> Trial {
        var trial = Trial(
            try .of(
                .action("a", "t.a", onError: onError, outputs: [("n", "${{ result.n }}")]),
                .action("b", "t.b", needs: ["a"])))
        trial.go()
        trial.note(.unknown(StepRef("a"), actionID: "act_a", GatehouseError("gate", .timeout, "not seen")))
        return trial
    }

    private static func settle(_ trial: inout Trial, _ settlement: RunSettlement) throws {
        let request = RunRequest.settle(step: nil, index: 0, settlement, by: "prn_1", reason: "looked")
        for kind in try trial.state.events(for: request) { trial.note(kind) }
    }

    @Test("The run is stuck, and nothing is attempted again by itself")
    func waits() throws {
        var trial = try Self.stuck()
        #expect(trial.state.status == .stuck)
        #expect(trial.go().first == .look(try #require(trial.state.instance(StepRef("a"))?.attempt), actionID: "act_a"))
        trial.pass(.seconds(60))
        #expect(trial.asked() == ["a"])
    }

    @Test("It happened: the run goes on with the answer")
    func happened() throws {
        var trial = try Self.stuck()
        try Self.settle(&trial, .happened(["n": 5]))
        #expect(trial.asked() == ["b"])
        #expect(trial.state.steps["a"]?.outputs == .value(["n": 5]))
    }

    @Test("It did not happen: it is attempted again under another key")
    func didNotHappen() throws {
        var trial = try Self.stuck()
        try Self.settle(&trial, .didNotHappen)
        guard case .submit(let attempt)? = trial.go().first else { return #expect(Bool(false)) }
        #expect(attempt.key == "run_test/a/0/2")
    }

    @Test("It counts as failed")
    func givenUp() throws {
        var trial = try Self.stuck()
        try Self.settle(&trial, .fail)
        trial.go()
        #expect(trial.state.end?.state == .failed)
        #expect(throws: GatehouseError.self) { try Self.settle(&trial, .fail) }
    }

    @Test("What the gate finds out later settles it as well")
    func found() throws {
        var trial = try Self.stuck()
        try trial.answer("a", 0, ["n": 1])
        #expect(trial.asked() == ["b"])
    }
}

import Core
import JSON
import Testing

@testable import Flow

@Suite("What a run does next")
struct RunStateTests {
    @Test("Steps follow one another, each begun before the gate is asked, under a key of its own")
    func sequence() throws {
        var trial = Trial(
            try .of(
                .action("a", "t.a", with: ["x": "${{ inputs.x }}"]),
                .action("b", "t.b", with: ["y": "${{ steps.a.outputs.y }}"], needs: ["a"]),
                outputs: [("z", "${{ steps.b.outputs.z }}")]), inputs: ["x": 7])
        guard case .submit(let first)? = trial.go().first else { return #expect(Bool(false)) }
        #expect(first.key == "run_test/a/0/1")
        #expect(first.work == .action(StepRequest(tool: "t.a", target: "workflow:test", arguments: ["x": 7])))
        #expect(trial.journal.contains { $0.kind == .begun(first) })
        try trial.answer("a", 0, ["y": "why"])
        guard case .submit(let second)? = trial.go().first else { return #expect(Bool(false)) }
        #expect(second.work == .action(StepRequest(tool: "t.b", target: "workflow:test", arguments: ["y": "why"])))
        try trial.answer("b", 0, ["z": true])
        trial.go()
        #expect(trial.state.end == RunEnd(.succeeded, outputs: ["z": true]))
    }

    @Test("A step runs when all that it needs succeeded, or when its condition holds")
    func conditions() throws {
        var trial = Trial(
            try .of(
                .action("a", "t.a", onError: .continue), .action("b", "t.b", needs: ["a"]),
                .action("c", "t.c", needs: ["a"], if: "failure()"),
                .action("d", "t.d", needs: ["a"], if: "success()"), .action("e", "t.e", needs: ["b"], if: "always()")))
        #expect(trial.asked() == ["a"])
        trial.fail("a")
        #expect(trial.asked() == ["c", "e"])
        #expect(trial.state.state(of: "b") == .skipped && trial.state.state(of: "d") == .skipped)
        try trial.answer("c")
        try trial.answer("e")
        trial.go()
        #expect(trial.state.end?.state == .succeeded)
    }

    @Test("Branches begin together and a join waits for all of them")
    func branches() throws {
        var trial = Trial(
            try .of(
                .action("a", "t.a"), .action("b", "t.b"), .join("both", needs: ["a", "b"]),
                .action("c", "t.c", needs: ["both"])))
        #expect(trial.asked() == ["a", "b"])
        try trial.answer("b")
        #expect(trial.asked() == ["a"])
        try trial.answer("a")
        #expect(trial.asked() == ["c"])
    }

    @Test("for_each has as many under way as it may, and its outputs in the order of the elements")
    func forEach() throws {
        var trial = Trial(
            try .of(
                .action(
                    "a", "t.a", with: ["v": "${{ item }}", "n": "${{ index }}"],
                    forEach: .over("${{ inputs.list }}", atOnce: 2)),
                outputs: [("all", "${{ steps.a.outputs }}")]), inputs: ["list": [1, 2, 3]])
        #expect(trial.asked() == ["a", "a[1]"])
        try trial.answer("a", 1, "two")
        #expect(trial.asked() == ["a", "a[2]"])
        try trial.answer("a", 2, "three")
        try trial.answer("a", 0, "one")
        trial.go()
        #expect(trial.state.end?.outputs["all"] == ["one", "two", "three"])
    }

    @Test("Without elements a for_each is done at once, and with what is no list it fails")
    func forEachOfNothing() throws {
        let workflow = try Workflow.of(.action("a", "t.a", forEach: .over("${{ inputs.list }}")))
        var empty = Trial(workflow, inputs: ["list": []])
        empty.go()
        #expect(empty.state.end?.state == .succeeded)
        var wrong = Trial(workflow, inputs: ["list": "x"])
        wrong.go()
        #expect(wrong.state.end?.error?.message.contains("is no list") == true)
    }

    @Test("A run has ten thousand instances at the most")
    func instances() throws {
        let list = JSON.array(Array(repeating: 1, count: 6000))
        var trial = Trial(
            try .of(
                .action("a", "t.a", forEach: .over("${{ inputs.list }}")),
                .action("b", "t.b", forEach: .over("${{ inputs.list }}"))), inputs: ["list": list])
        trial.go()
        #expect(trial.state.state(of: "b") == .failed)
        #expect(trial.state.error?.code == .exhausted)
    }

    @Test("One element that fails ends those that have not begun, unless the step goes on")
    func forEachFails() throws {
        for onError in [Step.OnError.fail, .continue] {
            var trial = Trial(
                try .of(.action("a", "t.a", forEach: .over("${{ inputs.list }}"), onError: onError)),
                inputs: ["list": [1, 2]])
            trial.go()
            trial.fail("a", 0)
            #expect(trial.asked() == (onError == .fail ? [] : ["a[1]"]))
            if onError == .continue { try trial.answer("a", 1) }
            trial.go()
            #expect(trial.state.state(of: "a") == .failed)
            #expect(trial.state.end?.state == (onError == .fail ? .failed : .succeeded))
        }
    }

    @Test("A failure fails the run, what is under way ends, and nothing new begins")
    func failure() throws {
        var trial = Trial(
            try .of(.action("a", "t.a"), .action("b", "t.b"), .action("c", "t.c", needs: ["b"])))
        trial.go()
        trial.fail("a")
        #expect(trial.asked() == ["b"])
        #expect(trial.state.end == nil)
        try trial.answer("b")
        trial.go()
        #expect(trial.state.end?.state == .failed && trial.state.end?.error?.message == "a broke")
        #expect(trial.state.state(of: "c") == .pending)
    }

    @Test("A step is attempted again after growing delays, each time under another key")
    func retry() throws {
        let retry = Retry(attempts: 3, delay: .seconds(2), factor: 3, longestDelay: .seconds(5), jitter: 0.5)
        var trial = Trial(try .of(.action("a", "t.a", retry: retry)))
        trial.go()
        trial.fail("a", chance: 1)
        #expect(trial.asked() == [])
        #expect(trial.go() == [.timer(trial.now + .seconds(3))])
        trial.pass(.seconds(3))
        guard case .submit(let second)? = trial.go().first else { return #expect(Bool(false)) }
        #expect(second.key == "run_test/a/0/2")
        trial.fail("a", chance: 0)
        #expect(trial.go() == [.timer(trial.now + .microseconds(2_500_000))])
        trial.pass(.seconds(3))
        trial.go()
        trial.fail("a")
        trial.go()
        #expect(trial.state.end?.state == .failed)
    }

    @Test("What would fail again is not attempted again; what was cut short is, without counting")
    func retriesOnlyWhatMayHelp() throws {
        var trial = Trial(try .of(.action("a", "t.a", retry: Retry(attempts: 5))))
        trial.go()
        trial.fail("a", 0, .refused)
        trial.go()
        #expect(trial.state.end?.state == .failed)
        var short = Trial(try .of(.action("a", "t.a")))
        short.go()
        short.fail("a", 0, .interrupted)
        #expect(short.asked() == ["a"])
        #expect(short.state.end == nil)
    }

    @Test("A run that takes too long fails; the time that it waits for people does not count")
    func timeout() throws {
        let workflow = try Workflow.of(.action("a", "t.a"), timeout: .seconds(100))
        var trial = Trial(workflow)
        #expect(trial.go().last == .timer(trial.now + .seconds(100)))
        trial.pass(.seconds(60))
        trial.note(.waiting(StepRef("a"), actionID: "act_1", approvalID: "apr_1"))
        trial.pass(.seconds(1000))
        trial.go()
        #expect(trial.state.closing == nil && trial.state.status == .waiting)
        trial.note(.ended(StepRef("a"), .failed(.init("t", .unavailable, ""), .interrupted, actionID: nil, chance: 0)))
        trial.go()
        trial.pass(.seconds(40))
        trial.go()
        #expect(trial.state.error?.code == .timeout)
    }

    @Test("A time, and an event until a time, are waited for")
    func waits() throws {
        var trial = Trial(
            try .of(
                .wait("t", .time(.seconds(60))), .wait("u", .until(Template("2026-01-01T00:00:00Z"))),
                .wait(
                    "e", .event(name: "go", condition: Expression("event.n > 1"), timeout: .seconds(50)),
                    onError: .continue)),
            at: Timestamp("2025-12-31T23:59:30Z")!)
        trial.go()
        #expect(trial.state.listens == ["go"])
        #expect(trial.state.status == .waiting)
        #expect(try trial.state.events(for: .deliver(event: "go", ["n": 1])) == [])
        for kind in try trial.state.events(for: .deliver(event: "go", ["n": 2])) { trial.note(kind) }
        #expect(trial.state.state(of: "e") == .succeeded)
        trial.pass(.seconds(30))
        trial.go()
        #expect(trial.state.state(of: "u") == .succeeded && trial.state.state(of: "t") == .waiting)
        trial.pass(.seconds(30))
        trial.go()
        #expect(trial.state.end?.state == .succeeded)
    }

    @Test("An event that does not come in time is a failure")
    func eventTimeout() throws {
        var trial = Trial(try .of(.wait("e", .event(name: "go", condition: nil, timeout: .seconds(50)))))
        trial.go()
        trial.pass(.seconds(50))
        trial.go()
        #expect(trial.state.end?.error?.code == .timeout)
    }

    @Test("What people say decides what becomes of an approval", arguments: [StepEnd.Failure.denied, .expired])
    func approvals(_ failure: StepEnd.Failure) throws {
        for otherwise in ApprovalStep.Otherwise.allCases {
            let (deny, late): (ApprovalStep.Otherwise, ApprovalStep.Otherwise) =
                failure == .denied ? (otherwise, .fail) : (.fail, otherwise)
            var trial = Trial(
                try .of(
                    .approval(
                        "a", onTimeout: failure == .denied ? .continue : late,
                        onDeny: failure == .denied ? deny : .continue),
                    .action("b", "t.b", needs: ["a"], if: "always()")))
            trial.go()
            trial.note(.waiting(StepRef("a"), actionID: "act_1", approvalID: "apr_1"))
            #expect(trial.state.status == .waiting)
            trial.fail("a", 0, failure)
            #expect(trial.asked() == (otherwise == .continue ? ["b"] : []))
            switch otherwise {
            case .fail: #expect(trial.state.end?.state == .failed)
            case .undo: #expect(trial.state.end?.state == .undone)
            case .continue: #expect(trial.state.end == nil)
            }
        }
    }

    @Test("A run below has its inputs worked out, and stands for the step")
    func below() throws {
        var trial = Trial(
            try .of(
                .workflow("w", "other", with: ["n": "${{ inputs.n }}"]), outputs: [("o", "${{ steps.w.outputs.o }}")]),
            inputs: ["n": 3])
        #expect(trial.go().first == .follow(StepRef("w"), run: "run_child1", workflow: "other", inputs: ["n": 3]))
        #expect(trial.state.status == .waiting)
        trial.note(.ended(StepRef("w"), .succeeded(.value(["o": 4]), actionID: nil)))
        trial.go()
        #expect(trial.state.end?.outputs["o"] == 4)
    }

    @Test("Runs go eight deep and no deeper")
    func depth() throws {
        var start = RunStart.test()
        start.depth = 7
        let state = RunState(try .of(.workflow("w", "other")), start, at: Timestamp(seconds: 0))
        guard case .note(.ended(_, .failed(let error, .refused, _, _)))? = state.next(now: Timestamp(seconds: 0)).first
        else { return #expect(Bool(false)) }
        #expect(error.code == .exhausted)
        start.depth = 6
        let above = RunState(try .of(.workflow("w", "other")), start, at: Timestamp(seconds: 0))
        guard case .begin? = above.next(now: Timestamp(seconds: 0)).first else { return #expect(Bool(false)) }
    }

    @Test("A cancelled run begins nothing, withdraws what people are asked and ends what it waits for")
    func cancel() throws {
        var trial = Trial(
            try .of(
                .action("a", "t.a"), .action("b", "t.b"), .wait("t", .time(.seconds(60))), .workflow("w", "other"),
                .action("c", "t.c", needs: ["a"])))
        trial.go()
        trial.note(.waiting(StepRef("b"), actionID: "act_b", approvalID: "apr_b"))
        trial.note(.cancelled(by: "prn_1", reason: "no"))
        let commands = trial.go()
        #expect(commands.contains(.withdraw(StepRef("b"), approvalID: "apr_b")))
        #expect(commands.contains(.cancel(StepRef("w"), run: "run_child1")))
        #expect(trial.state.state(of: "t") == .cancelled)
        try trial.answer("a")
        trial.note(.ended(StepRef("b"), .cancelled))
        trial.note(.ended(StepRef("w"), .cancelled))
        trial.go()
        #expect(trial.state.end?.state == .cancelled)
        #expect(trial.state.state(of: "c") == .pending)
    }

    @Test("An answer that is too large is cut, and whatever reads it fails with the reason")
    func cut() throws {
        let big = JSON.string(String(repeating: "x", count: StepOutputs.greatest))
        let workflow = try Workflow.of(
            .action("a", "t.a"), .action("b", "t.b", needs: ["a"], if: "steps.a.state == 'succeeded'"),
            .action("c", "t.c", with: ["x": "${{ steps.a.outputs }}"], needs: ["b"]))
        var trial = Trial(workflow)
        trial.go()
        try trial.answer("a", 0, big)
        #expect(trial.asked() == ["b"])
        try trial.answer("b")
        trial.go()
        #expect(trial.state.end?.error?.code == .tooLarge)
        #expect(trial.state.end?.error?.message.contains("sha256:") == true)
        var parts = Trial(
            try .of(
                .action("a", "t.a", outputs: [("n", "${{ length(result) }}")]),
                outputs: [("n", "${{ steps.a.outputs.n }}")]))
        parts.go()
        try parts.answer("a", 0, big)
        parts.go()
        #expect(parts.state.end?.outputs["n"] == JSON(StepOutputs.greatest))
    }

    @Test("A run's steps do not intervene in runs")
    func noIntervening() throws {
        for tool in ["workflow.run", "workflow.cancel", "workflow.resume", "workflow.undo", "workflow.approval"] {
            var trial = Trial(try .of(.action("a", tool)))
            trial.go()
            #expect(trial.state.end?.error?.code == .unsupported)
        }
    }
}

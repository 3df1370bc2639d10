import Core
import Gate
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite("Intervening in runs")
struct InterveningTests {
    @Test("A cancelled run withdraws what people are asked, and begins nothing")
    func cancel() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.make", with: ["n": 1]), .approval("ask", needs: ["a"]),
                .workflow("w", "other", needs: ["a"]), .action("b", "deed.make", with: ["n": 2], needs: ["ask"])),
            try .of(.approval("deeper"), name: "other"))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            try await wait("both are asked") { try await house.gate.approvals.list(state: .waiting).count == 2 }
            try await house.until(run.id, .waiting)
            _ = try await house.engine.cancel(run.id, by: try house.caller("carl"), reason: "a mistake")
            let record = try await house.until(run.id, .cancelled)
            #expect(record.error?.message.contains("a mistake") == true)
            #expect(try await house.gate.approvals.list(state: .denied).count == 2)
            #expect(try await house.engine.runs(parent: run.id).map(\.status) == [.cancelled])
            #expect(house.deeds.done == ["make 1"])
            #expect(
                await code { try await house.engine.cancel(run.id, by: try house.caller(), reason: "again") }
                    == .conflict)
            #expect(
                await code { try await house.engine.cancel("run_x", by: try house.caller(), reason: "x") } == .notFound)
        }
    }

    @Test("What was done is undone by whoever asks for it, the last first, through the gate")
    func undo() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.make", with: ["n": 1]), .action("l", "deed.look", with: ["n": 0], needs: ["a"]),
                .action("b", "deed.make", with: ["n": 2], needs: ["l"]),
                .action(
                    "c", "deed.make", with: ["n": 3], needs: ["b"],
                    undo: .action(StepAction(tool: "deed.unmake", arguments: try Template(["n": "three"]))))))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            try await house.until(run.id, .succeeded)
            _ = try await house.engine.undo(run.id, from: "b", by: try house.caller("ursula"), reason: "no")
            try await house.until(run.id, .undone)
            #expect(house.deeds.done.suffix(2) == ["unmake three", "unmake 2"])
            let undoing = try await house.gate.actions().filter { $0.action.tool == "deed.unmake" }
            #expect(undoing.allSatisfy { $0.principalID == "test#ursula" })
            #expect(undoing.compactMap(\.action.undoes).count == 1)
        }
    }

    @Test("Undoing waits for people where policy asks them")
    func undoAsks() async throws {
        let house = try await FlowHouse.open(try .of(.action("a", "deed.make", with: ["n": 1])), decider: nil)
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let first = try await house.approval()
            _ = try await house.gate.approve(first.id, by: house.caller("lee", "security_lead"), reason: "fine")
            try await house.until(run.id, .succeeded)
            _ = try await house.engine.undo(run.id, by: try house.caller(), reason: "no")
            let second = try await house.approval(besides: [first.id])
            #expect(second.tool == "deed.unmake")
            try await house.until(run.id, .undoing)
            _ = try await house.gate.approve(second.id, by: house.caller("lee", "security_lead"), reason: "fine")
            try await house.until(run.id, .undone)
            #expect(house.deeds.done == ["make 1", "unmake 1"])
        }
    }

    @Test("A step whose outcome nobody saw makes the run stuck, until a person settles it")
    func stuck() async throws {
        let calls = Atomic<Int>(0)
        let tool = DeedTool("deed.lost", .change) { _, _ in
            if calls.add(1, ordering: .relaxed).newValue == 1 {
                throw GatehouseError("deed", .timeout, "the line is dead")
            }
            return Answer(["n": 2])
        }
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.lost", retry: Retry(attempts: 5)),
                .action("b", "deed.look", with: ["n": "${{ steps.a.outputs.n }}"], needs: ["a"])), tools: [tool])
        try await house.running {
            let caller = try house.caller()
            let lost = try await house.engine.start("test", as: caller)
            try await house.until(lost.id, .stuck)
            #expect(calls.load(ordering: .relaxed) == 1)
            #expect(
                await code { try await house.engine.resume(lost.id, step: "b", as: .fail, by: caller, reason: "x") }
                    == .conflict)
            _ = try await house.engine.resume(lost.id, as: .happened(["n": 7]), by: caller, reason: "I looked")
            try await house.until(lost.id, .succeeded)
            #expect(house.deeds.done == ["look 7"])
        }
    }

    @Test("It did not happen: it is attempted again; it counts as failed: the run fails")
    func settled() async throws {
        let calls = Atomic<Int>(0)
        let tool = DeedTool("deed.lost", .change) { _, _ in
            if !calls.add(1, ordering: .relaxed).newValue.isMultiple(of: 2) {
                throw GatehouseError("deed", .timeout, "the line is dead")
            }
            return Answer(["n": 2])
        }
        let house = try await FlowHouse.open(try .of(.action("a", "deed.lost")), tools: [tool])
        try await house.running {
            let caller = try house.caller()
            let again = try await house.engine.start("test", as: caller)
            try await house.until(again.id, .stuck)
            _ = try await house.engine.resume(again.id, as: .didNotHappen, by: caller, reason: "I looked")
            try await house.until(again.id, .succeeded)
            #expect(calls.load(ordering: .relaxed) == 2)
            let failed = try await house.engine.start("test", as: caller)
            try await house.until(failed.id, .stuck)
            _ = try await house.engine.resume(failed.id, as: .fail, by: caller, reason: "I looked")
            try await house.until(failed.id, .failed)
        }
    }

    @Test("What its tool can tell is settled by that, without anybody")
    func reconciled() async throws {
        let tool = DeedTool("deed.lost", .change, looksAgain: { _ in .happened(Answer(["n": 9])) }) { _, _ in
            throw GatehouseError("deed", .timeout, "the line is dead")
        }
        let house = try await FlowHouse.open(
            try .of(.action("a", "deed.lost"), outputs: [("n", "${{ steps.a.outputs.n }}")]), tools: [tool])
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            #expect(try await house.until(run.id, .succeeded).outputs == ["n": 9])
        }
    }

    @Test("A principal that is stopped or removed ends its runs, with the reason")
    func stopped() async throws {
        let house = try await FlowHouse.open(try .of(.approval("ask"), .wait("t", .time(.seconds(100)))))
        try await house.running {
            for removes in [false, true] {
                let principal = try await house.gate.identity.addPrincipal(
                    kind: .service, name: "bot", roles: ["operator"])
                let run = try await house.engine.start("test", as: try house.gate.enter(principal))
                try await house.until(run.id, .waiting)
                if removes {
                    try await house.gate.identity.removePrincipal(principal.id)
                } else {
                    try await house.gate.identity.kill(principal.id, reason: "it ran wild")
                }
                house.engine.dispatcher.post(run.id, .wake)
                let record = try await house.until(run.id, .failed)
                #expect(record.error?.message.contains(removes ? "no longer there" : "was stopped") == true)
            }
        }
    }

    @Test("Roles are those of each step, not those of the beginning")
    func roles() async throws {
        let house = try await FlowHouse.open(
            try .of(.wait("t", .time(.seconds(100))), .action("a", "deed.make", with: ["n": 1], needs: ["t"])),
            decider: nil)
        try await house.running {
            let principal = Principal(id: "local:4000000000", kind: .person, name: "x", roles: ["operator"])
            let run = try await house.engine.start("test", as: try house.gate.enter(principal))
            try await house.until(run.id, .waiting)
            house.clock.advance(by: .seconds(101))
            // As a user of this machine it has the roles that the settings give, which let nobody change anything.
            #expect(try await house.until(run.id, .failed).error?.code == .denied)
        }
    }
}

@Suite("Runs of one group")
struct GroupTests {
    private static func house(_ policy: Concurrency.Policy) async throws -> FlowHouse {
        try await FlowHouse.open(
            try .of(
                .approval("ask"), inputs: [WorkflowInput(name: "g")],
                concurrency: Concurrency(group: try Template("${{ inputs.g }}"), policy: policy)))
    }

    private static func agree(_ house: FlowHouse, _ seen: Set<String> = []) async throws -> String {
        let approval = try await house.approval(besides: seen)
        _ = try await house.gate.approve(approval.id, by: house.caller("lee", "security_lead"), reason: "fine")
        return approval.id
    }

    @Test("A later one waits for its turn")
    func queue() async throws {
        let house = try await Self.house(.queue)
        try await house.running {
            let caller = try house.caller()
            let first = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
            let second = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
            let third = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
            #expect(second.status == .queued)
            try await house.until(first.id, .waiting)
            let other = try await house.engine.start("test", inputs: ["g": "y"], as: caller)
            try await house.until(other.id, .waiting)
            #expect(try await house.engine.run(second.id).status == .queued)
            _ = try await house.engine.cancel(first.id, by: caller, reason: "enough")
            try await house.until(second.id, .waiting)
            #expect(try await house.engine.run(third.id).status == .queued)
            _ = try await house.engine.cancel(third.id, by: caller, reason: "enough")
            try await house.until(third.id, .cancelled)
        }
    }

    @Test("A later one ends the one that runs")
    func replace() async throws {
        let house = try await Self.house(.replace)
        try await house.running {
            let caller = try house.caller()
            let first = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
            try await house.until(first.id, .waiting)
            let second = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
            try await house.until(first.id, .cancelled)
            try await house.until(second.id, .waiting)
        }
    }

    @Test("A later one is not begun")
    func skip() async throws {
        let house = try await Self.house(.skip)
        try await house.running {
            let caller = try house.caller()
            let first = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
            #expect(await code { try await house.engine.start("test", inputs: ["g": "x"], as: caller) } == .conflict)
            _ = try await Self.agree(house)
            try await house.until(first.id, .succeeded)
            _ = try await house.engine.start("test", inputs: ["g": "x"], as: caller)
        }
    }

    @Test("A run below one of its own group does not wait for it")
    func below() async throws {
        let group = Concurrency(group: try Template("same"))
        let house = try await FlowHouse.open(
            try .of(.workflow("w", "other"), concurrency: group),
            try .of(.action("a", "deed.make", with: ["n": 1]), name: "other", concurrency: group))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            try await house.until(run.id, .succeeded)
        }
    }
}

import Core
import Gate
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite("Runs after a restart")
struct RestartTests {
    @Test("All that was open is taken up, by the workflow that it began with")
    func takenUp() async throws {
        let first = try await FlowHouse.open(
            try .of(
                .action("a", "deed.make", with: ["n": 1]), .approval("ask", needs: ["a"]),
                .action("b", "deed.make", with: ["n": 2], needs: ["ask"])))
        let caller = try first.caller()
        let run = try await first.running {
            let run = try await first.engine.start("test", as: caller)
            try await first.until(run.id, .waiting)
            return run
        }
        first.shelf.put(try .of(.action("other", "deed.look")))
        let second = try await first.reopened()
        try await second.running {
            let approval = try await second.approval()
            _ = try await second.gate.approve(approval.id, by: second.caller("lee", "security_lead"), reason: "fine")
            try await second.until(run.id, .succeeded)
            #expect(second.deeds.done == ["make 1", "make 2"])
        }
    }

    @Test("What ended long ago is forgotten with the runs below it; what is newer or open stays")
    func forgotten() async throws {
        let house = try await FlowHouse.open(
            try .of(.workflow("below", "inner"), name: "outer"),
            try .of(.action("a", "deed.make", with: ["n": 1]), name: "inner"),
            try .of(.approval("ask"), name: "open"))
        try await house.running {
            let caller = try house.caller()
            let old = try await house.engine.start("outer", as: caller)
            try await house.until(old.id, .succeeded)
            let open = try await house.engine.start("open", as: caller)
            try await house.until(open.id, .waiting)
            let journal = house.engine.journal
            #expect(try await journal.forget(before: house.clock.now(), limit: 200) == 0)
            house.clock.advance(by: .seconds(10))
            let new = try await house.engine.start("inner", as: caller)
            try await house.until(new.id, .succeeded)
            let limit = house.clock.now() - .seconds(5)
            #expect(try await journal.forget(before: limit, limit: 200) == 1)
            #expect(try await journal.forget(before: limit, limit: 200) == 1, "the run below it")
            #expect(try await journal.forget(before: limit, limit: 200) == 0)
            #expect(Set(try await house.engine.runs().map(\.id)) == [open.id, new.id])
            #expect(await code { try await house.engine.journal(of: old.id) } == .notFound)
            #expect(try await house.engine.state(of: new.id).workflow.name == "inner")
        }
    }

    @Test("An attempt that was begun and not asked for is asked for, under the key that it has")
    func begun() async throws {
        let first = try await FlowHouse.open(try .of(.action("a", "deed.make", with: ["n": 1])))
        let run = try await first.engine.start("test", as: try first.caller())
        var state = try await first.engine.journal.load(run.id)
        guard case .note(let begun)? = state.next(now: first.clock.now()).first else { return #expect(Bool(false)) }
        let event = RunEvent(begun, at: first.clock.now())
        state.apply(event)
        try await first.engine.journal.append([event], to: state)
        let second = try await first.reopened()
        try await second.running {
            try await second.until(run.id, .succeeded)
            #expect(second.deeds.done == ["make 1"])
            #expect(try await second.gate.actions().map(\.action.idempotencyKey) == ["\(run.id)/a/0/1"])
        }
    }

    @Test(
        "An attempt that was asked for and is not known of is not made again: the gate answers with what became of it")
    func asked() async throws {
        let first = try await FlowHouse.open(
            try .of(.action("a", "deed.make", with: ["n": 1]), outputs: [("made", "${{ steps.a.outputs.made }}")]))
        let caller = try first.caller()
        let run = try await first.engine.start("test", as: caller)
        var state = try await first.engine.journal.load(run.id)
        guard case .note(.begun(let attempt))? = state.next(now: first.clock.now()).first,
            case .action(let work) = attempt.work
        else { return #expect(Bool(false)) }
        let event = RunEvent(.begun(attempt), at: first.clock.now())
        state.apply(event)
        try await first.engine.journal.append([event], to: state)
        let request = ActionRequest(
            tool: work.tool, target: work.target, arguments: work.arguments, idempotencyKey: attempt.key)
        _ = try await first.gate.submit(request, as: caller)
        let second = try await first.reopened()
        try await second.running {
            let record = try await second.until(run.id, .succeeded)
            #expect(record.outputs == ["made": 1])
            #expect(second.deeds.done == ["make 1"])
        }
    }

    @Test("Timers and turns in a queue outlast the process")
    func timers() async throws {
        let group = Concurrency(group: try Template("g"))
        let first = try await FlowHouse.open(
            try .of(.wait("t", .time(.seconds(1000))), timeout: .seconds(100_000), concurrency: group))
        let caller = try first.caller()
        let one = try await first.engine.start("test", as: caller)
        let two = try await first.engine.start("test", as: caller)
        try await first.running { try await first.until(one.id, .waiting) }
        first.clock.advance(by: .seconds(2000))
        let second = try await first.reopened()
        try await second.running {
            try await second.until(one.id, .succeeded)
            try await second.until(two.id, .waiting)
        }
    }

    @Test(
        "An approval that was settled while nothing ran is found, and one whose session expired fails with the reason")
    func settledMeanwhile() async throws {
        let first = try await FlowHouse.open(try .of(.approval("ask", expires: .seconds(1000))))
        let run = try await first.running {
            let run = try await first.engine.start("test", as: try first.caller())
            _ = try await first.approval()
            try await first.until(run.id, .waiting)
            return run
        }
        let approval = try await first.approval()
        _ = try await first.gate.approve(approval.id, by: first.caller("lee", "security_lead"), reason: "fine")
        let second = try await first.reopened()
        try await second.running { try await second.until(run.id, .succeeded) }
    }

    @Test("What an event that was lost would have told is found by looking")
    func lostEvent() async throws {
        let house = try await FlowHouse.open(try .of(.approval("ask")))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let approval = try await house.approval()
            try await house.until(run.id, .waiting)
            let action = approval.actionID
            #expect(house.engine.awaited.withLock { $0.run(of: action) } == run.id)
            await house.engine.lookAtAwaited()
            #expect(try await house.engine.run(run.id).status == .waiting)
            _ = try await house.gate.approve(approval.id, by: house.caller("lee", "security_lead"), reason: "fine")
            await house.engine.lookAtAwaited()
            try await house.until(run.id, .succeeded)
            #expect(house.engine.awaited.withLock { $0.all.isEmpty })
        }
    }

    @Test("Whoever asks for something while nothing runs is told so")
    func notRunning() async throws {
        let house = try await FlowHouse.open(try .of(.approval("ask")))
        let caller = try house.caller()
        let run = try await house.running {
            let run = try await house.engine.start("test", as: caller)
            try await house.until(run.id, .waiting)
            return run
        }
        #expect(await code { try await house.engine.cancel(run.id, by: caller, reason: "x") } == .unavailable)
    }

    @Test("A second writer to a journal is refused")
    func secondWriter() async throws {
        let house = try await FlowHouse.open(try .of(.action("a", "deed.look")))
        let run = try await house.engine.start("test", as: try house.caller())
        var state = try await house.engine.journal.load(run.id)
        var other = state
        let event = RunEvent(.labels([.pii]), at: house.clock.now())
        state.apply(event)
        try await house.engine.journal.append([event], to: state)
        other.apply(event)
        let late = other
        #expect(await code { try await house.engine.journal.append([event], to: late) } == .conflict)
    }
}

@Suite("Times of runs")
struct TimersTests {
    @Test("Each run has one time, and the earliest is found whatever came when", arguments: 0..<10)
    func order(_ seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var timers = Timers()
        var known: [String: Int64] = [:]
        for _ in 0..<2000 {
            let run = "run_\(Int.random(in: 0..<50, using: &random))"
            if Int.random(in: 0..<5, using: &random) == 0 {
                timers.set(run, at: nil)
                known[run] = nil
            } else if Int.random(in: 0..<6, using: &random) == 0 {
                let now = Int64.random(in: 0...600, using: &random)
                #expect(Set(timers.due(at: Timestamp(seconds: now))) == Set(known.filter { $0.value <= now }.keys))
                known = known.filter { $0.value > now }
            } else {
                let time = Int64.random(in: 0...1000, using: &random)
                timers.set(run, at: Timestamp(seconds: time))
                known[run] = time
            }
            #expect(timers.first() == known.values.min().map { Timestamp(seconds: $0) })
            #expect(timers.count == known.count)
        }
    }
}

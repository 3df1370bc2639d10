import Core
import Gate
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite("Runs through the gate")
struct EngineTests {
    @Test("Reads and changes follow one another, each an action of whoever started the run, in a session of its own")
    func steps() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.look", with: ["n": "${{ inputs.n }}"]),
                .action("b", "deed.make", with: ["n": "${{ steps.a.outputs.n }}"], needs: ["a"]),
                inputs: [WorkflowInput(name: "n", kind: .number, isRequired: true)],
                outputs: [("made", "${{ steps.b.outputs.made }}")]))
        try await house.running {
            let caller = try house.caller()
            let run = try await house.engine.start("test", inputs: ["n": 4], as: caller)
            let record = try await house.until(run.id, .succeeded)
            #expect(record.outputs == ["made": 4])
            #expect(house.deeds.done == ["look 4", "make 4"])
            #expect(
                try await house.kinds(of: run.id) == [
                    "started", "begun", "session", "ended", "begun", "ended", "finished",
                ])
            let actions = try await house.gate.actions()
            #expect(actions.map(\.action.idempotencyKey) == ["\(run.id)/b/0/1"])
            #expect(actions[0].principalID == "test#olga" && actions[0].sessionID != caller.session.id)
            #expect(await code { try house.gate.sessions.current(actions[0].sessionID) } == .denied)
        }
    }

    @Test("A step waits for people, and goes on when the last of them has agreed")
    func approval() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .approval("ask", roles: ["legal"], quorum: 2),
                .action("b", "deed.make", with: ["n": "${{ steps.ask.outputs.approved }}"], needs: ["ask"])))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let approval = try await house.approval()
            try await house.until(run.id, .waiting)
            #expect(approval.rule == ApprovalRule(roles: ["legal"], quorum: 2, expires: .seconds(600)))
            #expect(approval.preview.summary == "shall it be?")
            try await wait("the run is let go of") { house.engine.dispatcher.count == 0 }
            _ = try await house.gate.approve(approval.id, by: house.caller("lea", "legal"), reason: "yes")
            _ = try await house.gate.approve(approval.id, by: house.caller("leo", "legal"), reason: "yes")
            try await house.until(run.id, .succeeded)
            #expect(house.deeds.done == ["make true"])
        }
    }

    @Test("What people deny fails the step, and the reason is theirs")
    func denied() async throws {
        let house = try await FlowHouse.open(try .of(.approval("ask", onDeny: .fail)))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let approval = try await house.approval()
            _ = try await house.gate.deny(approval.id, by: house.caller("lee", "security_lead"), reason: "never")
            let record = try await house.until(run.id, .failed)
            #expect(record.error?.message.contains("never") == true)
            #expect(try await house.engine.state(of: run.id).steps["ask"]?.instances.first?.failure == .denied)
        }
    }

    @Test("What nobody settles in time is expired, and on_timeout says what then")
    func expired() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.make", with: ["n": 1]),
                .approval("ask", expires: .seconds(60), onTimeout: .undo, needs: ["a"])))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            _ = try await house.approval()
            try await house.until(run.id, .waiting)
            house.clock.advance(by: .seconds(61))
            let sweeping = Task { try await house.gate.run() }
            let record = try await house.until(run.id, .undone)
            sweeping.cancel()
            _ = try? await sweeping.value
            #expect(house.deeds.done == ["make 1", "unmake 1"])
            #expect(record.error != nil)
        }
    }

    @Test("A change that policy has people asked about waits as its action waits")
    func askedByPolicy() async throws {
        let house = try await FlowHouse.open(try .of(.action("a", "deed.make", with: ["n": 1])), decider: nil)
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let approval = try await house.approval()
            _ = try await house.gate.approve(approval.id, by: house.caller("lee", "security_lead"), reason: "fine")
            let record = try await house.until(run.id, .succeeded)
            #expect(house.deeds.done == ["make 1"])
            #expect(try await house.engine.state(of: record.id).steps["a"]?.outputs == .value(["made": 1]))
        }
    }

    @Test("A workflow grants nothing: what its starter may not do, it may not")
    func grantsNothing() async throws {
        let house = try await FlowHouse.open(try .of(.action("a", "deed.make", with: ["n": 1])), decider: nil)
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller("vic", "viewer"))
            let record = try await house.until(run.id, .failed)
            #expect(record.error?.code == .denied)
            #expect(house.deeds.done == [])
        }
    }

    @Test("What fails is attempted again when its time has come, under another key")
    func retries() async throws {
        let house = try await FlowHouse.open(
            try .of(.action("a", "deed.fail", retry: Retry(attempts: 3, delay: .seconds(100), jitter: 0))))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            for count in 1...2 {
                try await wait("attempt \(count)") {
                    house.deeds.done.count == count && house.engine.dispatcher.count == 0
                }
                try await house.until(run.id, .waiting)
                house.clock.advance(by: .seconds(300))
            }
            let record = try await house.until(run.id, .failed)
            #expect(house.deeds.done.count == 3)
            #expect(record.error?.message == "it broke")
            let keys = try await house.gate.actions().compactMap(\.action.idempotencyKey)
            #expect(Set(keys) == ["\(run.id)/a/0/1", "\(run.id)/a/0/2", "\(run.id)/a/0/3"])
        }
    }

    @Test("A read that takes longer than its step may is given up")
    func timeout() async throws {
        let slow = DeedTool("deed.slow", .read) { _, _ in
            try await Task.sleep(for: .seconds(600))
            return Answer(.null)
        }
        let house = try await FlowHouse.open(
            try .of(.action("a", "deed.slow", timeout: .milliseconds(20))), tools: [slow])
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            #expect(try await house.until(run.id, .failed).error?.code == .timeout)
        }
    }

    @Test("What is revealed is kept nowhere, and whatever reads it fails")
    func revealed() async throws {
        let tool = DeedTool("deed.reveal", .reveal) { _, _ in Answer(["secret": "open sesame"]) }
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.reveal"),
                .action("b", "deed.look", with: ["n": "${{ steps.a.outputs.secret }}"], needs: ["a"])), tools: [tool])
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let record = try await house.until(run.id, .failed)
            #expect(record.error?.message.contains("kept nowhere") == true)
            let journal = try await house.engine.journal(of: run.id).map(\.json.description).joined()
            #expect(!journal.contains("sesame"))
        }
    }

    @Test("A run below has its own journal, and is undone with the run above")
    func below() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .workflow("w", "other", with: ["n": 3]), .action("b", "deed.make", with: ["n": "b"], needs: ["w"]),
                outputs: [("o", "${{ steps.w.outputs.o }}")]),
            try .of(
                .action("a", "deed.make", with: ["n": "${{ inputs.n }}"]), name: "other",
                inputs: [WorkflowInput(name: "n", kind: .number)], outputs: [("o", "${{ steps.a.outputs.made }}")]))
        try await house.running {
            let caller = try house.caller()
            let run = try await house.engine.start("test", as: caller)
            let record = try await house.until(run.id, .succeeded)
            #expect(record.outputs == ["o": 3])
            let below = try #require(try await house.engine.runs(parent: run.id).first)
            #expect(below.status == .succeeded && below.depth == 1 && below.principalID == "test#olga")
            _ = try await house.engine.undo(run.id, by: caller, reason: "no")
            try await house.until(run.id, .undone)
            #expect(house.deeds.done == ["make 3", "make b", "unmake b", "unmake 3"])
            #expect(try await house.engine.run(below.id).status == .undone)
        }
    }

    @Test("A workflow that has itself run ends at the eighth")
    func recursion() async throws {
        let house = try await FlowHouse.open(try .of(.workflow("w", "test")))
        try await house.running {
            let run = try await house.engine.start("test", as: try house.caller())
            let record = try await house.until(run.id, .failed)
            #expect(record.error?.code == .exhausted)
            #expect(try await house.engine.runs().count == 8)
        }
    }

    @Test("An element at a time or several, and their outputs in order")
    func forEach() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.make", with: ["n": "${{ item }}"], forEach: .over("${{ inputs.list }}", atOnce: 3)),
                inputs: [WorkflowInput(name: "list", kind: .array)],
                outputs: [("all", "${{ pluck(steps.a.outputs, 'made') }}")]))
        try await house.running {
            let list = JSON.array((0..<40).map { JSON($0) })
            let run = try await house.engine.start("test", inputs: ["list": list], as: try house.caller())
            #expect(try await house.until(run.id, .succeeded).outputs?["all"] == list)
            #expect(house.deeds.done.count == 40)
        }
    }

    @Test("An event wakes the runs that wait for it, and no others")
    func events() async throws {
        let condition = try Expression("event.id == inputs.id")
        let house = try await FlowHouse.open(
            try .of(
                .wait("e", .event(name: "deployed", condition: condition, timeout: .seconds(600))),
                inputs: [WorkflowInput(name: "id", kind: .number)], outputs: [("who", "${{ steps.e.outputs.who }}")]))
        try await house.running {
            let one = try await house.engine.start("test", inputs: ["id": 1], as: try house.caller())
            let two = try await house.engine.start("test", inputs: ["id": 2], as: try house.caller())
            try await house.until(one.id, .waiting)
            try await house.until(two.id, .waiting)
            #expect(try await house.engine.deliver(.named("other"), ["id": 2]).isEmpty)
            try await house.engine.deliver(.named("deployed"), ["id": 2, "who": "ada"])
            #expect(try await house.until(two.id, .succeeded).outputs == ["who": "ada"])
            #expect(try await house.engine.run(one.id).status == .waiting)
            house.clock.advance(by: .seconds(601))
            #expect(try await house.until(one.id, .failed).error?.code == .timeout)
        }
    }

    @Test("What passes through a step stays with the run, also in a later session")
    func labels() async throws {
        let tool = DeedTool("deed.pii", .read) { _, _ in Answer(["x": 1], labels: [.pii]) }
        let seen = Mutex<[Set<Label>]>([])
        let watching = DeedTool("deed.watch", .read) { _, context in
            seen.withLock { $0.append(context.labels) }
            return Answer(.null)
        }
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.pii"), .wait("t", .time(.seconds(86_400)), needs: ["a"]),
                .action("b", "deed.watch", needs: ["t"]), timeout: .seconds(1_000_000)), tools: [tool, watching])
        try await house.running {
            let caller = try house.caller()
            house.gate.sessions.taint(caller.session.id, with: [.secret])
            let run = try await house.engine.start("test", as: caller)
            try await house.until(run.id, .waiting)
            house.clock.advance(by: .seconds(86_401))
            try await house.until(run.id, .succeeded)
            #expect(seen.withLock { $0 } == [[.pii, .secret]])
            #expect(try await house.kinds(of: run.id).filter { $0 == "session" }.count == 2)
        }
    }

    @Test("Inputs are held to what the workflow declares")
    func inputs() async throws {
        let house = try await FlowHouse.open(
            try .of(
                .action("a", "deed.look", with: ["n": "${{ inputs.level }}"]),
                inputs: [
                    WorkflowInput(name: "path", isRequired: true),
                    WorkflowInput(name: "level", fallback: "low", choices: ["low", "high"]),
                    WorkflowInput(name: "deep", kind: .boolean),
                ]))
        let caller = try house.caller()
        let wrong: [JSON] = [
            [:], ["path": 1], ["path": "x", "level": "middle"], ["path": "x", "deep": "yes"], ["path": "x", "pth": 1],
            [],
        ]
        for inputs in wrong {
            #expect(await code { try await house.engine.start("test", inputs: inputs, as: caller) } == .invalid)
        }
        #expect(await code { try await house.engine.start("tset", as: caller) } == .notFound)
        try await house.running {
            let run = try await house.engine.start("test", inputs: ["path": "x", "deep": .null], as: caller)
            try await house.until(run.id, .succeeded)
            #expect(house.deeds.done == ["look low"])
        }
    }

    @Test("Many runs go on beside one another, a bounded number at once")
    func many() async throws {
        let counts = Mutex((now: 0, most: 0))
        let tool = DeedTool("deed.count", .read) { _, _ in
            counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            try await Task.sleep(for: .milliseconds(2))
            counts.withLock { $0.now -= 1 }
            return Answer(.null)
        }
        let house = try await FlowHouse.open(
            try .of(.action("a", "deed.count"), .action("b", "deed.count", needs: ["a"])), tools: [tool], active: 8)
        try await house.running {
            let caller = try house.caller()
            for _ in 0..<60 { _ = try await house.engine.start("test", as: caller) }
            try await wait("all are done") {
                try await house.engine.runs(status: .succeeded).count == 60
            }
            #expect(counts.withLock { $0.most } <= 8)
            try await wait("none is in memory") {
                house.engine.dispatcher.driven == 0 && house.engine.dispatcher.count == 0
            }
        }
    }
}

import Core
import JSON
import Ledger
import Store
import Synchronization
import TestSupport
import Testing

@testable import Gate

/// A door that opens once.
final class Latch: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

@Suite("Outcomes")
struct OutcomeTests {
    private func request(_ tool: String) -> ActionRequest { ActionRequest(tool: tool, target: "x") }

    @Test("A change that is not done in time is unknown; when it ends after all, that is its outcome")
    func lateEnd() async throws {
        let latch = Latch()
        let slow = ScriptedTool("test.slow", .change, timeout: .milliseconds(50)) { _, _ in
            await latch.wait()
            return Answer("late")
        }
        let house = try await House.open(decider: AllowAll(), tools: [slow])
        #expect(
            await code { try await house.gate.submit(request("test.slow"), as: house.caller("ada", "admin")) }
                == .timeout)
        let action = try #require(try await house.gate.actions().first)
        #expect(action.state == .unknown)
        #expect(try house.story(of: action.action.id) == ["intent performing", "outcome unknown"])
        latch.open()
        try await wait("the late end is recorded") {
            try await house.gate.action(action.action.id).state == .done
        }
        #expect(try house.story(of: action.action.id).last == "outcome done")
        #expect(try house.records().last?["reconciled"] == true)
        #expect(try await house.gate.action(action.action.id).answer == "late")
    }

    @Test(
        "After a timeout the tool is asked whether it happened",
        arguments: [Reconciliation.happened(Answer("seen")), .didNotHappen, .unknowable])
    func reconciled(_ what: Reconciliation) async throws {
        let box = Box(asked: 0)
        let tool = ScriptedTool(
            "test.hang", .change, timeout: .milliseconds(50),
            looksAgain: { _ in
                box.ask()
                return what
            }
        ) { _, _ in
            try await Task.sleep(for: .seconds(60))
            return Answer("never")
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        #expect(
            await code { try await house.gate.submit(request("test.hang"), as: house.caller("ada", "admin")) }
                == .timeout)
        try await wait("it is asked") { box.asked == 1 }
        let expected: ActionRecord.State =
            switch what {
            case .happened: .done
            case .didNotHappen: .failed
            case .unknowable: .unknown
            }
        try await wait("it is settled") { try await house.gate.actions().first?.state == expected }
    }

    final class Box: Sendable {
        private let count: Mutex<Int>
        init(asked: Int) { count = Mutex(asked) }
        func ask() { count.withLock { $0 += 1 } }
        var asked: Int { count.withLock { $0 } }
    }

    @Test("A tool's error says that it did not happen; any other error leaves it unknown")
    func errors() async throws {
        let refuses = ScriptedTool("test.refuses", .change) { _, _ in
            throw GatehouseError("test", .conflict, "it is locked")
        }
        let breaks = ScriptedTool("test.breaks", .change) { _, _ in throw Unexpected("connection reset") }
        let house = try await House.open(decider: AllowAll(), tools: [refuses, breaks])
        let ada = try house.caller("ada", "admin")
        #expect(await code { try await house.gate.submit(request("test.refuses"), as: ada) } == .conflict)
        #expect(await code { try await house.gate.submit(request("test.breaks"), as: ada) } == .timeout)
        let states = try await house.gate.actions().map { "\($0.action.tool) \($0.state)" }
        #expect(Set(states) == ["test.refuses failed", "test.breaks unknown"])
        #expect(try house.records().map { $0["state"] } == ["performing", "failed", "performing", "unknown"])
    }

    @Test(
        "After the end of the process between intent and outcome, an action is unknown, then reconciled, never repeated"
    )
    func crash() async throws {
        let (begun, never) = (Box(asked: 0), Latch())
        let tool = ScriptedTool(
            "test.long", .change,
            looksAgain: { action in
                action.target == "done" ? .happened(Answer("found")) : .didNotHappen
            }
        ) { _, _ in
            begun.ask()
            await never.wait()
            return Answer("too late")
        }
        let first = try await House.open(decider: AllowAll(), tools: [tool])
        let ada = try first.caller("ada", "admin")
        for target in ["done", "not done"] {
            Task { try await first.gate.submit(ActionRequest(tool: "test.long", target: target), as: ada) }
        }
        try await wait("both are performed") { begun.asked == 2 }
        let house = try await first.reopened(decider: AllowAll(), tools: [tool])
        let records = try await house.gate.actions()
        let done = try #require(records.first { $0.action.target == "done" })
        let notDone = try #require(records.first { $0.action.target == "not done" })
        #expect(done.state == .done && done.answer == "found")
        #expect(notDone.state == .failed)
        #expect(try house.story(of: done.action.id).suffix(2) == ["outcome unknown", "outcome done"])
        #expect(try house.story(of: notDone.action.id).suffix(2) == ["outcome unknown", "outcome failed"])
        #expect(begun.asked == 2)
        never.open()
    }

    @Test(
        "After the end of the process between the ledger and the store, an action ended as the ledger says, whatever has changed"
    )
    func behind() async throws {
        let refuses = ScriptedTool("test.refuses", .change) { _, _ in
            throw GatehouseError("test", .conflict, "it is locked")
        }
        let first = try await House.open(decider: AllowAll(), tools: [refuses])
        let ada = try first.caller("ada", "admin")
        let kept = try await first.gate.submit(.set("a", "2"), as: ada).actionID
        let lost = try await first.gate.submit(.set("b", "2"), as: ada).actionID
        #expect(await code { try await first.gate.submit(request("test.refuses"), as: ada) } == .conflict)
        let failed = try #require(try await first.gate.actions(state: .failed).first?.action.id)
        first.world.set("b", nil, "by somebody else")
        try await first.store.write { tx in
            try tx.execute("UPDATE actions SET state = 'performing', answer = NULL, finished = NULL, error = NULL")
            try tx.execute("UPDATE actions SET state = 'unknown' WHERE id = ?", [.text(lost)])
        }
        let changed = try await first.gate.submit(.set("c", "2"), as: ada).actionID
        let undo = try await first.gate.undo(changed, as: ada, reason: "no").actionID
        try await first.store.write { tx in
            try tx.execute("UPDATE actions SET state = 'performing' WHERE id = ?", [.text(undo)])
            try tx.execute("UPDATE actions SET undone_by = NULL WHERE id = ?", [.text(changed)])
        }
        let before = first.world.log.count { $0 == "set" }
        let undoing = try first.story(of: undo)
        let stories = try [kept, lost, failed].map { try first.story(of: $0) }
        let house = try await first.reopened(decider: AllowAll(), tools: [refuses])
        #expect(try await house.gate.action(kept).answer == ["set": "a"])
        let record = try await house.gate.action(lost)
        #expect(record.state == .done && record.answer == nil && record.error?.contains("answer was lost") == true)
        #expect(try await house.gate.action(failed).state == .failed)
        #expect(try await house.gate.action(failed).error?.contains("it is locked") == true)
        #expect(try [kept, lost, failed].map { try house.story(of: $0) } == stories)
        #expect(try await house.gate.action(changed).undoneBy == undo)
        #expect(try house.story(of: undo) == undoing + ["undo done"])
        #expect(house.world.log.count { $0 == "set" } == before)
    }

    @Test("What stays unknown is looked into again at the next start")
    func nextStart() async throws {
        let box = Box(asked: 0)
        let tool = ScriptedTool(
            "test.breaks", .change,
            looksAgain: { _ in
                box.ask()
                return box.asked == 1 ? .unknowable : .happened(Answer("found"))
            }
        ) { _, _ in throw Unexpected("connection reset") }
        let first = try await House.open(decider: AllowAll(), tools: [tool])
        #expect(await code { try await first.gate.submit(request("test.breaks"), as: first.caller("ada")) } == .timeout)
        try await wait("it is asked") { box.asked == 1 }
        let id = try #require(try await first.gate.actions(state: .unknown).first?.action.id)
        let house = try await first.reopened(decider: AllowAll(), tools: [tool])
        #expect(try await house.gate.action(id).state == .done)
        #expect(try await house.gate.action(id).answer == "found")
        // Without its tool, it waits.
        try await house.store.write { tx in try tx.execute("UPDATE actions SET state = 'performing'") }
        let without = try await house.reopened()
        #expect(try await without.gate.action(id).state == .unknown)
    }

    @Test("What is begun is recorded although its caller goes away")
    func callerGone() async throws {
        let (begun, latch) = (Latch(), Latch())
        let tool = ScriptedTool("test.long", .change) { _, _ in
            begun.open()
            await latch.wait()
            return Answer(JSON(!Task.isCancelled))
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let ada = try house.caller("ada", "admin")
        let caller = Task { try await house.gate.submit(request("test.long"), as: ada) }
        await begun.wait()
        caller.cancel()
        latch.open()
        try await wait("it is done") { try await house.gate.actions().first?.state == .done }
        #expect(try await house.gate.actions().first?.answer == true)
        _ = try? await caller.value
    }

    @Test("A read that is unavailable is tried again, a change never")
    func retries() async throws {
        let box = Box(asked: 0)
        let flaky: @Sendable (Action, ActionContext) async throws -> Answer = { _, _ in
            box.ask()
            guard box.asked >= 3 else { throw GatehouseError("test", .unavailable, "not now") }
            return Answer("there")
        }
        let house = try await House.open(
            decider: AllowAll(),
            tools: [
                ScriptedTool("test.read", retries: 5, does: flaky),
                ScriptedTool("test.change", .change, retries: 5, does: flaky),
            ])
        let ada = try house.caller("ada", "admin")
        #expect(await code { try await house.gate.submit(request("test.change"), as: ada) } == .unavailable)
        #expect(box.asked == 1)
        #expect(try await house.gate.submit(request("test.read"), as: ada).answer == "there")
        #expect(box.asked == 3)
    }

    @Test("A tool that keeps failing is left alone")
    func breaker() async throws {
        let box = Box(asked: 0)
        let tool = ScriptedTool("test.down") { _, _ in
            box.ask()
            throw GatehouseError("test", .unavailable, "down")
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let ada = try house.caller("ada", "admin")
        for _ in 0..<20 {
            #expect(await code { try await house.gate.submit(request("test.down"), as: ada) } == .unavailable)
        }
        #expect(box.asked == CircuitBreaker.threshold)
        #expect(try house.records().count { $0["state"] == "denied" } == 20 - CircuitBreaker.threshold)
    }

    @Test("The breaker opens after failures in a row, lets one call try, and closes when it succeeds")
    func breakerStates() {
        var breaker = CircuitBreaker()
        var now = ContinuousClock.now
        for _ in 1..<CircuitBreaker.threshold { breaker.failed(at: now) }
        breaker.succeeded()
        for _ in 0..<CircuitBreaker.threshold {
            #expect(breaker.admit(at: now) == nil)
            breaker.failed(at: now)
        }
        #expect(breaker.admit(at: now) == CircuitBreaker.pause)
        now += CircuitBreaker.pause
        #expect(breaker.admit(at: now) == nil)
        #expect(breaker.state == .halfOpen)
        #expect(breaker.admit(at: now) != nil)
        breaker.withdrew(at: now)
        #expect(breaker.admit(at: now) == nil)
        breaker.failed(at: now)
        #expect(breaker.admit(at: now) == CircuitBreaker.pause)
        now += CircuitBreaker.pause
        #expect(breaker.admit(at: now) == nil)
        breaker.succeeded()
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test("Shutting down waits for what is under way, and ends the watchers")
    func shutdown() async throws {
        let (begun, latch) = (Latch(), Latch())
        let tool = ScriptedTool("test.long", .change) { _, _ in
            begun.open()
            await latch.wait()
            return Answer("done")
        }
        let house = try await House.open(decider: AllowAll(), tools: [tool])
        let ada = try house.caller("ada", "admin")
        let watcher = house.gate.events.subscribe()
        let running = Task { try await house.gate.run() }
        async let submission = house.gate.submit(request("test.long"), as: ada)
        await begun.wait()
        running.cancel()
        latch.open()
        try await running.value
        #expect(try await submission.answer == "done")
        #expect(try await house.gate.actions().first?.state == .done)
        var kinds: [GateEvent.Kind] = []
        while let batch = await watcher.next() { kinds += batch.events.map(\.kind) }
        #expect(kinds == [.performing, .done])
    }
}

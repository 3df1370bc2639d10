import Core
import Gate
import JSON
import Store
import TestSupport
import Testing

@testable import Flow

@Suite("Runs that something sets off")
struct ScheduleTests {
    private static func daily() throws -> Workflow {
        try .of(
            .action("a", "deed.look", with: ["n": "${{ event.due }}"]),
            triggers: [.schedule(cron: "0 7 * * *", timeZone: "Europe/Berlin")])
    }

    private static func count(_ house: FlowHouse, _ count: Int) async throws {
        try await wait("\(count) runs, not \((try? await house.engine.runs().count) ?? -1)") {
            try await house.engine.runs(status: .succeeded).count == count
        }
    }

    @Test("A schedule fires when its time has come, once, as the service principal of its workflow")
    func fires() async throws {
        let clock = ManualWallClock(try #require(Timestamp("2026-11-20T05:59:00Z")))
        let house = try await FlowHouse.open(try Self.daily(), clock: clock)
        try await house.running {
            try await wait("the schedule is known") {
                try await house.store.read { try $0.query("SELECT last FROM flow_schedule") }.count == 1
            }
            clock.set(try #require(Timestamp("2026-11-20T06:00:30Z")))
            try await Self.count(house, 1)
            #expect(house.deeds.done == ["look 2026-11-20T06:00:00.000000Z"])
            let run = try #require(try await house.engine.runs().first)
            #expect(run.trigger == .schedule)
            let principal = try await house.gate.identity.principal(run.principalID)
            #expect(principal.name == "workflow:test" && principal.kind == .service && principal.roles.isEmpty)
            clock.set(try #require(Timestamp("2026-11-21T06:00:00Z")))
            try await Self.count(house, 2)
        }
    }

    @Test("Of what was missed while nothing ran, one is caught up; nothing fires twice after a restart")
    func catchesUp() async throws {
        let clock = ManualWallClock(try #require(Timestamp("2026-11-20T05:59:00Z")))
        let first = try await FlowHouse.open(try Self.daily(), clock: clock)
        try await first.running {
            try await wait("the schedule is known") {
                try await first.store.read { try $0.query("SELECT last FROM flow_schedule") }.count == 1
            }
        }
        clock.set(try #require(Timestamp("2026-11-25T12:00:00Z")))
        let second = try await first.reopened()
        try await second.running { try await Self.count(second, 1) }
        let third = try await second.reopened()
        try await third.running {
            await third.engine.startDue(at: clock.now())
            try await Self.count(third, 1)
            clock.set(try #require(Timestamp("2026-11-26T06:00:00Z")))
            try await Self.count(third, 2)
        }
    }

    @Test("The service principal that somebody has given roles acts with them")
    func roles() async throws {
        let clock = ManualWallClock(try #require(Timestamp("2026-11-20T05:59:00Z")))
        let house = try await FlowHouse.open(try Self.daily(), clock: clock, decider: nil)
        let none = try await house.engine.servicePrincipal(of: "test")
        #expect(none.roles.isEmpty)
        clock.advance(by: .seconds(1))
        let given = try await house.gate.identity.addPrincipal(
            kind: .service, name: "workflow:test", roles: ["developer"])
        #expect(try await house.engine.servicePrincipal(of: "test") == given)
    }

    @Test("Two schedulers on one store begin one run")
    func once() async throws {
        let clock = ManualWallClock(try #require(Timestamp("2026-11-20T05:59:00Z")))
        let house = try await FlowHouse.open(try Self.daily(), clock: clock)
        let workflows = house.shelf.workflows
        let other = Scheduler(store: house.store, logger: house.engine.logger)
        #expect(try await house.engine.scheduler.due(workflows, at: clock.now()).isEmpty)
        #expect(try await other.due(workflows, at: clock.now()).isEmpty)
        clock.advance(by: .seconds(120))
        let due = try #require(try await other.due(workflows, at: clock.now()).first)
        await house.engine.startDue(at: clock.now())
        let now = clock.now()
        #expect(await code { try await house.store.write { try Scheduler.mark(due, at: now, $0) } } == .conflict)
        #expect(try await house.engine.runs().count == 1)
    }

    @Test("A schedule that cannot be read holds up no other, and one that starts nothing does not try again at once")
    func wrong() async throws {
        let clock = ManualWallClock(try #require(Timestamp("2026-11-20T05:59:00Z")))
        var broken = try Self.daily()
        broken.name = "broken"
        broken.triggers = [
            .schedule(cron: "61 * * * *", timeZone: "UTC"), .schedule(cron: "* * * * *", timeZone: "No/Where"),
        ]
        var needy = try Self.daily()
        needy.name = "needy"
        needy.inputs = [WorkflowInput(name: "x", isRequired: true)]
        let house = try await FlowHouse.open(try Self.daily(), broken, needy, clock: clock)
        await house.engine.startDue(at: clock.now())
        clock.advance(by: .seconds(120))
        await house.engine.startDue(at: clock.now())
        #expect(try await house.engine.runs().map(\.workflow) == ["test"])
        #expect(try await house.engine.scheduler.due(house.shelf.workflows, at: clock.now()).isEmpty)
    }

    @Test("Webhooks, pushes and alerts start what they are for")
    func triggers() async throws {
        func workflow(_ name: String, _ trigger: Trigger) throws -> Workflow {
            try .of(.action("a", "deed.look", with: ["n": "${{ event.x }}"]), name: name, triggers: [trigger])
        }
        let house = try await FlowHouse.open(
            try workflow("hook", .webhook),
            try workflow("push", .push(branches: ["main", "release/*"], paths: ["src/**"])),
            try workflow("bad", .alert(severity: "high")), try workflow("any", .alert(severity: nil)))
        func started(_ event: FlowEvent) async throws -> [String] {
            try await house.engine.deliver(event, ["x": 1]).map(\.workflow)
        }
        #expect(try await started(.webhook(workflow: "hook")) == ["hook"])
        #expect(try await started(.webhook(workflow: "bad")) == [])
        #expect(try await started(.push(branch: "release/1", paths: ["src/a/b.swift"])) == ["push"])
        #expect(try await started(.push(branch: "release/1/x", paths: ["src/a"])) == [])
        #expect(try await started(.push(branch: "main", paths: ["docs/x"])) == [])
        #expect(try await started(.alert(severity: .critical)) == ["bad", "any"])
        #expect(try await started(.alert(severity: .medium)) == ["any"])
        try await house.running { try await Self.count(house, 5) }
    }

    @Test(
        "Patterns take single and double stars",
        arguments: [
            ("*", "main", true), ("*", "a/b", false), ("**", "a/b", true), ("a*c", "abc", true), ("a*c", "ac", true),
            ("a*c", "abd", false), ("*.swift", "x.swift", true), ("src/**/x", "src/a/b/x", true), ("", "", true),
            ("", "a", false),
            ("a", "", false), ("main", "maine", false),
        ])
    func globs(_ pattern: String, _ text: String, _ matches: Bool) {
        #expect(Glob.matches(pattern, text) == matches)
    }
}

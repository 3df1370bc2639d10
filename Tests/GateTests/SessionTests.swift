import Core
import Store
import Testing

@testable import Gate

@Suite struct SessionTests {
    private static let classes = [
        "routine-ops": SessionClass(
            name: "routine-ops", retention: .seconds(7 * 86_400), logging: .optional, approval: .none),
        "security-audit": SessionClass(
            name: "security-audit", retention: .seconds(90 * 86_400), logging: .required,
            approval: .role("security_lead")),
    ]

    private static func settings(_ floor: SessionFloor = .none) -> GateSettings {
        GateSettings(sessionClasses: classes, floor: floor, sessionLength: .seconds(3600))
    }

    @Test func aPrincipalHasOneStandingSessionOfAClass() async throws {
        let premises = Premises()
        let sessions = try await premises.open(Self.settings()).sessions
        let ada = Principal.sample()
        let first = try sessions.enter(ada, session: nil, class: "routine-ops")
        #expect(try sessions.enter(ada, session: nil, class: "routine-ops") == first)
        #expect(try sessions.enter(ada, session: first.id, class: nil) == first)
        #expect(try sessions.enter(ada, session: nil, class: nil).sessionClass == .standard)
        #expect(try sessions.begin(ada, class: "routine-ops").id != first.id)
        #expect(try sessions.enter(.sample("eve"), session: nil, class: "routine-ops").id != first.id)
        #expect(first.sessionClass == Self.classes["routine-ops"])
        #expect(try await sessions.list().count == 4)
    }

    @Test func nobodyEntersWhatIsNotTheirs() async throws {
        let premises = Premises()
        let sessions = try await premises.open(Self.settings()).sessions
        let session = try sessions.enter(.sample(), session: nil, class: nil)
        #expect(await codeThrown { _ = try sessions.enter(.sample("eve"), session: session.id, class: nil) } == .denied)
        #expect(await codeThrown { _ = try sessions.enter(.sample(), session: "ses_none", class: nil) } == .denied)
        #expect(
            await codeThrown { _ = try sessions.enter(.sample(), session: session.id, class: "routine-ops") }
                == .invalid)
        let message = await messageThrown { _ = try sessions.enter(.sample(), session: nil, class: "routine-op") }
        #expect(message.contains("routine-ops"))
    }

    @Test func sessionsExpireAndEndForGood() async throws {
        let premises = Premises()
        let rooms = try await premises.open(Self.settings())
        let ada = Principal.sample()
        let expiring = try rooms.sessions.enter(ada, session: nil, class: nil)
        let ended = try rooms.sessions.enter(ada, session: nil, class: "routine-ops")
        try await rooms.sessions.flush()
        try await rooms.sessions.end(ended.id)
        #expect(await codeThrown { try await rooms.sessions.end(ended.id) } == .denied)
        premises.clock.advance(by: .seconds(3599))
        #expect(try rooms.sessions.current(expiring.id) == expiring)
        premises.clock.advance(by: .seconds(1))
        #expect(await codeThrown { _ = try rooms.sessions.current(expiring.id) } == .denied)
        #expect(try rooms.sessions.enter(ada, session: nil, class: nil).id != expiring.id)
        // Also when the clock goes back, and after a restart.
        premises.clock.advance(by: .seconds(-1800))
        #expect(await codeThrown { _ = try rooms.sessions.current(expiring.id) } == .denied)
        try await rooms.sessions.tidy()
        try rooms.vanish()
        let second = try await premises.open(Self.settings())
        for id in [expiring.id, ended.id] {
            #expect(await codeThrown { _ = try second.sessions.current(id) } == .denied)
        }
    }

    @Test func theFloorRaisesWhatAClassAsks() async throws {
        let premises = Premises()
        let floor = SessionFloor(retention: .seconds(30 * 86_400), logging: .required, approval: .auto)
        let sessions = try await premises.open(Self.settings(floor)).sessions
        let routine = try sessions.enter(.sample(), session: nil, class: "routine-ops").sessionClass
        #expect(routine.retention == .seconds(30 * 86_400))
        #expect(routine.logging == .required)
        #expect(routine.approval == .auto)
        let audit = try sessions.enter(.sample(), session: nil, class: "security-audit").sessionClass
        #expect(audit == Self.classes["security-audit"])
    }

    @Test func aNewFloorCountsForSessionsThatLive() async throws {
        let premises = Premises()
        let rooms = try await premises.open(Self.settings())
        let session = try rooms.sessions.enter(.sample(), session: nil, class: "routine-ops")
        let strict = Self.settings(SessionFloor(logging: .required, approval: .role("boss")))
        rooms.sessions.reload(strict)
        #expect(try rooms.sessions.current(session.id).sessionClass.logging == .required)
        #expect(try rooms.sessions.current(session.id).sessionClass.approval == .role("boss"))
        try await rooms.sessions.flush()
        try rooms.vanish()
        // What the class itself asks was kept, not what the floor made of it.
        let second = try await premises.open(Self.settings())
        #expect(try second.sessions.current(session.id).sessionClass == Self.classes["routine-ops"])
    }

    @Test func labelsOnlyGrowAndSurviveAKillOnceFlushed() async throws {
        let premises = Premises()
        let rooms = try await premises.open(Self.settings())
        let session = try rooms.sessions.enter(.sample(), session: nil, class: nil)
        rooms.sessions.taint(session.id, with: [.pii])
        rooms.sessions.taint(session.id, with: [.secret])
        rooms.sessions.taint(session.id, with: [])
        #expect(try rooms.sessions.current(session.id).labels == [.pii, .secret])
        try await rooms.sessions.flush(session.id)
        try rooms.vanish()
        let second = try await premises.open(Self.settings())
        #expect(try second.sessions.current(session.id).labels == [.pii, .secret])
        #expect(try second.sessions.enter(.sample(), session: nil, class: nil).id == session.id)
    }

    @Test func labelsFromManyTasksAllArriveOnDisk() async throws {
        let premises = Premises()
        let rooms = try await premises.open(Self.settings())
        let session = try rooms.sessions.enter(.sample(), session: nil, class: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    rooms.sessions.taint(session.id, with: [Label("l\(number)")])
                    // What this task has added is on disk when this returns, whoever wrote it.
                    try await rooms.sessions.flush(session.id)
                    let row = try await rooms.store.read { try $0.first("SELECT labels FROM gate_sessions", []) }
                    #expect(try #require(row).text("labels").contains("\"l\(number)\""))
                }
            }
            try await group.waitForAll()
        }
        try rooms.vanish()
        #expect(try await premises.open(Self.settings()).sessions.current(session.id).labels.count == 64)
    }

    @Test func sessionsAreBounded() async throws {
        let premises = Premises()
        let sessions = try await premises.open(Self.settings()).sessions
        for _ in 0..<SessionTable.greatestPerPrincipal { _ = try sessions.begin(.sample(), class: nil) }
        #expect(await codeThrown { _ = try sessions.begin(.sample(), class: nil) } == .exhausted)
        _ = try sessions.begin(.sample("eve"), class: nil)
        premises.clock.advance(by: .seconds(3600))
        _ = try sessions.begin(.sample(), class: nil)
    }

    @Test func oldSessionsAreDeletedWhenTheirClassLetsThemGo() async throws {
        let premises = Premises()
        let rooms = try await premises.open(Self.settings())
        _ = try rooms.sessions.enter(.sample(), session: nil, class: "routine-ops")
        _ = try rooms.sessions.enter(.sample(), session: nil, class: "security-audit")
        try await rooms.sessions.flush()
        func count() async throws -> Int {
            let rows = try await rooms.store.read { tx in try tx.query("SELECT id FROM gate_sessions") }
            return rows.count
        }
        premises.clock.advance(by: .seconds(6 * 86_400))
        try await rooms.sessions.tidy()
        #expect(try await count() == 2)
        premises.clock.advance(by: .seconds(2 * 86_400))
        try await rooms.sessions.tidy()
        #expect(try await count() == 1)
    }
}

@Suite struct SessionBreakGlassTests {
    private static let reason = "production is down, on-call approver asleep"

    @Test func breakingTheGlassDemandsAReasonAndATime() async throws {
        let premises = Premises()
        let sessions = try await premises.open().sessions
        let id = try sessions.enter(.sample(), session: nil, class: nil).id
        for reason in ["", "too short", String(repeating: " ", count: 40), String(repeating: "x", count: 2000)] {
            #expect(await codeThrown { _ = try await sessions.breakGlass(id, reason: reason) } == .invalid)
        }
        for length in [Duration.zero, .seconds(-1), .seconds(3601)] {
            #expect(
                await codeThrown { _ = try await sessions.breakGlass(id, reason: Self.reason, for: length) } == .invalid
            )
        }
        #expect(try await sessions.reviews().isEmpty)
        #expect(try sessions.current(id).breakGlass == nil)
    }

    @Test func itEndsByItselfAndIsReviewedBySomebodyElse() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let id = try rooms.sessions.enter(.sample(), session: nil, class: nil).id
        let broken = try await rooms.sessions.breakGlass(id, reason: Self.reason, for: .seconds(300))
        #expect(broken.breakGlass == Self.reason)
        #expect(await codeThrown { _ = try await rooms.sessions.breakGlass(id, reason: Self.reason) } == .conflict)
        try rooms.vanish()

        let sessions = try await premises.open().sessions
        #expect(try sessions.current(id).breakGlass == Self.reason)
        premises.clock.advance(by: .seconds(300))
        #expect(try sessions.current(id).breakGlass == nil)

        let review = try #require(try await sessions.reviews().first)
        #expect(review.isOpen)
        #expect(review.principalID == "prn_ada")
        let note = "restarted two pods, nothing else"
        #expect(await codeThrown { try await sessions.review(review.id, by: .sample("ada"), note: note) } == .denied)
        #expect(await codeThrown { try await sessions.review(review.id, by: .sample("eve"), note: "fine") } == .invalid)
        #expect(await codeThrown { try await sessions.review("rev_none", by: .sample("eve"), note: note) } == .notFound)
        try await sessions.review(review.id, by: .sample("eve"), note: note)
        #expect(await codeThrown { try await sessions.review(review.id, by: .sample("bob"), note: note) } == .conflict)
        #expect(try await sessions.review(review.id).closing?.by == "prn_eve")
    }
}

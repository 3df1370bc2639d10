import Core
import Gate
import JSON
import Store
import Synchronization
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A clock that stands until it is moved.
final class StandingClock: WallClock {
    private let time = Mutex(Timestamp("2026-06-01T12:00:00Z") ?? Timestamp(seconds: 0))
    func now() -> Timestamp { time.withLock { $0 } }
    func pass(days: Int) { time.withLock { $0 = $0 + .seconds(days * 86_400) } }
}

/// A repository that is assessed from time to time.
struct WatchedTree {
    let data = TestTree()
    let tree = TestTree()
    let clock = StandingClock()
    let levels = SharedServiceLevels()
    let store: Store
    let findings: FindingsStore

    init() throws {
        store = try Store.open(path: data.root + "/db", migrations: Scan.migrations)
        findings = FindingsStore(store, version: "1", levels: levels, clock: clock)
    }

    /// - Parameter change: what else is known of what was found.
    @discardableResult
    func assess(_ change: (inout Finding) -> Void = { _ in }) async throws -> Assessment {
        var assessment = try await tree.assess()
        (assessment.started, assessment.finished) = (clock.now(), clock.now())
        for index in assessment.findings.indices {
            assessment.findings[index].firstSeen = clock.now()
            assessment.findings[index].lastSeen = clock.now()
            change(&assessment.findings[index])
        }
        return try await findings.record(assessment)
    }

    func days(_ count: Int) -> Timestamp { clock.now() + .seconds(count * 86_400) }

    func accepted(days count: Int) -> Triage {
        Triage(
            .accepted, reason: "a demo", owner: "Ada", risk: "the demo may leak", expires: days(count), by: "Ada",
            approvers: ["Ben"], decided: clock.now(), actionID: "act_1")
    }

    func kinds(of id: String) async throws -> [FindingEvent.Kind] {
        try await findings.history(of: id).map(\.kind)
    }
}

extension Finding {
    /// As a package's flaw that CISA lists, or not.
    mutating func set(_ tier: String, exploited: Bool) {
        var facts: JSON = [:]
        if exploited { facts["known_exploited_since"] = "2026-01-02" }
        details = ["risk": ["tier": .string(tier), "facts": facts]]
    }
}

@Suite struct LifecycleTests {
    @Test func whatIsAcceptedIsOpenAgainWhenItsTimeIsOver() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(try await world.assess().findings.first).id
        try await world.findings.triage(id, world.accepted(days: 30))
        world.clock.pass(days: 10)
        let between = try #require(try await world.assess().findings.first)
        #expect(between.state == .accepted && between.triage?.approvers == ["Ben"] && between.due == nil)
        #expect(try await world.findings.openCounts().isEmpty)
        world.clock.pass(days: 21)
        // The next who reads it is told.
        #expect(try await world.findings.openCounts().values.reduce(0, +) == 1)
        let stored = try await world.findings.finding(id)
        #expect(stored.finding.state == .open && stored.finding.triage == nil && stored.finding.stateReason == nil)
        let end = Timestamp("2026-07-01T12:00:00Z")
        #expect(stored.openedAt == end)
        let history = try await world.findings.history(of: id)
        #expect(history.map(\.kind) == [.found, .triaged, .reopened])
        #expect(history[1].triage?.risk == "the demo may leak" && history[1].triage?.actionID == "act_1")
        #expect(history[2].time == end && history[2].detail.contains("the time is over"))
        #expect(try await world.assess().findings.first?.state == .open)
    }

    @Test func decisionsOutliveAssessmentsMovesAndAbsence() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(try await world.assess().findings.first).id
        var triage = world.accepted(days: 1)
        (triage.state, triage.expires, triage.risk) = (.suppressed, nil, nil)
        triage.justification = .inlineMitigationsAlreadyExist
        try await world.findings.triage(id, triage)
        rename("\(world.tree.root)/a.py", "\(world.tree.root)/b.py")
        world.clock.pass(days: 400)
        #expect(try await world.assess().findings.first?.triage == triage)
        unlink("\(world.tree.root)/b.py")
        try await world.assess()
        #expect(try await world.findings.finding(id).finding.state == .fixed)
        world.tree.write("b.py", "k = '\(Fake.awsKey)'\n")
        let back = try #require(try await world.assess().findings.first)
        #expect(back.id == id && back.state == .suppressed && back.triage == triage)
        #expect(try await world.kinds(of: id) == [.found, .triaged, .moved, .fixed, .changed])
        // What was not open when it went was not fixed by anybody.
        #expect(try await world.findings.trends().fixing.allSatisfy { $0.fixed == 0 })
        try await world.findings.takeBack(id, reason: "it is used", by: "Ben", at: world.clock.now())
        let open = try await world.findings.finding(id)
        #expect(open.finding.state == .open && open.openedAt == world.clock.now())
        await #expect(throws: GatehouseError.self) {
            try await world.findings.takeBack(id, reason: "again", by: "Ben", at: world.clock.now())
        }
    }

    @Test func whatABaselineKnowsIsKnownAgainWhenADecisionIsTakenBack() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let first = try await world.assess()
        let id = try #require(first.findings.first).id
        try await world.assess { ($0.state, $0.stateReason) = (.known, "revoked in May") }
        try await world.findings.triage(id, world.accepted(days: 5))
        #expect(try await world.findings.finding(id).finding.state == .accepted)
        try await world.findings.takeBack(id, reason: "no", by: "Ben", at: world.clock.now())
        let known = try await world.findings.finding(id).finding
        #expect(known.state == .known && known.stateReason == "revoked in May")
        #expect(try await world.kinds(of: id) == [.found, .changed, .triaged, .changed])
    }

    @Test func overdueByLevelsAndByTheDirective() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        world.tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        func mark(_ finding: inout Finding) {
            if finding.path == "b.py" { finding.set("within 3 days", exploited: false) }
        }
        let first = try await world.assess(mark)
        let a = try #require(first.findings.first { $0.path == "a.py" })
        let b = try #require(first.findings.first { $0.path == "b.py" })
        let limit = try #require(ServiceLevels.standard[a.severity])
        #expect(a.due == world.clock.now() + limit && b.due == world.days(3))
        var filter = FindingsFilter()
        filter.isOverdue = true
        #expect(try await world.findings.findings(filter).total == 0)
        world.clock.pass(days: 4)
        #expect(try await world.findings.findings(filter).findings.map(\.finding.id) == [b.id])
        let second = try await world.assess(mark)
        #expect(second.overdue == 1)
        let report = AssessmentReport(second, version: "1")
        for format in [AssessmentReport.Format.table(width: 120, color: false), .markdown, .html] {
            #expect(String(decoding: report.bytes(format), as: UTF8.self).contains("overdue"))
        }
        world.clock.pass(days: Int(limit.components.seconds / 86_400))
        filter.order = .due
        let late = try await world.findings.findings(filter)
        #expect(late.findings.map(\.finding.id) == [b.id, a.id] && late.findings.allSatisfy(\.isOverdue))
        // Without a level nobody waits for it; the directive's date stays.
        world.levels.current = ServiceLevels([:])
        #expect(try await world.findings.findings(filter).findings.map(\.finding.id) == [b.id])
    }

    @Test func nobodyIsLateForWhatNobodyKnew() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(
            try await world.assess { $0.set("with the next upgrade", exploited: false) }.findings.first
        ).id
        world.clock.pass(days: 100)
        try await world.assess { $0.set("within 3 days", exploited: true) }
        #expect(try await world.findings.finding(id).finding.due == world.days(3))
        #expect(try await world.kinds(of: id) == [.found, .exploited])
        world.clock.pass(days: 2)
        try await world.assess { $0.set("within 3 days", exploited: true) }
        #expect(try await world.findings.finding(id).finding.due == world.days(1))
        #expect(try await world.kinds(of: id) == [.found, .exploited])
    }

    @Test func timeToFixIsToldBySeverity() async throws {
        let world = try WatchedTree()
        world.levels.current = ServiceLevels(
            Dictionary(uniqueKeysWithValues: Severity.allCases.map { ($0, .seconds(5 * 86_400)) }))
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        world.tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        let severity = try #require(try await world.assess().findings.first).severity
        world.clock.pass(days: 2)
        unlink("\(world.tree.root)/a.py")
        try await world.assess()
        world.clock.pass(days: 8)
        unlink("\(world.tree.root)/b.py")
        try await world.assess()
        let trends = try await world.findings.trends()
        let fixing = try #require(trends.fixing.first { $0.severity == severity })
        #expect(fixing.fixed == 2 && fixing.inTime == 1 && fixing.late == 1)
        #expect(fixing.median == .seconds(6 * 86_400))
        #expect(trends.points.map { $0.open[severity] } == [2, 1, 0])
        #expect(try await world.findings.trends(repository: "elsewhere").points.isEmpty)
    }

    /// A runner elsewhere takes over what was decided, as long as it holds.
    @Test func decisionsGoIntoBaselinesWithTheirEnd() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let id = try #require(try await world.assess().findings.first).id
        var triage = world.accepted(days: 1)
        triage.expires = SystemWallClock().now() + .seconds(86_400)
        triage.decided = SystemWallClock().now()
        try await world.findings.triage(id, triage)
        let bytes = AssessmentReport(try await world.assess(), version: "1").bytes(.baseline)
        let elsewhere = try await world.tree.assess(baseline: try Baseline(parsing: bytes, name: "b"))
        #expect(elsewhere.findings.map(\.state) == [.known] && elsewhere.findings.first?.stateReason == "a demo")
        var over = try JSON.parse(bytes)
        var entry = try #require(over["findings"]?[0])
        entry["expires"] = "2020-01-01T00:00:00Z"
        over["findings"] = .array([entry])
        let late = try await world.tree.assess(baseline: try Baseline(parsing: over.bytes(), name: "b"))
        #expect(late.findings.map(\.state) == [.open])
        entry["expires"] = "someday"
        over["findings"] = .array([entry])
        #expect(throws: GatehouseError.self) { try Baseline(parsing: over.bytes(), name: "b") }
    }

    /// A data folder of before there was a history.
    @Test func whatWasKeptBeforeStays() async throws {
        let data = TestTree()
        let old = try Store.open(path: data.root + "/db", migrations: [Scan.migrations[0]])
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let assessment = try await world.assess()
        let finding = try #require(assessment.findings.first)
        try await old.write { tx in
            for (id, state, triage) in [("fnd_a", "open", nil), ("fnd_b", "known", "known"), ("fnd_c", "fixed", nil)]
                as [(String, String, String?)]
            {
                try tx.execute(
                    """
                    INSERT INTO scan_findings (id, repository, fingerprint, content_fingerprint, rule, title, severity, tier,
                    path, state, only_in_history, triage, triage_reason, first_seen, last_seen, fixed_at, assessment, document)
                    VALUES (?, 'r', ?, 'c', 'x', 't', 3, 1, 'a.py', ?, 0, ?, ?, 5, 6, ?, 'asm_1', ?)
                    """,
                    [
                        .text(id), .text(id), .text(state), Value(triage), Value(triage.map { _ in "a test account" }),
                        state == "fixed" ? .integer(7) : .null, .text(AssessmentDocument.finding(finding).text()),
                    ])
            }
        }
        try old.close()
        let store = try Store.open(path: data.root + "/db", migrations: Scan.migrations)
        let findings = FindingsStore(store, version: "1")
        #expect(try await findings.findings().total == 3)
        let known = try await findings.finding("fnd_b").finding
        #expect(known.state == .known && known.stateReason == "a test account" && known.triage?.state == .known)
        #expect(try await findings.history(of: "fnd_a").map(\.kind) == [.found])
        #expect(try await findings.history(of: "fnd_c").map(\.kind) == [.found, .fixed])
        #expect(try await findings.sources() == ["scan.secrets"])
        #expect(try await findings.finding("fnd_a").openedAt == Timestamp(microseconds: 5))
        try await findings.takeBack("fnd_b", reason: "look again", by: "Ada", at: Timestamp(microseconds: 9))
        #expect(try await findings.finding("fnd_b").finding.state == .open)
    }

    @Test func theDigestTellsWhatBecameOfFindings() async throws {
        let world = try WatchedTree()
        world.tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        world.tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        let first = try await world.assess()
        let a = try #require(first.findings.first { $0.path == "a.py" }).id
        try await world.findings.triage(a, world.accepted(days: 13))
        world.clock.pass(days: 8)
        world.tree.write("<i>.py", "k = '\(Fake.gitLab)'\n")
        unlink("\(world.tree.root)/b.py")
        try await world.assess { if $0.path != "a.py" { $0.set("within 3 days", exploited: true) } }
        let digest = try await world.findings.digest(of: .seconds(7 * 86_400))
        let sections = FindingsDigest.Section.allCases.filter { digest.total($0) > 0 }
        #expect(sections == [.exploited, .new, .expiring, .fixed])
        let repository = try #require(digest.repositories.first)
        #expect(repository.lines[.new]?.map(\.path) == ["<i>.py"] && repository.lines[.fixed]?.map(\.path) == ["b.py"])
        #expect(repository.lines[.expiring]?.first?.note == "accepted until 2026-06-14 (owner: Ada)")
        for format in DigestReport.Format.allCases {
            let text = String(decoding: DigestReport(digest, version: "1").bytes(format), as: UTF8.self)
            #expect(text.contains("b.py") && !text.contains(Fake.awsKey))
            #expect(format != .html || !text.contains("<i>"))
            if format == .html {
                for outside in ["href=", "src=", "url(", "<script", "http://"] { #expect(!text.contains(outside)) }
            }
        }
        world.clock.pass(days: 8)
        let later = try await world.findings.digest(of: .seconds(7 * 86_400))
        #expect(FindingsDigest.Section.allCases.filter { later.total($0) > 0 } == [.overdue, .reopened])
        #expect(try await world.findings.digest(of: .seconds(60)).total(.reopened) == 0)
    }
}

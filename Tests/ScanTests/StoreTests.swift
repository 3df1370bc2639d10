import Core
import Gate
import JSON
import Store
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct FindingsStoreTests {
    private func open(_ folder: TestTree) throws -> FindingsStore {
        FindingsStore(try Store.open(path: folder.root + "/db", migrations: Scan.migrations), version: "1.0.0")
    }

    @Test func findingsLiveFromAssessmentToAssessment() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let findings = try open(data)
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        let first = try await findings.record(try await tree.assess())
        let (a, b) = (
            try #require(first.findings.first { $0.path == "a.py" }),
            try #require(first.findings.first { $0.path == "b.py" })
        )
        #expect(try await findings.openCounts().values.reduce(0, +) == 2)

        let triage = Triage(
            .known, reason: "test account", owner: "Ada", by: "Ada", decided: Timestamp(seconds: 1_800_000_000))
        try await findings.triage(a.id, triage)
        unlink("\(tree.root)/b.py")
        tree.write("a.py", "\n\nk = '\(Fake.awsKey)'\n")
        let second = try await findings.record(try await tree.assess())
        let again = try #require(second.findings.first)
        #expect((again.id, again.firstSeen) == (a.id, a.firstSeen))
        #expect(again.lastSeen > a.lastSeen)
        #expect((again.state, again.stateReason) == (.known, "test account"))
        let fixed = try await findings.finding(b.id)
        #expect(fixed.finding.state == .fixed)
        #expect(fixed.fixedAt == second.finished)

        tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        rename("\(tree.root)/a.py", "\(tree.root)/moved.py")
        let third = try await findings.record(try await tree.assess())
        #expect(third.findings.first { $0.path == "b.py" }?.id == b.id)
        #expect(try await findings.finding(b.id).finding.state == .open)
        #expect(try await findings.finding(b.id).fixedAt == nil)
        #expect(third.findings.first { $0.path == "moved.py" }?.id == a.id)
        #expect(try await findings.findings().total == 2)
        #expect(try await findings.assessments().map(\.id) == [third.id, second.id, first.id])
    }

    @Test func whatCouldNotBeCheckedIsNotFixed() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let findings = try open(data)
        try await tree.git("init", "--quiet")
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        try await tree.commit("first")
        let first = try await findings.record(try await tree.assess(history: true))
        #expect(first.findings.count == 2)
        let filler = String(repeating: "x", count: 1000) + "\n"
        tree.write("a.py", filler + "k = '\(Fake.awsKey)'\n")
        tree.write("b.py", "k = 1\n")
        try await tree.commit("second")
        _ = try await findings.record(try await tree.assess(limits: .init(fileBytes: 500)))
        var filter = FindingsFilter()
        filter.states = [.open]
        #expect(try await findings.findings(filter).findings.map(\.finding.path) == ["a.py"])
        // In the history it is still there.
        let past = try await findings.record(try await tree.assess(history: true))
        #expect(try await findings.findings(filter).total == 2)
        #expect(past.findings.first { $0.path == "b.py" }?.isOnlyInHistory == true)
        _ = try await findings.record(try await tree.assess())
        #expect(try await findings.findings(filter).total == 2)
    }

    @Test func questionsAndReports() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let findings = try open(data)
        tree.write("100%_a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("src/B.py", "k = '\(Fake.gitLab)'\n")
        let assessment = try await findings.record(try await tree.assess())
        var filter = FindingsFilter()
        filter.text = "0%_A"
        #expect(try await findings.findings(filter).findings.map(\.finding.path) == ["100%_a.py"])
        filter.text = "%"
        #expect(try await findings.findings(filter).total == 1)
        filter.text = "gitlab"
        #expect(try await findings.findings(filter).findings.map(\.finding.path) == ["src/B.py"])
        filter = FindingsFilter()
        filter.repository = "elsewhere"
        #expect(try await findings.findings(filter).total == 0)
        filter = FindingsFilter()
        filter.limit = 1
        #expect(try await findings.findings(filter).findings.count == 1)
        #expect(try await findings.findings(filter).total == 2)
        let stored = try await findings.assessment(assessment.id)
        #expect(stored == assessment)
        #expect(
            try await findings.report(assessment.id, .sarif)
                == AssessmentReport(assessment, version: "1.0.0").bytes(.sarif))
        await #expect(throws: GatehouseError.self) { _ = try await findings.assessment("asm_none") }
        await #expect(throws: GatehouseError.self) { _ = try await findings.finding("fnd_none") }
        let triage = Triage(.known, reason: "x", owner: "Ada", by: "Ada", decided: Timestamp(seconds: 1))
        await #expect(throws: GatehouseError.self) { try await findings.triage("fnd_none", triage) }
    }

    @Test func oldReportsAreLetGo() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let findings = try open(data)
        tree.write("a.py", "x\n")
        var ids: [String] = []
        for _ in 0...FindingsStore.keptReports { ids.append(try await findings.record(try await tree.assess()).id) }
        let kept = try await findings.assessments()
        #expect(kept.count == ids.count)
        #expect(kept.count { $0.hasReport } == FindingsStore.keptReports)
        await #expect(throws: GatehouseError.self) { _ = try await findings.assessment(ids[0]) }
        _ = try await findings.assessment(ids[1])
    }

    // MARK: - The tool

    private func context(_ report: @escaping @Sendable (Progress) -> Void = { _ in }) -> ActionContext {
        .ofAda(report: report)
    }

    @Test func theToolAssessesAndRecords() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let findings = try open(data)
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let tool = AssessTool(assessor: try assessor.get(), findings: findings)
        let arguments: JSON = ["path": .string(tree.root), "history": false]
        #expect(try tool.effect(of: arguments) == .read)
        let answer = try await tool.perform(
            Action(id: "act_1", tool: AssessTool.id, target: "repo:x", arguments: arguments), in: context())
        let id = try #require(answer.value["assessment"]?.string)
        #expect(Severity.allCases.reduce(0) { $0 + (answer.value["open"]?[$1.rawValue]?.int ?? 0) } == 1)
        #expect(answer.value["findings"]?[0]?["rule"] == "aws-access-key-id")
        #expect(try await findings.assessment(id).findings.count == 1)
    }

    @Test(arguments: [
        #"{}"#, #"{"path":"/x","url":"https://h/x"}"#, #"{"path":7}"#, #"{"path":"/x","histroy":true}"#,
        #"{"path":"/x","history":1}"#,
        #"{"url":"http://h/x"}"#, #"{"path":"/x","max_file_bytes":0}"#, #"{"path":"/x","max_findings":"many"}"#, #"[]"#,
        #"{"path":""}"#,
    ])
    func wrongArgumentsAreNamed(text: String) async throws {
        let data = TestTree()
        let tool = AssessTool(assessor: try assessor.get(), findings: try open(data))
        #expect(throws: GatehouseError.self) { try tool.effect(of: try JSON.parse(text)) }
    }
}

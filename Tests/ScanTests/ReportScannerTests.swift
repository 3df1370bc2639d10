import Core
import Formats
import Gate
import JSON
import Store
import TestSupport
import Testing

@testable import Scan

@Suite struct ReportScannerTests {
    struct Result {
        var rule: String
        var uri: String
        var region: JSON = ["startLine": 1]
        var level = "error"
        var message = "something is wrong"
        var members: JSON = [:]

        var json: JSON {
            var json: JSON = [
                "ruleId": .string(rule), "level": .string(level), "message": ["text": .string(message)],
                "locations": [["physicalLocation": ["artifactLocation": ["uri": .string(uri)], "region": region]]],
            ]
            for (key, value) in members.object ?? [:] { json[key] = value }
            return json
        }
    }

    private func log(
        _ tool: String, _ results: [Result], rules: JSON = [], run members: JSON = [:]
    ) -> ToolReport {
        var run: JSON = [
            "tool": ["driver": ["name": .string(tool), "version": "1.2.3", "rules": rules]],
            "columnKind": "unicodeCodePoints", "results": .array(results.map(\.json)),
        ]
        for (key, value) in members.object ?? [:] { run[key] = value }
        let log: JSON = ["version": "2.1.0", "runs": [run]]
        return ToolReport(name: "\(tool).sarif", bytes: Array(log.text().utf8))
    }

    private func rule(_ id: String, cwe: Int, title: String? = nil) -> JSON {
        var json: JSON = ["id": .string(id), "properties": ["tags": [.string("external/cwe/cwe-\(cwe)")]]]
        if let title { json["shortDescription"] = ["text": .string(title)] }
        return json
    }

    private func decision(_ reason: String) -> Triage {
        Triage(.known, reason: reason, owner: "Ada", by: "Ada", decided: Timestamp(seconds: 1_800_000_000))
    }

    private func assess(_ tree: TestTree, _ reports: ToolReport...) async throws -> Assessment {
        var request = AssessmentRequest(.path(tree.root))
        request.reports = reports
        return try await assessor.get().assess(request)
    }

    @Test func aResultIsAFindingInOurWords() async throws {
        let tree = TestTree()
        tree.write("src/a b.py", "import os\n\tos.system(x)  # 𝄞 run\n")
        let report = log(
            "Bandit",
            [Result(rule: "B605", uri: "src/a%20b.py", region: ["startLine": 2, "startColumn": 2, "endColumn": 14])],
            rules: [rule("B605", cwe: 78, title: "a shell is started")])
        let result = try await assess(tree, report)
        let finding = try #require(result.findings.first)
        #expect(finding.rule.id == "bandit/B605")
        #expect(finding.rule.title == "a shell is started")
        #expect(finding.severity == .high)
        #expect(finding.path == "src/a b.py")
        #expect((finding.start, finding.end) == (Place(line: 2, column: 2), Place(line: 2, column: 14)))
        #expect(finding.snippet == "os.system(x)  # 𝄞 run")
        #expect(
            finding.sources == [.init(tool: "bandit", version: "1.2.3", rule: "B605", fingerprint: finding.fingerprint)]
        )
        #expect(finding.details?["cwe"] == ["CWE-78"])
        #expect(
            result.tools == [ToolRun(tool: "bandit", version: "1.2.3", origin: .report, results: 1, isComplete: true)])
        #expect(result.uncheckedCount == 0, "\(result.unchecked)")
        let parsed = try AssessmentDocument.parse(AssessmentDocument.json(result))
        #expect(parsed.findings == result.findings)
        #expect(parsed.tools == result.tools)
    }

    @Test(arguments: [("utf16CodeUnits", 5), ("unicodeCodePoints", 4)])
    func columnsBecomeCodePoints(_ kind: String, _ column: Int) async throws {
        let tree = TestTree()
        tree.write("a.js", "'𝄞'eval(x)\r\nlast")
        let result = try await assess(
            tree,
            log(
                "T", [Result(rule: "R", uri: "a.js", region: ["startLine": 1, "startColumn": JSON(column)])],
                run: ["columnKind": .string(kind)]))
        let finding = try #require(result.findings.first)
        #expect((finding.start, finding.end) == (Place(line: 1, column: 4), Place(line: 1, column: 11)))
    }

    @Test func offsetsBecomePlaces() async throws {
        let tree = TestTree()
        tree.write("a.py", "é = 1\neval(x)\n")
        let result = try await assess(
            tree,
            log(
                "T",
                [
                    Result(rule: "B", uri: "a.py", region: ["byteOffset": 7, "byteLength": 4]),
                    Result(rule: "C", uri: "a.py", region: ["charOffset": 6, "charLength": 4]),
                ]))
        #expect(result.findings.map(\.start) == [Place(line: 2, column: 1), Place(line: 2, column: 1)])
        #expect(result.findings.map(\.end) == [Place(line: 2, column: 5), Place(line: 2, column: 5)])
    }

    @Test func noSecretIsRepeated() async throws {
        let tree = TestTree()
        tree.write("a.py", "password = '\(Fake.password)'\nk = '\(Fake.awsKey)'; eval(x)\n")
        let bandit = log(
            "Bandit",
            [
                Result(rule: "B105", uri: "a.py", message: "Possible hardcoded password: '\(Fake.password)'"),
                Result(
                    rule: "B307", uri: "a.py", region: ["startLine": 2],
                    message: "eval after \(Fake.awsKey) of `\(Fake.gitLab)`"),
            ], rules: [rule("B105", cwe: 259), rule("B307", cwe: 95)])
        let other = log(
            "gitleaks", [Result(rule: "generic", uri: "a.py", message: "\(Fake.password) was found")],
            rules: [["id": "generic", "shortDescription": ["text": .string("found \(Fake.awsKey)")]]])
        let result = try await assess(tree, bandit, other)
        #expect(result.findings.count == 3, "\(result.findings.map(\.rule.id))")
        for name in AssessmentReport.Format.names {
            let format = try #require(AssessmentReport.Format(name: name, width: 200))
            let text = String(decoding: AssessmentReport(result, version: "1").bytes(format), as: UTF8.self)
            for secret in [Fake.password, Fake.awsKey, Fake.gitLab] { #expect(!text.contains(secret), "\(name)") }
        }
    }

    @Test func oneFlawOfSeveralToolsIsOneFinding() async throws {
        let tree = TestTree()
        tree.write("a.py", "k = '\(Fake.awsKey)'\nos.system(x)\n")
        let alone = try #require(try await tree.assess().findings.first)
        let bandit = log(
            "Bandit", [Result(rule: "B605", uri: "a.py", region: ["startLine": 2], level: "warning")],
            rules: [rule("B605", cwe: 78)])
        let semgrep = log(
            "Semgrep OSS",
            [
                Result(rule: "py.os-system", uri: "a.py", region: ["startLine": 2, "endLine": 3]),
                Result(rule: "py.other", uri: "a.py", region: ["startLine": 2]),
            ], rules: [rule("py.os-system", cwe: 77), rule("py.other", cwe: 502)])
        let gitleaks = log("gitleaks", [Result(rule: "aws-access-token", uri: "a.py")])
        let result = try await assess(tree, bandit, semgrep, gitleaks)
        #expect(result.findings.count == 3)
        let own = try #require(result.findings.first { $0.fingerprint == alone.fingerprint })
        #expect(own.rule.id == alone.rule.id)
        #expect(own.sources.map(\.tool) == ["gatehouse", "gitleaks"])
        let command = try #require(result.findings.first { $0.sources.contains { $0.tool == "bandit" } })
        #expect(command.sources.map(\.text) == ["semgrep-oss 1.2.3 py.os-system", "bandit 1.2.3 B605"])
        #expect(command.severity == .high)
        #expect(result.findings.contains { $0.rule.id == "semgrep-oss/py.other" && $0.sources.count == 1 })
        // Without the others, ours is as it was.
        #expect(try await tree.assess().findings.map(\.fingerprint) == [alone.fingerprint])
    }

    @Test func commentsAcceptAndToolsAcceptForThemselves() async throws {
        let tree = TestTree()
        tree.write("a.py", "f(x)  # gatehouse:allow bandit/B1 checked above\n\ng(x)\nh(x)\n")
        let accepted: JSON = ["suppressions": [["kind": "inSource", "justification": "nosec"]]]
        let bandit = log(
            "bandit",
            [
                Result(rule: "B1", uri: "a.py"),
                Result(rule: "B1", uri: "a.py", region: ["startLine": 3], members: accepted),
                Result(rule: "B1", uri: "a.py", region: ["startLine": 4], members: accepted),
            ], rules: [rule("B1", cwe: 78)])
        let other = log(
            "other", [Result(rule: "R", uri: "a.py"), Result(rule: "R", uri: "a.py", region: ["startLine": 3])],
            rules: [rule("R", cwe: 78)])
        let result = try await assess(tree, bandit, other)
        let byLine = result.findings.sorted { $0.start < $1.start }
        #expect(byLine.map(\.state) == [.suppressed, .open, .suppressed])
        #expect(byLine[0].stateReason == "checked above")
        #expect(byLine[2].stateReason == "accepted in bandit: nosec")
    }

    @Test func whatCannotBeUsedIsSaid() async throws {
        let tree = TestTree()
        tree.write("a.py", "x\n")
        let report = log(
            "T",
            [
                Result(rule: "R", uri: "missing.py"), Result(rule: "R", uri: "../out.py"),
                Result(rule: "R", uri: "file:///elsewhere/z.py"),
                Result(rule: "R", uri: "a.py", region: ["startLine": 40]),
                Result(rule: "R", uri: "a.py", members: ["locations": []]),
            ],
            run: [
                "invocations": [
                    [
                        "executionSuccessful": false, "exitCode": 2,
                        "toolExecutionNotifications": [
                            [
                                "level": "error", "message": ["text": "cannot parse"],
                                "locations": [["physicalLocation": ["artifactLocation": ["uri": "a.py"]]]],
                            ]
                        ],
                    ]
                ]
            ])
        let broken = ToolReport(name: "old.sarif", bytes: Array(#"{"version":"1.0.0","runs":[]}"#.utf8))
        let result = try await assess(tree, report, broken)
        let details = result.unchecked.map { "\($0.path)|\($0.reason.rawValue)|\($0.detail)" }
        #expect(result.findings.isEmpty)
        #expect(
            details.contains { $0.contains("T.sarif: 2 results of t in files that were not assessed: missing.py") },
            "\(details)")
        #expect(details.contains { $0.contains("runs[0].results[1] (R) leads out") })
        #expect(
            details.contains {
                $0.contains("1 result of t at places that the files do not have") && $0.contains("a.py:40")
            })
        #expect(details.contains { $0.contains("1 result of t without any place") })
        #expect(details.contains { $0.contains("says that the tool failed (exit code 2)") })
        #expect(details.contains("a.py|tool|t: cannot parse"))
        #expect(details.contains { $0.hasPrefix("|report|old.sarif: version is \"1.0.0\"") })
        #expect(result.tools.map(\.isComplete) == [false])
    }

    @Test func addressesAreFindingsInNoFile() async throws {
        let tree = TestTree()
        tree.write("a.py", "x\n")
        let result = try await assess(
            tree, log("ZAP", [Result(rule: "10020", uri: "https://shop.example/a%20b?token=1")]))
        let finding = try #require(result.findings.first)
        #expect(finding.path == "https://shop.example/a%20b")
        let sarif = AssessmentReport(result, version: "1").sarif.json["runs"]?[0]?["results"]?[0]
        let place = sarif?["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "https://shop.example/a%20b")
        #expect(place?["region"] == nil)
        #expect(sarif?["properties"]?["sources"]?[0]?["tool"] == "zap")
    }

    // MARK: - From assessment to assessment

    @Test func triageOutlivesWhoeverSeesTheFlaw() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let store = FindingsStore(try Store.open(path: data.root + "/db", migrations: Scan.migrations), version: "1")
        tree.write("a.py", "os.system(x)\n")
        let bandit = log(
            "bandit", [Result(rule: "B605", uri: "a.py", level: "warning")], rules: [rule("B605", cwe: 78)])
        let semgrep = log("semgrep", [Result(rule: "s", uri: "a.py")], rules: [rule("s", cwe: 78)])

        let first = try #require(try await store.record(try await assess(tree, bandit)).findings.first)
        try await store.triage(first.id, decision("behind a check"))
        // Another tool leads now: the same finding, with what was decided.
        let both = try await store.record(try await assess(tree, bandit, semgrep)).findings
        #expect(both.map(\.id) == [first.id])
        #expect(both.first?.rule.id == "semgrep/s")
        #expect(both.first?.state == .known)
        #expect(both.first?.stateReason == "behind a check")
        // Only the other one, then the first again.
        #expect(try await store.record(try await assess(tree, semgrep)).findings.map(\.id) == [first.id])
        let last = try #require(try await store.record(try await assess(tree, bandit)).findings.first)
        #expect((last.id, last.state) == (first.id, .known))
    }

    @Test func findingsThatTurnOutToBeOneAreOne() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let store = FindingsStore(try Store.open(path: data.root + "/db", migrations: Scan.migrations), version: "1")
        tree.write("a.py", "os.system(x)\n")
        let plain = log("semgrep", [Result(rule: "s", uri: "a.py")])
        let known = log("semgrep", [Result(rule: "s", uri: "a.py")], rules: [rule("s", cwe: 78)])
        let bandit = log("bandit", [Result(rule: "B605", uri: "a.py")], rules: [rule("B605", cwe: 78)])
        let apart = try await store.record(try await assess(tree, plain, bandit)).findings
        #expect(apart.count == 2)
        let decided = try #require(apart.first { $0.sources[0].tool == "semgrep" })
        try await store.triage(decided.id, decision("seen"))
        let joined = try await store.record(try await assess(tree, known, bandit)).findings
        #expect(joined.count == 1)
        #expect(joined.first?.state == .known)
        #expect(try await store.findings(FindingsFilter()).total == 1)
        // Apart again, both keep what was decided.
        let again = try await store.record(try await assess(tree, plain, bandit)).findings
        #expect(again.map(\.state) == [.known, .known])
    }

    @Test func whatAToolDoesNotSayTodayIsNotFixed() async throws {
        let (data, tree) = (TestTree(), TestTree())
        let store = FindingsStore(try Store.open(path: data.root + "/db", migrations: Scan.migrations), version: "1")
        tree.write("a.py", "os.system(x)\n")
        let found = try #require(
            try await store.record(try await assess(tree, log("bandit", [Result(rule: "B605", uri: "a.py")]))).findings
                .first)
        func state() async throws -> Finding.State { try await store.finding(found.id).finding.state }
        _ = try await store.record(try await assess(tree))
        #expect(try await state() == .open)
        let failed: JSON = ["invocations": [["executionSuccessful": false]]]
        _ = try await store.record(try await assess(tree, log("bandit", [], run: failed)))
        #expect(try await state() == .open)
        _ = try await store.record(try await assess(tree, log("bandit", [])))
        #expect(try await state() == .fixed)
    }
}

import Core
import JSON
import Privacy
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct AssessTests {
    @Test func findsASecretAndSaysWhere() async throws {
        let tree = TestTree()
        tree.write("src/config.py", "# héllo\nname = 'é'; key = '\(Fake.awsKey)'\n")
        let result = try await tree.assess()
        let finding = try #require(result.findings.first)
        #expect(result.findings.count == 1)
        #expect(finding.rule.id == "aws-access-key-id")
        #expect(finding.path == "src/config.py")
        #expect(finding.start == Place(line: 2, column: 20))
        #expect(finding.end == Place(line: 2, column: 40))
        #expect(finding.snippet == "name = 'é'; key = 'AKIA…(20)'")
        #expect(finding.state == .open)
        #expect(finding.priority.tier == .now)
        #expect(result.inventory.languages["Python"] == .init(files: 1, bytes: 51, lines: 2))
        #expect(result.listing == .folder)
        #expect(result.uncheckedCount == 0)
    }

    @Test func fingerprintsSurviveEditsAndTellSecretsApart() async throws {
        let tree = TestTree()
        tree.write("a.py", "k = '\(Fake.awsKey)'\nj = '\(Fake.otherKey)'\nagain = '\(Fake.awsKey)'\n")
        let before = try await tree.assess()
        #expect(Set(before.findings.map(\.fingerprint)).count == 3)
        tree.write(
            "a.py",
            "import os\n\n\nname = '\(Fake.awsKey)'  # moved\nx = 1\nj = '\(Fake.otherKey)'\nagain = '\(Fake.awsKey)'\n"
        )
        let after = try await tree.assess()
        #expect(Set(after.findings.map(\.fingerprint)) == Set(before.findings.map(\.fingerprint)))
        tree.write("a.py", "k = '\(Fake.gitLab)'\n")
        let rotated = try await tree.assess()
        #expect(rotated.findings.allSatisfy { new in !before.findings.contains { $0.fingerprint == new.fingerprint } })
    }

    @Test func aMovedFileKeepsItsContentFingerprint() async throws {
        let tree = TestTree()
        tree.write("old.py", "k = '\(Fake.awsKey)'\n")
        let before = try #require(try await tree.assess().findings.first)
        rename("\(tree.root)/old.py", "\(tree.root)/new.py")
        let after = try #require(try await tree.assess().findings.first)
        #expect(after.fingerprint != before.fingerprint)
        #expect(after.contentFingerprint == before.contentFingerprint)
    }

    @Test func gitDecidesWhatIsThere() async throws {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write(".gitignore", "ignored/\n")
        tree.write(".gatehouseignore", "generated/\n")
        tree.write("ignored/a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("generated/b.py", "k = '\(Fake.awsKey)'\n")
        tree.write("kept.py", "k = '\(Fake.awsKey)'\n")
        tree.write("gone.py", "k = 1\n")
        try await tree.commit("first")
        tree.write("untracked.py", "k = '\(Fake.otherKey)'\n")
        unlink("\(tree.root)/gone.py")
        let result = try await tree.assess()
        #expect(result.listing == .git, "\(result.unchecked)")
        #expect(Set(result.findings.map(\.path)) == ["kept.py", "untracked.py"])
        #expect(result.unchecked.map(\.path) == ["gone.py"])
        #expect(result.unchecked.map(\.reason) == [.vanished])
        #expect(result.inventory.skipped[.ignored] == 1)
        #expect(result.commit?.count == 40)
        #expect(result.branch == "main")
    }

    @Test func anIgnoredFolderIsReadWhenAskedFor() async throws {
        let tree = TestTree()
        try await tree.git("init", "--quiet")
        tree.write(".gitignore", "build/\n")
        tree.write("build/deep/a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("src/b.py", "k = '\(Fake.otherKey)'\n")
        for (folder, listing) in [("build", Assessment.Listing.folder), ("build/deep", .folder), ("src", .git)] {
            let result = try await assessor.get().assess(.init(.path("\(tree.root)/\(folder)")))
            #expect(result.findings.count == 1)
            #expect(result.listing == listing)
        }
    }

    @Test func commentsAccept() async throws {
        let tree = TestTree()
        tree.write(
            "a.py",
            """
            k = '\(Fake.awsKey)'  # gatehouse:allow aws-access-key-id revoked in May
            # gatehouse:allow * sample from the manual
            l = '\(Fake.otherKey)'

            m = '\(Fake.gitLab)'  # gatehouse:allow gitlab-personal-token
            n = '\(Fake.gitLab)'  # gatehouse:allow aws-access-key-id wrong rule

            """)
        let findings = try await tree.assess().findings.sorted { $0.start < $1.start }
        #expect(findings.map(\.state) == [.suppressed, .suppressed, .open, .open])
        #expect(findings[0].stateReason == "revoked in May")
        #expect(findings[1].stateReason == "sample from the manual")
        #expect(findings[2].stateReason?.contains("no reason") == true)
    }

    @Test func aBaselineAcceptsWhatIsKnown() async throws {
        let tree = TestTree()
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        let first = try await tree.assess()
        let document = Array(Baseline.document(first).text().utf8)
        let report = AssessmentReport(first, version: "1").bytes(.json)
        tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        for file in [document, report] {
            let result = try await tree.assess(baseline: try Baseline(parsing: file, name: "b.json"))
            #expect(result.findings.filter { $0.state == .known }.map(\.path) == ["a.py"])
            #expect(result.findings.filter { $0.state == .open }.map(\.path) == ["b.py"])
        }
        rename("\(tree.root)/a.py", "\(tree.root)/moved.py")
        let moved = try await tree.assess(baseline: try Baseline(parsing: document, name: "b.json"))
        #expect(moved.findings.filter { $0.state == .known }.map(\.path) == ["moved.py"])
        #expect(throws: GatehouseError.self) { try Baseline(parsing: Array("{\"schema\":\"x\"}".utf8), name: "b.json") }
        #expect(throws: GatehouseError.self) { try Baseline(parsing: Array("not json".utf8), name: "b.json") }
    }

    @Test func limitsAreSaid() async throws {
        let tree = TestTree()
        for file in 0..<3 {
            tree.write(
                "f\(file).py", (0..<20).map { "k\($0) = '\($0 % 2 == 0 ? Fake.awsKey : Fake.otherKey)'\n" }.joined())
        }
        let perFile = try await tree.assess(limits: .init(findingsPerFile: 5))
        #expect(perFile.findings.count == 15)
        #expect(perFile.unchecked.filter { $0.reason == .tooManyFindings }.count == 3)
        let perRun = try await tree.assess(limits: .init(findings: 7))
        #expect(perRun.findings.count == 7)
        #expect(perRun.findingsCut == 53)
    }

    @Test func aSingleFileAndAMissingOne() async throws {
        let tree = TestTree()
        tree.write("a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("b.py", "k = '\(Fake.otherKey)'\n")
        let one = try await assessor.get().assess(.init(.path(tree.root + "/a.py")))
        #expect(one.findings.map(\.path) == ["a.py"])
        await #expect(throws: GatehouseError.self) {
            _ = try await assessor.get().assess(.init(.path(tree.root + "/none")))
        }
    }

    @Test func prioritiesFollowTheTable() {
        func tier(_ severity: Severity, verified: Bool = false, history: Bool = false, test: Bool = false)
            -> Priority.Tier
        {
            Priority(
                .init(
                    severity: severity, confidence: .high, isVerified: verified, isOnlyInHistory: history, isTest: test)
            ).tier
        }
        #expect(tier(.critical, verified: true) == .now)
        #expect(tier(.high) == .now)
        #expect(tier(.high, history: true) == .soon)
        #expect(tier(.critical, verified: true, test: true) == .soon)
        #expect(tier(.medium) == .soon)
        #expect(tier(.medium, test: true) == .planned)
        #expect(tier(.low) == .later)
    }

    @Test(
        arguments: [
            ("db.corp.net", .now), ("10.0.0.7", .now), ("[2001:db9::1]", .now), ("postgres", .soon),
            ("localhost", .planned), ("127.0.0.1", .planned), ("DB.Localhost.", .planned),
            ("my-host", .later), ("db.example.com", .later), ("redis.test", .later), ("203.0.113.9", .later),
            ("example.com.evil.net", .now), ("127.evil.net", .now),
        ] as [(String, Priority.Tier)])
    func aPasswordCountsByTheDoorThatItOpens(_ host: String, _ tier: Priority.Tier) async throws {
        let tree = TestTree()
        tree.write("settings.py", "URL = 'postgres://app:\(Fake.password)@\(host):5432/x'\n")
        let found = try await tree.assess().findings
        #expect(found.map(\.rule.id) == ["url-password"])
        #expect(found.map(\.priority.tier) == [tier])
    }
}

import JSON
import Testing

@testable import Scan

/// Findings of tree scanners go the way of all findings.
@Suite struct InfrastructureAssessTests {
    private func assess(_ tree: TestTree) async throws -> Assessment {
        let assessor = Assessor(scanners: [], trees: [InfrastructureScanner()])
        return try await assessor.assess(AssessmentRequest(.path(tree.root)))
    }

    private let bucket = "resource \"aws_s3_bucket\" \"b\" {\n  acl = \"public-read\"\n}\n"

    @Test func fingerprintsSurviveMoves() async throws {
        let tree = TestTree()
        tree.write("main.tf", bucket)
        let before = try await assess(tree)
        let acl = try #require(before.findings.first { $0.rule.id == "aws-s3-public-acl" })
        #expect(acl.path == "main.tf" && acl.start == Place(line: 2, column: 9))
        #expect(acl.source == "scan.infrastructure" && acl.snippet == "aws_s3_bucket.b acl")
        #expect(acl.details?["controls"]?.array?.contains("CIS-AWS-3.0:2.1.4") == true)
        tree.write("main.tf", "# a line\n\n" + bucket + "resource \"aws_s3_bucket\" \"c\" {}\n")
        let after = try await assess(tree)
        let moved = try #require(after.findings.first { $0.rule.id == "aws-s3-public-acl" })
        #expect(moved.fingerprint == acl.fingerprint && moved.start.line == 4)
        let versioning = after.findings.filter { $0.rule.id == "aws-s3-versioning" }
        #expect(Set(versioning.map(\.fingerprint)).count == 2)
    }

    @Test func whatOneChangeMendsIsOneRow() async throws {
        let tree = TestTree()
        let uses = ["a/b@v1", "c/d@v2", "e/f@main"].map { "      - uses: \($0)\n" }.joined()
        let job = "jobs:\n  j:\n    runs-on: ubuntu-24.04\n    steps:\n"
        tree.write(".github/workflows/ci.yml", "on: push\npermissions: {}\n" + job + uses)
        tree.write("main.tf", bucket)
        let found = try await assess(tree)
        let unpinned = found.findings.filter { $0.rule.title.contains("pinned") }
        #expect(unpinned.map(\.start.line) == [7, 8, 9])
        let report = AssessmentReport(found, version: "1")
        func text(_ format: AssessmentReport.Format) -> String { String(decoding: report.bytes(format), as: UTF8.self) }
        let title = try #require(unpinned.first).rule.title
        let table = text(.table(width: 200, color: false))
        #expect(table.split(separator: "\n").filter { $0.contains(title) }.count == 1)
        #expect(table.contains("+2 · \(title)"))
        #expect(text(.html).contains("also in lines 8, 9") && text(.markdown).contains("also in lines 8, 9"))
        // What machines read has each of them.
        #expect(AssessmentDocument.json(found)["findings"]?.array?.count == found.findings.count)
    }

    @Test func commentsAccept() async throws {
        let tree = TestTree()
        tree.write(
            "main.tf",
            "# gatehouse:allow aws-s3-versioning logs are kept elsewhere\nresource \"aws_s3_bucket\" \"b\" {\n"
                + "  acl = \"public-read\" # gatehouse:allow aws-s3-public-acl a website\n}\n")
        let found = try await assess(tree)
        let suppressed = found.findings.filter { $0.state == .suppressed }
        #expect(Set(suppressed.map(\.rule.id)) == ["aws-s3-versioning", "aws-s3-public-acl"])
        #expect(suppressed.first { $0.rule.id == "aws-s3-public-acl" }?.stateReason == "a website")
    }

    @Test func largeAndBrokenFilesAreTold() async throws {
        let tree = TestTree()
        tree.write("large.tf", String(repeating: "# " + String(repeating: "x", count: 1022) + "\n", count: 9000))
        tree.write("broken.tf", "resource \"aws_s3_bucket\" {\n")
        tree.write("good.tf", bucket)
        let found = try await assess(tree)
        #expect(found.unchecked.map(\.path) == ["broken.tf", "large.tf"])
        #expect(found.unchecked.map(\.reason) == [.malformed, .malformed])
        #expect(found.findings.contains { $0.rule.id == "aws-s3-public-acl" })
    }

    @Test func repositoriesWithoutAWorkTree() async throws {
        let tree = TestTree()
        tree.write("infra/main.tf", bucket)
        try await tree.git("init", "-q")
        try await tree.git("add", ".")
        try await tree.git("commit", "-q", "-m", "x")
        let url = try GitURL("file://" + tree.root)
        let assessor = Assessor(scanners: [], trees: [InfrastructureScanner()])
        let found = try await assessor.assess(AssessmentRequest(.url(url)))
        #expect(found.findings.contains { $0.rule.id == "aws-s3-public-acl" && $0.path == "infra/main.tf" })
    }
}

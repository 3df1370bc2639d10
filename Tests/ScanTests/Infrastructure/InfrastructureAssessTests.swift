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

import Testing

@testable import Scan

@Suite struct CheckLibraryTests {
    private func all() throws -> CompiledChecks {
        try CompiledChecks(
            CheckLibrary.modules(for: [
                "aws_s3_bucket", "aws_security_group", "aws_instance", "aws_db_instance", "aws_kms_key",
                "aws_cloudtrail",
                "aws_lambda_function", "aws_lb", "azurerm_x", "google_x", "kubernetes.Pod", "dockerfile",
                "compose.service",
                "github.workflow", "gitlab.pipeline",
            ]))
    }

    /// A check says what is wrong, why it matters and what to do.
    @Test func checksSayWhatTheyAre() throws {
        let checks = try all().checks.values.flatMap { $0.values }
        #expect(checks.count > 280)
        #expect(Set(checks.map(\.rule.id)).count == checks.count)
        for check in checks {
            #expect(!check.rule.title.isEmpty && check.rule.title != check.name, "\(check.rule.id)")
            #expect(check.rule.remedy.hasSuffix("."), "\(check.rule.id)")
            #expect(check.rationale.hasSuffix("."), "\(check.rule.id)")
            #expect(
                check.rule.id.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
            )
        }
    }

    /// Only what may judge something is compiled.
    @Test func modulesAreChosenByResources() {
        #expect(CheckLibrary.modules(for: ["random_id"]).isEmpty)
        #expect(CheckLibrary.modules(for: ["dockerfile"]).map(\.name) == ["lib.rego", "dockerfile.rego"])
        #expect(
            CheckLibrary.modules(for: ["aws_s3_bucket"]).map(\.name) == ["lib.rego", "aws_s3.rego", "aws_iam.rego"])
    }
}

import Formats
import Foundation
import Gate
import JSON
import TestSupport
import Testing

@testable import Fixes
@testable import Scan

@Suite struct RecipeTests {
    /// The checks that say how they are put right.
    private func recipes() throws -> Set<String> {
        let types: Set = [
            "aws_s3_bucket", "aws_instance", "aws_kms_key", "aws_db_instance", "aws_cloudtrail", "aws_lb",
            "aws_lambda_function", "aws_security_group", "aws_iam_role", "azurerm_x", "google_x", "kubernetes.Pod",
            "dockerfile", "compose.service", "github.workflow", "gitlab.pipeline",
        ]
        let checks = try CompiledChecks(CheckLibrary.modules(for: types))
        return Set(checks.checks.values.flatMap(\.values).filter { !$0.fix.isNull }.map(\.rule.id))
    }

    @Test func everyRecipeHasAFixture() throws {
        #expect(try recipes() == Set(RecipeFixtures.all.keys))
        #expect(RecipeFixtures.all.count >= 90)
    }

    /// Each in a folder of its own: planned, written, and assessed again. With the line ends of both kinds.
    @Test(arguments: ["\n", "\r\n"])
    func everyRecipeTakesItsFindingAway(newline: String) async throws {
        let world = try World()
        for (rule, fixture) in RecipeFixtures.all {
            try world.tree.write("\(rule)/\(fixture.file)", fixture.text.replacing("\n", with: newline))
        }
        let before = try await world.assess()
        let wanted = before.findings.filter { $0.path.hasPrefix($0.rule.id + "/") }
        #expect(Set(wanted.map(\.rule.id)) == Set(RecipeFixtures.all.keys))
        let shown = try await FixTool(world.workshop).perform(
            world.action(
                FixTool.id, ["path": .string(world.root), "findings": .array(wanted.map { .string($0.id) })]),
            in: world.context()
        ).value
        #expect(shown["not_fixed"] == [])
        try await world.apply(shown)
        let left = try await world.assess().findings.filter { $0.path.hasPrefix($0.rule.id + "/") && $0.state == .open }
        #expect(left.map(\.rule.id) == [])
        for (rule, fixture) in RecipeFixtures.all {
            let after = try world.tree.text("\(rule)/\(fixture.file)")
            let feeds = after.utf8.count { $0 == 0x0A }
            #expect(newline == "\n" || after.utf8.count { $0 == 0x0D } == feeds, "\(rule): mixed line ends")
            #expect(
                UnifiedDiff(from: Array(fixture.text.replacing("\n", with: newline).utf8), to: Array(after.utf8))
                    .removed <= 3, "\(rule)")
        }
    }

    private func fixed(_ rule: String) async throws -> String {
        let fixture = try #require(RecipeFixtures.all[rule])
        let world = try World([fixture.file: fixture.text])
        try await world.apply(try await world.fixes([rule]))
        return try world.tree.text(fixture.file)
    }

    @Test func attributesAreAlignedAsTheirNeighbours() async throws {
        #expect(
            try await fixed("aws-logs-trail-validation")
                == "# a remark\nresource \"aws_cloudtrail\" \"main\" {\n  name = \"n\"\n"
                + "  enable_log_file_validation = true\n}\n")
        #expect(
            try await fixed("aws-s3-public-acl")
                == "# a remark\nresource \"aws_s3_bucket\" \"main\" {\n  bucket = \"b\"\n  acl    = \"private\" # why\n}\n"
        )
    }

    @Test func resourcesAreAddedAfterTheirOwn() async throws {
        #expect(
            try await fixed("aws-s3-public-access-block") == """
                # a remark
                resource "aws_s3_bucket" "main" {
                  bucket = "b"
                }

                resource "aws_s3_bucket_public_access_block" "main" {
                  bucket                  = aws_s3_bucket.main.id
                  block_public_acls       = true
                  block_public_policy     = true
                  ignore_public_acls      = true
                  restrict_public_buckets = true
                }

                """)
    }

    @Test func workflowsKeepTheirShape() async throws {
        #expect(
            try await fixed("github-excessive-permissions") == """
                on: push

                permissions:
                  contents: read

                # What is done.
                jobs:
                  a:
                    runs-on: ubuntu-24.04
                    steps: []

                """)
        #expect(
            try await fixed("github-script-injection").hasSuffix(
                """
                      - name: Title
                        env:
                          ISSUE_TITLE: "${{ github.event.issue.title }}"
                        run: |
                          echo "It is ${ISSUE_TITLE}"
                          echo "${ISSUE_TITLE}"

                """))
        #expect(try await fixed("github-write-all").contains("permissions:\n  contents: read # all\njobs:"))
    }

    @Test func dockerfilesKeepTheirShape() async throws {
        #expect(try await fixed("docker-root") == "FROM a:1\nRUN true\nUSER 65532:65532\nCMD [\"a\"]\n")
        #expect(
            try await fixed("docker-apt-recommends")
                == "FROM a:1\nRUN apt-get update \\\n # why\n && apt-get install --no-install-recommends -y a=1\n")
        #expect(try await fixed("docker-ssh-port") == "FROM a:1\nEXPOSE 80\n")
    }

    @Test func manifestsKeepTheirShape() async throws {
        #expect(
            try await fixed("kubernetes-run-as-root").contains(
                "securityContext: {runAsNonRoot: true, privileged: false}"))
        #expect(try await fixed("kubernetes-added-capability").contains("add: [CHOWN]"))
        #expect(try await fixed("kubernetes-capabilities-kept").contains("- CHOWN\n            - ALL\n"))
        #expect(try await fixed("compose-no-seccomp").hasSuffix("    security_opt:\n    - a:b\n"))
        #expect(try await fixed("compose-added-capability").hasSuffix("    image: a:1\n    user: \"1\"\n"))
    }

    @Test(arguments: [
        (
            "resource \"aws_s3_bucket\" \"main\" {\n  acl = var.acl\n}\nvariable \"acl\" { default = \"public-read\" }\n",
            "aws-s3-public-acl", "expression"
        ),
        ("resource \"aws_s3_bucket\" \"main\" {\n  count = 2\n}\n", "aws-s3-public-access-block", "several times"),
        ("resource \"aws_kms_key\" \"main\" { description = \"one line\" }\n", "aws-keys-rotation", "one line"),
        (
            "resource \"aws_s3_bucket\" \"main\" {\n  dynamic \"versioning\" {\n    for_each = [1]\n    content {\n      enabled = false\n    }\n  }\n}\n",
            "aws-s3-logging", "no change is known"
        ),
    ])
    func whatIsNotCertainIsNotOffered(text: String, rule: String, reason: String) async throws {
        let world = try World(["main.tf": text])
        let shown = try await world.fixes([rule])
        #expect(shown["fixes"] == [])
        #expect(shown["apply"] == nil)
        #expect(shown["not_fixed"]?[0]?["reason"]?.string?.contains(reason) == true, "\(shown)")
    }

    /// Checks name instructions by their number: one that moves is the same one.
    @Test func whatMovesIsNoNewFinding() async throws {
        let world = try World(["Dockerfile": "FROM a:1\nADD a /a\nRUN true\nCMD npm start\n"])
        let shown = try await world.fixes()
        let rules = (shown["fixes"]?.array ?? []).compactMap { $0["rule"]?.string }
        #expect(Set(rules) == ["docker-root", "docker-add-instead-of-copy", "docker-shell-form"], "\(shown)")
        try await world.apply(shown)
        #expect(
            try world.tree.text("Dockerfile")
                == "FROM a:1\nCOPY a /a\nRUN true\nUSER 65532:65532\nCMD [\"npm\", \"start\"]\n")
        #expect(try await world.open() == ["docker-no-healthcheck"])
    }

    /// Places are those of the text as it is by then, whatever was changed before.
    @Test func fixesOfOneFileStandOnEachOther() async throws {
        let world = try World(["pod.yaml": RecipeFixtures.all["kubernetes-seccomp"]?.text ?? ""])
        let shown = try await world.fixes()
        #expect((shown["fixes"]?.array?.count ?? 0) >= 5)
        try await world.apply(shown)
        let text = try world.tree.text("pod.yaml")
        #expect(text.components(separatedBy: "securityContext:").count == 2)
        let open = try await world.open()
        #expect(!open.contains("kubernetes-run-as-root") && !open.contains("kubernetes-capabilities-kept"))
    }
}

extension UnifiedDiff {
    fileprivate var removed: Int { text(name: "x").split(separator: 0x0A).count { $0.first == 0x2D } - 1 }
}

@testable import Scan
import Testing

@Suite struct TerraformCheckTests {
    @Test func placesOfFindings() {
        let scanned = Scanned([
            "main.tf": """
            resource "aws_s3_bucket" "data" {
              bucket = "x"
              acl    = "public-read"
            }
            """
        ])
        #expect(scanned.lines.contains("main.tf:3 aws-s3-public-acl aws_s3_bucket.data acl"), "\(scanned.lines)")
        #expect(scanned.has("aws-s3-public-access-block", line: 1))
        #expect(scanned.found.unchecked.isEmpty)
    }

    /// What stands beside a bucket counts for it, wherever it stands.
    @Test func checksFollowReferences() {
        let bucket = """
            variable "name" { default = "b" }
            resource "aws_s3_bucket" "b" { bucket = var.name }
            resource "aws_s3_bucket" "bare" { bucket = "other" }
            """
        let companions = """
            resource "aws_s3_bucket_public_access_block" "b" {
              bucket                  = aws_s3_bucket.b.id
              block_public_acls       = true
              block_public_policy     = true
              ignore_public_acls      = true
              restrict_public_buckets = true
            }
            resource "aws_s3_bucket_versioning" "b" {
              bucket = aws_s3_bucket.b.id
              versioning_configuration { status = "Enabled" }
            }
            resource "aws_s3_bucket_logging" "b" {
              bucket        = aws_s3_bucket.b.id
              target_bucket = "logs"
            }
            resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
              bucket = aws_s3_bucket.b.id
              rule {
                apply_server_side_encryption_by_default { sse_algorithm = "aws:kms" }
              }
            }
            data "aws_iam_policy_document" "tls" {
              statement {
                effect    = "Deny"
                actions   = ["s3:*"]
                resources = ["${aws_s3_bucket.b.arn}/*"]
                principals {
                  type        = "*"
                  identifiers = ["*"]
                }
                condition {
                  test     = "Bool"
                  variable = "aws:SecureTransport"
                  values   = ["false"]
                }
              }
            }
            resource "aws_s3_bucket_policy" "b" {
              bucket = aws_s3_bucket.b.id
              policy = data.aws_iam_policy_document.tls.json
            }
            """
        let scanned = Scanned(["a.tf": bucket, "b.tf": companions])
        #expect(scanned.lines.filter { $0.contains("aws_s3_bucket.b ") || $0.hasSuffix("aws_s3_bucket.b") } == [])
        let bare = scanned.found.findings.filter { $0.subject.hasPrefix("aws_s3_bucket.bare") }.map(\.rule.id)
        #expect(
            Set(bare) == [
                "aws-s3-public-access-block", "aws-s3-versioning", "aws-s3-logging", "aws-s3-encryption",
                "aws-s3-customer-key",
                "aws-s3-tls-only",
            ])
    }

    @Test func aHoleInABlock() {
        let scanned = Scanned([
            "a.tf": """
            resource "aws_s3_bucket_public_access_block" "b" {
              bucket              = "x"
              block_public_acls   = true
              block_public_policy = false
              ignore_public_acls  = var.unknown
              restrict_public_buckets = true
            }
            variable "unknown" {}
            """
        ])
        #expect(
            scanned.lines.filter { $0.contains("partial") } == [
                "a.tf:4 aws-s3-public-access-block-partial aws_s3_bucket_public_access_block.b block_public_policy"
            ])
    }

    @Test(arguments: [
        ("aws_iam_policy", "policy", "iam:*", "aws-iam-wildcard-action"),
        ("aws_iam_policy", "policy", "*", "aws-iam-admin"),
        ("aws_iam_user_policy", "policy", "iam:PassRole", "aws-iam-pass-role"),
        ("aws_iam_role_policy", "policy", "iam:CreateAccessKey", "aws-iam-privilege-escalation"),
        ("aws_iam_policy", "policy", "s3:GetObject", "aws-iam-data-exposure"),
        ("aws_iam_group_policy", "policy", "ec2:TerminateInstances", "aws-iam-wildcard-write"),
    ])
    func identities(_ type: String, _ attribute: String, _ action: String, _ rule: String) {
        func policy(_ resource: String) -> String {
            """
            resource "\(type)" "p" {
              \(attribute) = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["\(action)"]
                  Resource = "\(resource)"
                }]
              })
            }
            resource "aws_s3_bucket" "b" {}
            """
        }
        #expect(Scanned(["a.tf": policy("*")]).has(rule, line: 2))
        #expect(!Scanned(["a.tf": policy("${aws_s3_bucket.b.arn}/*")]).has(rule))
        let heredoc = """
            resource "\(type)" "p" {
              \(attribute) = <<EOF
            {"Statement": {"Effect": "Allow", "Action": "\(action)", "Resource": "*", "Sid": "${var.x}"}}
            EOF
            }
            variable "x" {}
            """
        #expect(Scanned(["a.tf": heredoc]).has(rule, line: 2))
    }

    @Test func trust() {
        func role(_ principal: String, _ more: String = "") -> Scanned {
            Scanned([
                "a.tf": """
                resource "aws_iam_role" "r" {
                  assume_role_policy = jsonencode({
                    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = \(principal) \(more) }]
                  })
                }
                """
            ])
        }
        #expect(role("\"*\"").has("aws-iam-trust-everyone"))
        #expect(role("{ AWS = \"*\" }").has("aws-iam-trust-everyone"))
        #expect(
            !role("{ AWS = \"*\" }", ", Condition = { StringEquals = { \"sts:ExternalId\" = \"x\" } }").has(
                "aws-iam-trust-everyone"))
        #expect(!role("{ Service = \"ec2.amazonaws.com\" }").has("aws-iam-trust-everyone"))
        #expect(role("{ AWS = \"arn:aws:iam::123456789012:root\" }").has("aws-iam-trust-account"))
    }

    @Test(arguments: [
        ("22", "22", "tcp", "0.0.0.0/0", ["aws-network-ssh-open"]),
        (
            "0", "65535", "tcp", "::/0",
            [
                "aws-network-ssh-open", "aws-network-rdp-open", "aws-network-all-ports-open",
                "aws-network-sensitive-port-open",
            ]
        ),
        ("0", "0", "-1", "0.0.0.0/0", ["aws-network-ssh-open", "aws-network-rdp-open", "aws-network-all-ports-open"]),
        ("443", "443", "tcp", "0.0.0.0/0", []),
        ("22", "22", "tcp", "10.0.0.0/8", []),
        ("5432", "5432", "tcp", "0.0.0.0/0", ["aws-network-sensitive-port-open"]),
        ("80", "80", "tcp", "0.0.0.0/0", ["aws-network-http-open"]), ("8", "0", "icmp", "0.0.0.0/0", []),
    ])
    func ports(_ from: String, _ to: String, _ protocolName: String, _ range: String, _ rules: [String]) {
        let attribute = range.contains(":") ? "ipv6_cidr_blocks" : "cidr_blocks"
        let inline = Scanned([
            "a.tf": """
            resource "aws_security_group" "g" {
              description = "x"
              ingress {
                description = "y"
                from_port = \(from)
                to_port   = \(to)
                protocol  = "\(protocolName)"
                \(attribute) = ["\(range)"]
              }
            }
            """
        ])
        #expect(inline.rules == Set(rules), "\(inline.lines)")
        #expect(inline.found.findings.allSatisfy { $0.start.line == 3 })
        let apart = Scanned([
            "a.tf": """
            resource "aws_security_group_rule" "g" {
              description = "x"
              type        = "ingress"
              from_port   = \(from)
              to_port     = \(to)
              protocol    = "\(protocolName)"
              \(attribute) = ["\(range)"]
            }
            """
        ])
        #expect(apart.rules == Set(rules))
    }

    @Test func whatIsLeftOutHasItsDefault() {
        func cluster(_ more: String) -> Scanned {
            Scanned(["a.tf": "resource \"aws_eks_cluster\" \"c\" {\n  vpc_config {\n    \(more)\n  }\n}"])
        }
        #expect(cluster("subnet_ids = []").has("aws-compute-eks-public-endpoint"))
        #expect(!cluster("endpoint_public_access = false").has("aws-compute-eks-public-endpoint"))
        #expect(!cluster("public_access_cidrs = [\"10.0.0.0/8\"]").has("aws-compute-eks-public-endpoint"))
        #expect(!cluster("endpoint_public_access = data.x.y.z").has("aws-compute-eks-public-endpoint"))
    }

    @Test func modulesAndInstances() {
        let scanned = Scanned([
            "live/main.tf": """
            module "m" {
              source = "../modules/bucket"
              acl    = "public-read"
            }
            """,
            "modules/bucket/main.tf": """
            variable "acl" { default = "private" }
            resource "aws_s3_bucket" "b" {
              count = 3
              acl   = var.acl
            }
            """,
        ])
        let acl = scanned.lines.filter { $0.contains("public-acl") }
        #expect(acl == ["modules/bucket/main.tf:4 aws-s3-public-acl module.m.aws_s3_bucket.b[0] acl"])
    }

    @Test func brokenFilesAreTold() {
        let scanned = Scanned([
            "a.tf": "resource \"aws_s3_bucket\" \"x\" {\n  acl = [\n}\n",
            "b.tf":
                "resource \"aws_s3_bucket\" \"y\" {\n  acl = \"public-read\"\n  z = local.a\n}\nlocals {\n  a = local.a\n}",
        ])
        #expect(scanned.has("aws-s3-public-acl", line: 2, file: "b.tf"))
        #expect(scanned.found.unchecked.map(\.path) == ["a.tf", "b.tf"])
        #expect(scanned.found.unchecked.allSatisfy { $0.reason == .malformed })
        #expect(scanned.found.unchecked[1].detail.contains("local.a → local.a"))
    }
}

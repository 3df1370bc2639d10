import Core
import Foundation
import Gate
import JSON
import Privacy
import Scan
import TestSupport
import Testing

@testable import Threats

struct FixedClock: WallClock {
    func now() -> Timestamp { Timestamp("2026-06-10T00:00:00Z") ?? Timestamp(seconds: 0) }
}

/// What looks: made once, as its patterns take a second to compile.
let sharedAssessor = Result {
    Assessor(
        scanners: [SecretScanner(try SecretDetector())], trees: [InfrastructureScanner()], code: CodeScanner(),
        clock: FixedClock())
}

/// A small repository, made for one test.
final class Repository: Sendable {
    let scratch = ScratchFolder()

    var root: String { tree.root }

    let tree: WorkTree

    init(_ files: [String: String] = [:]) throws { tree = try WorkTree(scratch.file("repo"), files) }

    func model() async throws -> ThreatModel { try await Modeler(sharedAssessor.get()).model(of: root) }

    func compared(since revision: String? = nil) async throws -> ComparedModel {
        try await Modeler(sharedAssessor.get()).compared(root, since: revision)
    }

    func report() async throws -> ThreatReport { ThreatReport(try await compared(), name: "repo") }
}

extension ThreatModel {
    /// `open T-STORE-PASSWORD db`, in order.
    var standings: [String] { threats.map { "\($0.standing.rawValue) \($0.rule.id) \($0.name)" }.sorted() }

    /// `process service web @ compose:`
    var elementLines: [String] { elements.map { "\($0.kind.rawValue) \($0.type) \($0.name) @ \($0.boundary)" } }

    var flowLines: [String] {
        flows.map { "\(element($0.source)?.name ?? "?") → \(element($0.target)?.name ?? "?"): \($0.label)" }.sorted()
    }

    func traits(_ name: String) -> [Threats.Trait] { elements.first { $0.name == name }?.traits.known ?? [] }

    func threat(_ rule: String, _ name: String) -> Threat? { threats.first { $0.rule.id == rule && $0.name == name } }
}

/// A shop: Flask behind Compose, a cluster, a cloud and a pipeline.
enum Shop {
    static let app = """
        from flask import Flask, request
        from flask_login import login_required
        from flask_sqlalchemy import SQLAlchemy
        import requests
        import subprocess

        app = Flask(__name__)
        db = SQLAlchemy(app)

        class Customer(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            email = db.Column(db.String)
            password_hash = db.Column(db.String)

        @app.route("/orders")
        @login_required
        def orders():
            return "ok"

        @app.route("/orders/<id>", methods=["DELETE"])
        def drop(id):
            return "gone"

        @app.route("/login", methods=["POST"])
        def login():
            return requests.post("https://sso.shop-identity.com/token", data={}).text

        @app.route("/ping")
        def ping():
            return subprocess.check_output("ping " + request.args["host"], shell=True)
        """

    static let compose = """
        services:
          web:
            build: ./web
            ports:
              - "8000:8000"
            environment:
              DATABASE_URL: postgresql://shop:${DB_PASSWORD}@db:5432/shop?sslmode=disable
            depends_on:
              - db
              - cache
          db:
            image: postgres:16
            environment:
              POSTGRES_PASSWORD_FILE: /run/secrets/db
          cache:
            image: redis:7
            ports:
              - "127.0.0.1:6379:6379"
        """

    static let terraform = """
        resource "aws_vpc" "main" {
          cidr_block = "10.0.0.0/16"
        }
        resource "aws_subnet" "a" {
          vpc_id = aws_vpc.main.id
        }
        resource "aws_lb" "front" {
          subnets = [aws_subnet.a.id]
        }
        resource "aws_s3_bucket" "invoices" {
          bucket = "invoices"
        }
        resource "aws_s3_bucket_public_access_block" "invoices" {
          bucket                  = aws_s3_bucket.invoices.id
          block_public_acls       = true
          block_public_policy     = true
          ignore_public_acls      = true
          restrict_public_buckets = true
        }
        resource "aws_iam_role" "mailer" {
          assume_role_policy = "{}"
        }
        resource "aws_iam_role_policy" "mailer" {
          role   = aws_iam_role.mailer.id
          policy = jsonencode({
            Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "${aws_s3_bucket.invoices.arn}/*" }]
          })
        }
        resource "aws_sqs_queue" "mail" {
          kms_master_key_id = "alias/aws/sqs"
        }
        resource "aws_lambda_function" "mailer" {
          function_name = "mailer"
          role          = aws_iam_role.mailer.arn
        }
        resource "aws_lambda_event_source_mapping" "mail" {
          event_source_arn = aws_sqs_queue.mail.arn
          function_name    = aws_lambda_function.mailer.arn
        }
        """

    static let cluster = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: api, namespace: shop}
        spec:
          template:
            metadata: {labels: {app: api}}
            spec:
              containers:
                - name: api
                  image: registry.example.org/api:1
                  securityContext: {privileged: true}
                  env:
                    - name: TOKEN
                      valueFrom: {secretKeyRef: {name: api-token, key: token}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: api, namespace: shop}
        spec:
          selector: {app: api}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: front, namespace: shop}
        spec:
          rules:
            - http:
                paths:
                  - path: /
                    backend: {service: {name: api, port: {number: 80}}}
        """

    static let workflow = """
        name: label
        on: pull_request_target
        permissions: read-all
        jobs:
          label:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with:
                  ref: ${{ github.event.pull_request.head.sha }}
              - run: make
                env:
                  KEY: ${{ secrets.DEPLOY_KEY }}
        """

    static let files = [
        "web/app.py": app, "web/requirements.txt": "flask\n", "compose.yaml": compose, "infra/main.tf": terraform,
        "k8s/api.yaml": cluster, ".github/workflows/label.yml": workflow,
        "tests/test_app.py": "from flask import Flask\napp = Flask(__name__)\n@app.route('/x')\ndef x(): pass\n",
    ]
}

import Core
import Foundation
import JSON
import Risk
import TestSupport
import Testing

@testable import Scan

/// A folder with flaws that are made for a test, and the advisories that know of them.
final class PlantedRepository: Sendable {
    static let clock = PlantedClock()
    let scratch = ScratchFolder()
    let advisories: AdvisoryDatabase
    let threats: ThreatDatabase

    let tree: WorkTree

    var root: String { tree.root }

    init(_ files: [String: String]) throws {
        advisories = AdvisoryDatabase(path: scratch.file("advisories.db"), clock: Self.clock)
        threats = ThreatDatabase(path: scratch.file("threats.db"), clock: Self.clock)
        tree = try WorkTree(scratch.file("shop"), files)
    }

    // MARK: - What is known

    /// Published flaws by the names, versions and vectors under which they were published.
    struct Flaw: Sendable {
        var id: String
        var cve: String
        var ecosystem: String
        var package: String
        var fixed: String
        var vector: String
        var summary: String
    }

    static let django = Flaw(
        id: "GHSA-7h4p-27mh-hmrw", cve: "CVE-2023-41164", ecosystem: "PyPI", package: "django", fixed: "4.2.5",
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", summary: "Denial of service in uri_to_iri")
    static let lodash = Flaw(
        id: "GHSA-p6mc-m468-83gw", cve: "CVE-2020-8203", ecosystem: "npm", package: "lodash", fixed: "4.17.19",
        vector: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:H", summary: "Prototype pollution")
    static let log4j = Flaw(
        id: "GHSA-jfh8-c2jp-5v3q", cve: "CVE-2021-44228", ecosystem: "Maven",
        package: "org.apache.logging.log4j:log4j-core", fixed: "2.15.0",
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", summary: "Remote code injection in Log4j")

    func advise(_ flaws: [Flaw] = [django, lodash, log4j]) async throws {
        for flaw in flaws {
            let text = """
                {"id": "\(flaw.id)", "modified": "2026-06-09T00:00:00Z", "aliases": ["\(flaw.cve)"],
                "summary": "\(flaw.summary)", "severity": [{"type": "CVSS_V3", "score": "\(flaw.vector)"}],
                "references": [{"type": "ADVISORY", "url": "https://nvd.nist.gov/vuln/detail/\(flaw.cve)"}],
                "affected": [{"package": {"ecosystem": "\(flaw.ecosystem)", "name": "\(flaw.package)"},
                "ranges": [{"type": "\(flaw.ecosystem == "npm" ? "SEMVER" : "ECOSYSTEM")",
                "events": [{"introduced": "0"}, {"fixed": "\(flaw.fixed)"}]}]}]}
                """
            let folder = scratch.file("osv/\(flaw.ecosystem)")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: "\(folder)/\(flaw.id).json", atomically: true, encoding: .utf8)
        }
        _ = try await advisories.importing(scratch.file("osv"))
    }

    /// Log4Shell is listed as exploited since the day on which CISA listed it.
    func exploit() async throws {
        let catalogue = """
            {"dateReleased": "2026-06-01T00:00:00Z",
            "vulnerabilities": [{"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10"}]}
            """
        _ = try await threats.put(KnownExploited(Array(catalogue.utf8)), source: "test")
        let scores =
            "#model_version:v2026.03.14,score_date:2026-06-09T00:00:00Z\ncve,epss,percentile\n"
            + "CVE-2021-44228,0.94,0.99\nCVE-2023-41164,0.02,0.5\n"
        _ = try await threats.put(ExploitPredictions(Array(scores.utf8)), source: "test")
    }
}

struct PlantedClock: WallClock {
    func now() -> Timestamp { Timestamp("2026-06-10T00:00:00Z") ?? Timestamp(seconds: 0) }
}

/// The files of planted repositories. Secrets are put together as the tests run, so that no scanner finds them here.
enum Planted {
    static let key = ["glpat", "-", "x7Qm2v9LkR", "pZ3dWn8sTf"].joined()

    static let app = """
        from flask import Flask, request
        import subprocess

        app = Flask(__name__)

        @app.route("/orders/<id>", methods=["DELETE"])
        def drop(id):
            return "gone"

        @app.route("/ping")
        def ping():
            return subprocess.check_output("ping " + request.args["host"], shell=True)
        """

    static let requirements = "Django==4.2.1\nflask==3.0.0\n"
    static let settings = "import sys\n\nGITLAB_TOKEN = \"\(key)\"\n"
    static let dockerfile = "FROM python:3.12-slim\nCOPY . /app\nCMD [\"python\", \"/app/app.py\"]\n"

    static let compose = "services:\n  web:\n    build: ./web\n    ports:\n      - \"8000:8000\"\n"

    static let terraform = """
        resource "aws_s3_bucket" "invoices" {
          bucket = "invoices"
          acl    = "public-read"
        }
        resource "aws_security_group" "admin" {
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }
        """

    static let pom = """
        <project>
         <dependencies>
          <dependency>
           <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.14.1</version>
          </dependency>
         </dependencies>
        </project>
        """

    static let package = "{\n  \"dependencies\": {\n    \"lodash\": \"^4.17.15\"\n  }\n}\n"
    static let lockfile = """
        {"name": "shop", "lockfileVersion": 3, "packages": {
        "": {"dependencies": {"lodash": "^4.17.15"}},
        "node_modules/lodash": {"version": "4.17.15"}}}
        """

    /// All of it.
    static let shop = [
        "web/app.py": app, "web/requirements.txt": requirements, "web/settings.py": settings,
        "Dockerfile": dockerfile, "compose.yaml": compose, "infra/main.tf": terraform, "billing/pom.xml": pom,
        "ui/package.json": package,
        "ui/package-lock.json": lockfile,
    ]
}

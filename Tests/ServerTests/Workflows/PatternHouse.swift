import Core
import Flow
import Foundation
import Gate
import JSON
import Ledger
import NIOHTTP1
import Scan
import TestSupport
import Testing

@testable import Server

/// A whole house over a folder with planted flaws, whose agents think with a scripted provider where there is one.
struct PatternHouse: Sendable {
    let running: RunningHouse
    let repository: String

    static let agents = ["explorer", "librarian", "oracle", "fixer", "council", "designer"]

    /// Put together as the tests run, so that no scanner finds it here.
    static let key = ["glpat", "-", "q8Zt4xWm2K", "vB7nRc5sLd"].joined()

    /// In the name of a file, so that it is in what is found.
    static let person = "anna.meier@example.com"

    private static let files = [
        "web/app.py": """
        from flask import Flask, request
        import subprocess

        app = Flask(__name__)

        @app.route("/ping")
        def ping():
            return subprocess.check_output("ping " + request.args["host"], shell=True)

        """,
        "web/requirements.txt": "Django==4.2.1\n",
        "web/settings.py": "import sys\n\nGITLAB_TOKEN = \"\(key)\"\n",
        "Dockerfile": "FROM python:3.12-slim\nCOPY . /app\nCMD [\"python\", \"/app/app.py\"]\n",
        "infra/\(person).tf": """
        resource "aws_security_group" "admin" {
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }

        """,
    ]

    /// - Parameters:
    ///   - upstream: where each agent has a provider of its own, so that none suffers for another's; nil for no model.
    ///   - patience: how long a provider may take to begin its answer.
    static func with(
        _ upstream: String?, patience: String = "60s", _ work: @escaping @Sendable (PatternHouse) async throws -> Void
    ) async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let repository = folder.file("shop")
        for (path, text) in files { try write(text, to: "\(repository)/\(path)") }
        let file = folder.file("gatehouse.yaml")
        try write(upstream.map { configuration($0, patience) } ?? "{}\n", to: file)
        let loaded = try HouseConfiguration.load(file)
        try await RunningHouse.with(configure: { $0 = loaded }) { running in
            running.house.assessRoots.folders = [repository]
            try await advise(running)
            try await work(PatternHouse(running: running, repository: repository))
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// A council needs two models at least.
    private static func configuration(_ upstream: String, _ patience: String) -> String {
        let providers = agents.map { agent in
            "    of-\(agent): {kind: openai-compatible, url: \"\(upstream)/\(agent)/v1\", key: k, "
                + "clearance: [untrusted, pii], first_byte_timeout: \(patience)}"
        }
        let models = agents.map { agent in
            agent == "council"
                ? "  council: {models: [of-council/one, of-council/two]}" : "  \(agent): {model: of-\(agent)/m}"
        }
        let price = "  fallback_price: {input: 1 USD, output: 2 USD}"
        return (["models:", "  providers:"] + providers + [price, "agents:"] + models).joined(separator: "\n") + "\n"
    }

    /// Published flaws by the names and versions under which they were published.
    private static func advise(_ running: RunningHouse) async throws {
        let feed = running.house.dataDirectory + "/osv"
        let advisory = """
            {"id": "GHSA-7h4p-27mh-hmrw", "modified": "\(running.house.clock.now())", "aliases": ["CVE-2023-41164"],
            "summary": "Denial of service in uri_to_iri", "affected": [{"package": {"ecosystem": "PyPI",
            "name": "django"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "4.2.5"}]}]}],
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}]}
            """
        try write(advisory, to: feed + "/PyPI/GHSA-7h4p-27mh-hmrw.json")
        let advisories = AdvisoryDatabase(path: running.house.dataDirectory + "/advisories.db")
        _ = try await advisories.importing(feed)
        try advisories.close()
    }

    func text(_ path: String) throws -> String { try String(contentsOfFile: "\(repository)/\(path)", encoding: .utf8) }

    /// Starts a pattern as one caller and agrees as another to all that it asks, until it is over.
    /// - Returns: its outputs.
    func play(_ workflow: String, _ inputs: JSONObject = [:]) async throws -> JSON {
        var given = inputs
        given["path"] = .string(repository)
        let begun = try await running.send(
            .POST, "/api/v1/actions", key: running.agentKey,
            json: [
                "tool": "workflow.run", "target": .string("workflow:\(workflow)"),
                "arguments": ["workflow": .string(workflow), "inputs": .object(given)],
            ])
        let run = try #require(begun.json["answer"]?["run"]?.string, "\(begun.text)")
        while true {
            let record = try await running.house.workflows.engine.run(run)
            if record.status.isOver {
                #expect(record.status == .succeeded, "\(record.json.text().prefix(2000))")
                return record.outputs ?? .null
            }
            try #require(record.status != .stuck, "\(record.json.text().prefix(2000))")
            try await agree()
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func agree() async throws {
        let waiting = try await running.send(.GET, "/api/v1/approvals?state=waiting", key: running.adminKey)
        for approval in waiting.json["approvals"]?.array ?? [] {
            let answer = try await running.send(
                .POST, "/api/v1/approvals/\(try approval.text("id"))/approve", key: running.adminKey,
                json: ["reason": "looked at"])
            #expect(answer.status == 200, "\(answer.text.prefix(500))")
        }
    }

    /// What is on record, whole.
    func records() throws -> [JSON] {
        let ledger = running.house.ledger
        return try ledger.entries(0..<ledger.size).filter { $0.kind == .record }.compactMap {
            try $0.payload.map { try JSON.parse($0) }
        }
    }
}

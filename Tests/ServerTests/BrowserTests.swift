import Core
import Federation
import Flow
import Foundation
import Gate
import JSON
import NIOHTTP1
import Scan
import TestSupport
import Testing
import Web

@testable import Server

/// Where the browser's side of the tests is to be had: an interpreter with playwright, and Chromium.
enum BrowserSetup {
    static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
    static let chromium = ProcessInfo.processInfo.environment["GATEHOUSE_CHROMIUM"] ?? "/usr/bin/chromium"
    static let isThere =
        FileManager.default.isExecutableFile(atPath: chromium)
        && (try? run([python, "-c", "import playwright"], [:]).status) == 0

    static func run(_ command: [String], _ environment: [String: String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func runOffPool(_ command: [String], _ environment: [String: String]) async throws -> (
        status: Int32, output: String
    ) {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try run(command, environment) }) }.start()
        }
    }
}

@Suite("Console in a browser", .serialized)
struct BrowserTests {
    @Test(
        "every page, light, dark, narrow, by keyboard and without script; no error, no policy violation",
        .enabled(if: BrowserSetup.isThere, "needs python with playwright (GATEHOUSE_PYTHON) and chromium"),
        .timeLimit(.minutes(10)))
    func pages() async throws {
        try await RunningHouse.with(settings: ConsoleFixture.settings) { configuration in
            configuration.federation.servers = ConsoleFixture.servers
        } _: { running in
            let seeded = try await ConsoleFixture.seed(running)
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Browser/console.py"
            ).path
            var environment = [
                "GATEHOUSE_ADDRESS": running.address,
                "GATEHOUSE_PAGES": seeded.pages.map { "\($0) \($1)" }.joined(separator: "\n"),
                "GATEHOUSE_FINDING": seeded.finding, "GATEHOUSE_APPROVE": seeded.approvals[0],
                "GATEHOUSE_DENY": seeded.approvals[1],
            ]
            for name in ["GATEHOUSE_LINK", "GATEHOUSE_LINK_DARK", "GATEHOUSE_LINK_PLAIN"] {
                environment[name] = try await running.link(running.admin)
            }
            let (status, output) = try await BrowserSetup.runOffPool([BrowserSetup.python, script], environment)
            #expect(status == 0, "\(output)")
        }
    }
}

extension RunningHouse {
    func link(_ principal: Principal) async throws -> String {
        let token = try await house.gate.signInLink(for: principal.id, from: "test")
        return "\(address)/sign-in?token=\(Percent.encode(token.expose()))"
    }
}

/// A house with something on every page.
enum ConsoleFixture {
    static var settings: GateSettings {
        var settings = GateSettings.standard
        settings.sessionClasses = [
            "security-audit": SessionClass(
                name: "security-audit", retention: .seconds(90 * 86_400), logging: .required,
                approval: .role("security_lead")),
            "incident-response": SessionClass(
                name: "incident-response", retention: .seconds(365 * 86_400), logging: .required, approval: .auto),
        ]
        settings.budgets = [
            BudgetRule(subject: .everyone, meter: .steps, limit: 40, window: .day),
            BudgetRule(subject: .everyone, meter: .money, limit: 25_000_000, window: .month),
            BudgetRule(subject: .role("operator"), meter: .callsPerMinute, limit: 60, window: .minute),
        ]
        return settings
    }

    /// One that anybody may use, and one that nobody has agreed to yet.
    static let servers = ["notes", "drafts"].map { name in
        UpstreamSettings(
            name: name,
            reach: .process(
                command: BrowserSetup.python, arguments: [MCPGatewayTests.script("mcp_upstream.py"), "stdio"],
                environment: ["PYTHONDONTWRITEBYTECODE": Secret("1")], folder: nil))
    }

    private static func useTools(_ running: RunningHouse) async throws {
        try await wait("the servers are ready: \(running.house.federation.health)") {
            running.house.federation.health.values.allSatisfy({ $0.state == .ready })
        }
        let agreed = try await running.send(
            .POST, "/api/v1/mcp/servers/notes/approve", key: running.adminKey, json: [:])
        #expect(agreed.status < 300, "\(agreed.text)")
        let call: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": [
                "name": "gate_session_budget", "arguments": [:],
                "_meta": [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientInfo": ["name": "test", "version": "1"],
                    "io.modelcontextprotocol/clientCapabilities": [:],
                ],
            ],
        ]
        let answer = try await running.send(
            .POST, "/mcp", key: running.agentKey, json: call,
            headers: [
                ("accept", "application/json, text/event-stream"), ("mcp-protocol-version", "2026-07-28"),
                ("mcp-method", "tools/call"), ("mcp-name", "gate_session_budget"),
            ])
        #expect(answer.status == 200, "\(answer.text)")
    }

    static func seed(_ running: RunningHouse) async throws -> (
        pages: [(String, String)], approvals: [String], finding: String
    ) {
        for title in ["A Field Guide to Gates", "Merkle Trees in Practice", "The Quiet Console"] {
            let wanted: JSON = [
                "tool": "demo.library.look_up", "target": "library:main", "arguments": ["title": .string(title)],
            ]
            _ = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
        }
        var approvals: [String] = []
        for (room, degrees, reason) in [
            ("hall", 21, "Guests arrive at noon and the hall is cold."),
            ("server room", 16, "The chiller was replaced last night."),
            ("library", 19, "Humidity is rising."),
            ("<script>alert(1)</script>", 20, "\"\u{301} onfocus=alert(1) x=\"\u{301}"),
        ] {
            let wanted: JSON = [
                "tool": "demo.thermostat.set", "target": .string("room:\(room)"),
                "arguments": ["degrees": .number(JSONNumber(degrees)), "room": .string(room)],
                "reason": .string(reason),
            ]
            let answer = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
            approvals.append(try (answer.json["approval"] ?? .null).text("id"))
        }
        _ = try await running.send(
            .POST, "/api/v1/approvals/\(approvals[2])/approve", key: running.adminKey,
            json: ["reason": "Checked with the librarian."])
        let session = try await running.send(
            .POST, "/api/v1/sessions", key: running.agentKey, json: ["class": "incident-response"])
        running.house.gate.sessions.taint(try session.json.text("id"), with: [.pii, .untrusted])
        let own = try await running.send(
            .POST, "/api/v1/sessions", key: running.adminKey, json: ["class": "security-audit"])
        #expect(own.status == 201)
        let glass = try await running.send(
            .POST, "/api/v1/sessions/\(try own.json.text("id"))/break-glass", key: running.adminKey,
            json: ["reason": "Payments are down and the approver cannot be reached."])
        #expect(glass.status == 200, "\(glass.text)")
        let run = try await runWorkflow(running)
        let finding = try await assess(running)
        let chat = try await talk(running)
        try await useTools(running)
        let pages = [
            ("findings", "/findings"), ("finding", "/findings/\(finding)"),
            ("findings-overdue", "/findings?overdue=true&order=due"), ("dependencies", "/dependencies"),
            ("dependencies-all", "/dependencies?show=all"), ("sbom", "/sbom"), ("trends", "/trends"),
            ("findings-none", "/findings?text=nothing+like+it"), ("overview", "/"), ("approvals", "/approvals"),
            ("approvals-all", "/approvals?state=any"), ("approval", "/approvals/\(approvals[0])"),
            ("approval-hostile", "/approvals/\(approvals[3])"), ("ledger", "/ledger"), ("entry", "/ledger/3"),
            ("sessions", "/sessions"), ("models", "/models"), ("tools", "/tools"), ("workflows", "/workflows"),
            ("workflow", "/workflows/assess-and-fix"), ("run", "/runs/\(run)"),
            ("chats", "/chat"), ("chat", "/chat/\(chat)"),
        ]
        return (pages, approvals, finding)
    }

    /// Asks for what is open, and for a change that is not agreed to yet.
    private static func talk(_ running: RunningHouse) async throws -> String {
        let begun = try await running.send(.POST, "/api/v1/conversations", key: running.adminKey, json: [:])
        let id = try begun.json.text("id")
        for text in ["what should I fix first", "assess and fix /srv/shop"] {
            let reply = try await running.send(
                .POST, "/api/v1/conversations/\(id)/messages", key: running.adminKey, json: ["text": .string(text)])
            #expect(reply.status == 200, "\(reply.text)")
        }
        return id
    }

    /// Assesses a flawed Dockerfile and proposes a fix, until somebody has to agree to it.
    private static func runWorkflow(_ running: RunningHouse) async throws -> String {
        let folder = running.house.dataDirectory + "/kitchen"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "FROM debian:12\nCMD [\"sleep\", \"9\"]\n".write(
            toFile: folder + "/Dockerfile", atomically: true, encoding: .utf8)
        running.house.assessRoots.folders.append(folder)
        let begun = try await running.send(
            .POST, "/api/v1/actions", key: running.agentKey,
            json: [
                "tool": "workflow.run", "target": "workflow:assess-and-fix",
                "arguments": ["workflow": "assess-and-fix", "inputs": ["path": .string(folder)]],
            ])
        let run = try (begun.json["answer"] ?? .null).text("run")
        while true {
            let status = try await running.house.workflows.engine.run(run).status
            if status == .waiting || status.isOver { return run }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// A small repository with made-up secrets and a flawed package in it, put together here so that no scanner trips over
    /// this file. A part of it is fixed, and assessed again.
    static func assess(_ running: RunningHouse) async throws -> String {
        let folder = running.house.dataDirectory + "/shop"
        try FileManager.default.createDirectory(atPath: folder + "/deploy", withIntermediateDirectories: true)
        let aws = "AKIA" + "Z7QWERTYUIOPASDF"
        let github = "ghp" + "_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
        let slack = "xox" + "b-" + "123456789012-1234567890123-" + "AbCdEfGhIjKlMnOpQrStUvWx"
        try "AWS_ACCESS_KEY_ID=\(aws)\n".write(
            toFile: folder + "/deploy/production.env", atomically: true, encoding: .utf8)
        try "aws = '\("AKIA" + "Y3MNBVCXZLKJHGFD")'\n".write(
            toFile: folder + "/fixed.py", atomically: true, encoding: .utf8)
        try "token = \"\(github)\"\nslack = \"\(slack)\"\n".write(
            toFile: folder + "/notify.py", atomically: true, encoding: .utf8)
        try await addPackages(folder, running)
        running.house.assessRoots.folders = [folder]
        let wanted: JSON = [
            "tool": "scan.assess", "target": .string("repo:\(folder)"), "arguments": ["path": .string(folder)],
        ]
        let answer = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
        #expect(answer.status == 200, "\(answer.text.prefix(300))")
        try "aws = None\n".write(toFile: folder + "/fixed.py", atomically: true, encoding: .utf8)
        let again = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
        #expect(again.status == 200, "\(again.text.prefix(300))")
        let list = try await running.send(.GET, "/api/v1/findings?source=scan.secrets", key: running.adminKey)
        let report = try await running.send(
            .GET, "/api/v1/assessments/\(try (answer.json["answer"] ?? .null).text("assessment"))/report?format=sarif",
            key: running.adminKey)
        #expect(report.status == 200 && report.text.contains("2.1.0"))
        return try (list.json["findings"]?[0] ?? .null).text("id")
    }

    /// A lockfile, and advisories of which one is about a package that it names by way of another.
    private static func addPackages(_ folder: String, _ running: RunningHouse) async throws {
        let lock = """
            {"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": {
            "": {"name": "shop", "version": "1.0.0", "dependencies": {"web-kit": "^2.0.0"}},
            "node_modules/web-kit": {"version": "2.1.0", "license": "MIT", "dependencies": {"deep-merge-lite": "^1.0.0"}},
            "node_modules/deep-merge-lite": {"version": "1.0.3", "license": "ISC"}}}
            """
        try lock.write(toFile: folder + "/package-lock.json", atomically: true, encoding: .utf8)
        let feed = running.house.dataDirectory + "/osv/npm"
        try FileManager.default.createDirectory(atPath: feed, withIntermediateDirectories: true)
        let today = running.house.clock.now()
        for (id, package, fixed) in [("TEST-2026-1", "deep-merge-lite", "1.0.4"), ("TEST-2026-2", "web-kit", "2.0.0")] {
            let advisory = """
                {"id": "\(id)", "modified": "\(today)", "summary": "prototype pollution when objects are merged",
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": [{"package": {"ecosystem": "npm", "name": "\(package)"}, "ranges": [{"type": "SEMVER",
                "events": [{"introduced": "0"}, {"fixed": "\(fixed)"}]}]}]}
                """
            try advisory.write(toFile: "\(feed)/\(id).json", atomically: true, encoding: .utf8)
        }
        let advisories = AdvisoryDatabase(path: running.house.dataDirectory + "/advisories.db")
        _ = try await advisories.importing(running.house.dataDirectory + "/osv")
        try advisories.close()
    }
}

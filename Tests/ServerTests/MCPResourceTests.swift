import AsyncHTTPClient
import Core
import Foundation
import Gate
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Server

/// The MCP endpoint as a protected resource, with a real authorization server and our own client of MCP.
@Suite("MCP as a protected resource", .serialized)
struct MCPResourceTests {
    private static let isThere = (try? BrowserSetup.run([BrowserSetup.python, "-c", "import jwt"], [:]).status) == 0

    /// A house at a port of its own whose endpoint an authority gives tokens for, and one whose it does not.
    private func with(
        audience: String? = nil, _ body: @escaping @Sendable (RunningHouse, _ authority: String) async throws -> Void
    ) async throws {
        let (port, own) = (try await ModelSDKTests.freePort(), try await ModelSDKTests.freePort())
        let authority = Process()
        authority.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        authority.arguments = [
            BrowserSetup.python, "-B", script.appendingPathComponent("SDK/mcp_authority.py").path, "\(port)",
        ]
        try authority.run()
        defer { kill(authority.processIdentifier, SIGKILL) }
        let issuer = "http://127.0.0.1:\(port)"
        let audience = audience ?? "http://127.0.0.1:\(own)/mcp"
        try await RunningHouse.with(
            port: own,
            configure: { configuration in
                configuration.gate.issuers = [
                    TokenIssuer(
                        issuer: issuer, audience: audience, keys: .url("\(issuer)/keys"),
                        defaultRoles: ["operator", "admin"])
                ]
            }
        ) { running in
            try await Self.waited(for: issuer, running)
            try await body(running, issuer)
        }
    }

    private static func waited(for issuer: String, _ running: RunningHouse) async throws {
        try await wait("the authority answers") {
            let request = HTTPClientRequest(url: "\(issuer)/keys")
            return (try? await running.client.execute(request, timeout: .seconds(10)))?.status == .ok
        }
    }

    private func token(for audience: String, at authority: String, _ running: RunningHouse) async throws -> String {
        let request = HTTPClientRequest(url: "\(authority)/for?audience=\(audience)")
        let response = try await running.client.execute(request, timeout: .seconds(120))
        let bytes = Array(try await response.body.collect(upTo: 1 << 16).readableBytesView)
        return try #require(JSON.parse(bytes)["token"]?.string)
    }

    private static let discover: JSON = [
        "jsonrpc": "2.0", "id": 1, "method": "server/discover",
        "params": [
            "_meta": [
                MetaKey.protocolVersion: "2026-07-28", MetaKey.clientCapabilities: [:],
                MetaKey.clientInfo: ["name": "test", "version": "1"],
            ]
        ],
    ]

    private func ask(_ running: RunningHouse, _ token: String?) async throws -> RunningHouse.Answer {
        try await running.send(
            .POST, "/mcp", key: token, json: Self.discover,
            headers: [
                ("accept", "application/json, text/event-stream"), ("mcp-protocol-version", "2026-07-28"),
                ("mcp-method", "server/discover"),
            ])
    }

    @Test(
        "a client finds who gives tokens, gets one, and is let in as the person's agents",
        .enabled(if: isThere, "needs python with pyjwt (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)))
    func wholeWay() async throws {
        try await with { running, authority in
            let http = running.client
            let address = running.address + "/mcp"
            let key = GrantKey(user: "ada", server: try #require(ResourceIdentifier(address)))
            let oauth = OAuthClient(
                http: http, settings: .init(redirectURI: "http://localhost:3000/callback", name: "tests"),
                store: MemoryTokenStore())
            let authorizer = GrantAuthorizer(key, client: oauth) { address in
                let response = try await http.execute(HTTPClientRequest(url: address), timeout: .seconds(120))
                return String(response.headers.first(name: "location")?.split(separator: "?").last ?? "")
            }
            let client = MCPClient(
                transport: HTTPTransport(address, client: http, authorizer: authorizer),
                info: Implementation(name: "test", version: "1"))
            async let connection: Void = { try? await client.run() }()
            let tools = try await client.listTools().map(\.name)
            #expect(!tools.isEmpty)
            await client.close()
            await connection
            let sessions = try await running.send(.GET, "/api/v1/sessions", key: running.adminKey)
            #expect(sessions.text.contains("\(authority)#ada/agents"))
        }
    }

    @Test(
        "tokens count where they are for, and nowhere else",
        .enabled(if: isThere, "needs python with pyjwt (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)))
    func audiences() async throws {
        try await with { running, authority in
            let resource = running.address + "/mcp"
            let published = try await running.send(.GET, "/.well-known/oauth-protected-resource/mcp")
            #expect(published.json["resource"] == JSON(resource))
            #expect(published.json["authorization_servers"] == [JSON(authority)])

            let nobody = try await ask(running, nil)
            let metadata = "resource_metadata=\"\(running.address)/.well-known/oauth-protected-resource/mcp\""
            #expect(nobody.status == 401 && nobody.headers["www-authenticate"] == ["Bearer \(metadata)"])

            for other in ["https://elsewhere.example/mcp", resource + "/", running.address, "gatehouse"] {
                let refused = try await ask(running, token(for: other, at: authority, running))
                #expect(refused.status == 401, "\(other)")
                #expect(refused.headers["www-authenticate"] == ["Bearer error=\"invalid_token\", \(metadata)"])
            }
            let good = try await token(for: resource, at: authority, running)
            let admitted = try await ask(running, good)
            #expect(admitted.status == 200)
            // The person is an admin; a token for the endpoint is none for the API.
            for path in ["/api/v1/sessions", "/api/v1/approvals", "/v1/models"] {
                let refused = try await running.send(.GET, path, key: good)
                #expect(refused.status == 403, "\(path)")
            }
            let elsewhere = try await running.send(.GET, "/api/v1/sessions")
            #expect(elsewhere.headers["www-authenticate"] == ["Bearer realm=\"gatehouse\""])
        }
    }

    @Test(
        "nothing is published where no issuer's tokens are for the endpoint at its address; others' count as they did",
        .enabled(if: isThere, "needs python with pyjwt (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)),
        arguments: [("gatehouse", 200), ("https://gate.elsewhere.example/mcp", 403)])
    func otherAudience(_ audience: String, _ status: Int) async throws {
        try await with(audience: audience) { running, authority in
            let published = try await running.send(.GET, "/.well-known/oauth-protected-resource/mcp")
            #expect(published.status == 404)
            let nobody = try await ask(running, nil)
            #expect(nobody.headers["www-authenticate"] == ["Bearer realm=\"gatehouse\""])
            let token = try await token(for: audience, at: authority, running)
            let admitted = try await ask(running, token)
            #expect(admitted.status == 200)
            let sessions = try await running.send(.GET, "/api/v1/sessions", key: token)
            #expect(sessions.status == status)
            let wrong = try await ask(running, self.token(for: running.address + "/mcp", at: authority, running))
            #expect(wrong.status == 401)
        }
    }
}

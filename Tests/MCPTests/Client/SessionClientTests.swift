import Core
import JSON
import Synchronization
import Testing

@testable import MCP

/// The client in sessions that end and on streams that are cut.
@Suite("Sessions and streams that end", .enabled(if: PythonServer.hasPython, "needs python (GATEHOUSE_PYTHON)"))
struct SessionClientTests {
    private func with(_ body: @Sendable (MCPClient) async throws -> Void) async throws {
        try await PythonServer.overHTTP("sessions") { address in
            try await withHTTPClient { http in
                var limits = MCPLimits()
                limits.resumptions = 4
                let transport = HTTPTransport(address, client: http, limits: limits)
                try await MCPClient(transport: transport, info: testClient, versions: [.v2025_11_25], limits: limits)
                    .whileRunning(body)
            }
        }
    }

    @Test("a session that has ended is begun anew, once for all who wait", .timeLimit(.minutes(10)))
    func expiry() async throws {
        try await with { client in
            let first = try await client.text("where")
            #expect(first == "s1")
            _ = try await client.text("expire")
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await client.text("where") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(texts == ["s2"])
            let opened = try await client.text("opened")
            #expect(opened == "2")
            // The ended session's own stream is still open; the new one's has taken its place.
            let stray = try await client.text("stray")
            #expect(stray == "right")
        }
    }

    @Test("a server that ends each session at once is not asked for ever", .timeLimit(.minutes(10)))
    func endlessExpiry() async throws {
        try await with { client in
            let failure = await failure { try await client.text("always") }
            #expect(failure?.code == .unavailable)
            let opened = try await client.text("opened")
            #expect(opened == "3")
        }
    }

    @Test("a stream that was cut is taken up where it ended, when the server wants it", .timeLimit(.minutes(10)))
    func resumption() async throws {
        try await with { client in
            // Who comes back sooner than was asked is refused.
            let once = try await client.text("cut")
            #expect(once.hasPrefix("resumed after cut-"))
            let seen = Mutex(0)
            guard
                case .result(let result) = try await client.callTool(
                    "hops", onProgress: { _ in seen.withLock { $0 += 1 } })
            else { return }
            #expect(result["content"]?[0]?["text"]?.string?.hasSuffix("-3") == true)
            #expect(seen.withLock { $0 } == 3)
        }
    }

    @Test("what cannot be taken up is told", .timeLimit(.minutes(10)), arguments: ["lost", "unresumable", "spin"])
    func noResumption(_ tool: String) async throws {
        try await with { client in
            let failure = await failure { try await client.text(tool) }
            #expect(failure?.code == .unavailable)
            let next = try await client.text("where")
            #expect(next == "s1")
        }
    }

    @Test("a server that wants one to wait for an hour is not waited for past the deadline", .timeLimit(.minutes(10)))
    func impatience() async throws {
        try await with { client in
            let failure = await failure { try await client.text("impatient", deadline: .milliseconds(400)) }
            #expect(failure?.code == .timeout)
        }
    }

    @Test("an answer that comes on another stream is nobody's", .timeLimit(.minutes(10)))
    func strays() async throws {
        try await with { client in
            let text = try await client.text("stray")
            #expect(text == "right")
        }
    }
}

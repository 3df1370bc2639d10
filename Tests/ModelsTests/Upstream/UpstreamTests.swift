import Core
import Dialects
import Synchronization
import Testing

@testable import Models

/// Against a real server that misbehaves as told.
@Suite(.timeLimit(.minutes(10))) struct UpstreamTests {
    private static let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    private static let chunked = head + "transfer-encoding: chunked\r\n\r\n"

    /// Only the time that a test is about is short: the machine may be busy.
    private func provider(
        _ auth: ProviderAuth = .none, firstByte: Duration = .seconds(50), idle: Duration = .seconds(50)
    ) -> Provider {
        let timeouts = ProviderTimeouts(
            connect: .seconds(50), firstByte: firstByte, idle: idle, whole: .seconds(55))
        return Provider(id: "p", baseURL: "", dialect: .openAI, auth: auth, timeouts: timeouts)
    }

    private func request(_ address: String) -> UpstreamRequest {
        UpstreamRequest(address: address, body: [UInt8]("{}".utf8))
    }

    @discardableResult private func withUpstream<Value>(
        _ provider: Provider, limit: Int = 256 << 20, _ body: (Upstream) async throws -> Value
    ) async throws -> Value {
        let upstream = Upstream(provider: provider, limits: Upstream.Limits(answerBytes: limit))
        let result: Result<Value, any Error>
        do { result = .success(try await body(upstream)) } catch { result = .failure(error) }
        try await upstream.shutdown()
        return try result.get()
    }

    private func failure(
        _ script: [ScriptedServer.Step], limit: Int = 256 << 20, _ provider: Provider? = nil
    ) async throws -> UpstreamFailure? {
        let server = try await ScriptedServer(script)
        let error = await #expect(throws: UpstreamFailure.self) {
            try await withUpstream(provider ?? self.provider(), limit: limit) { upstream in
                _ = try await upstream.call(request(server.address)) { try await $0.body.collected(upTo: 1 << 30) }
            }
        }
        try await server.stop()
        return error
    }

    @Test func answersStream() async throws {
        let server = try await ScriptedServer([
            .send(Self.head + "set-cookie: x=1\r\nanthropic-version: 1\r\ncontent-length: 5\r\n\r\nhello"), .close,
        ])
        var call = request(server.address)
        call.headers = [
            ("authorization", "Bearer clients-own"), ("cookie", "c"), ("Anthropic-Beta", "b"), ("connection", "x"),
        ]
        let sent = call
        try await withUpstream(provider(.header("x-api-key", Secret("theirs")))) { upstream in
            let (names, text) = try await upstream.call(sent) { answer in
                (answer.headers.map(\.name), try await answer.body.collected(upTo: 100))
            }
            #expect(names == ["content-type", "anthropic-version"])
            #expect(text == Array("hello".utf8))
        }
        let seen = server.log.requests.withLock { $0.first ?? "" }
        #expect(seen.contains("x-api-key: theirs\r\n") && seen.lowercased().contains("anthropic-beta: b\r\n"))
        #expect(!seen.contains("clients-own") && !seen.contains("cookie") && !seen.contains("connection: x"))
        try await server.stop()
    }

    @Test(arguments: [429, 529, 500, 503]) func statuses(_ status: Int) async throws {
        let answer = "HTTP/1.1 \(status) No\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n"
        #expect(try await failure([.send(answer)]) == .status(status, retryAfter: .seconds(7)))
    }

    @Test func faults() async throws {
        let hasty = provider(firstByte: .milliseconds(100))
        #expect(try await failure([.stall], hasty) == .firstByteLate)
        #expect(try await failure([.send("HTTP/1.1 200 OK\r\nslow: "), .stall], hasty) == .firstByteLate)
        let stalled = [ScriptedServer.Step.send(Self.chunked + "5\r\nhello\r\n"), .stall]
        #expect(try await failure(stalled, provider(idle: .milliseconds(100))) == .idle)
        for end in [ScriptedServer.Step.reset, .close] {
            guard case .reset = try await failure([.send(Self.chunked + "5\r\nhello\r\n"), end]) else {
                Issue.record("a broken stream was not noticed")
                return
            }
        }
    }

    @Test func floodsAreBoundedAndNotReadAhead() async throws {
        let size = 100 << 20
        let head = Self.head + "content-length: \(size)\r\n\r\n"
        #expect(try await failure([.send(head), .flood(size)], limit: 1 << 20) == .tooLarge)
        let server = try await ScriptedServer([.send(head), .flood(size)])
        try await withUpstream(provider()) { upstream in
            let total = try await upstream.call(request(server.address)) { answer in
                var total = 0
                for try await piece in answer.body {
                    // While the reader dwells, the server cannot get far ahead.
                    if total == 0 { try await Task.sleep(for: .milliseconds(500)) }
                    if total == 0 { #expect(server.log.flooded.withLock { $0 } < 32 << 20) }
                    total += piece.count
                }
                return total
            }
            #expect(total == size)
        }
        try await server.stop()
    }

    @Test func noConnection() async throws {
        let server = try await ScriptedServer([])
        let address = server.address
        try await server.stop()
        let refused = await #expect(throws: UpstreamFailure.self) {
            try await withUpstream(provider()) { try await $0.call(request(address)) { $0.status } }
        }
        guard case .connect = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        let plain = try await ScriptedServer([])
        let noTLS = await #expect(throws: UpstreamFailure.self) {
            try await withUpstream(provider()) {
                try await $0.call(request("https://127.0.0.1:\(plain.port)/")) { $0.status }
            }
        }
        guard case .connect = noTLS else {
            Issue.record("\(String(describing: noTLS))")
            return
        }
        try await plain.stop()
    }

    @Test func cancellationEndsTheCallUpstream() async throws {
        let server = try await ScriptedServer([.send(Self.chunked + "5\r\nhello\r\n"), .stall])
        struct GoneAway: Error {}
        try await withUpstream(provider()) { upstream in
            await #expect(throws: GoneAway.self) {
                try await upstream.call(request(server.address)) { answer in
                    for try await _ in answer.body { throw GoneAway() }
                }
            }
        }
        while server.log.goneClients.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
        try await server.stop()
    }
}

import Config
import Core
import Foundation
import Gate
import JSON
import TestSupport
import Testing

@testable import Observe

@Suite("Trace headers, schedules, settings")
struct ValueTests {
    // MARK: Trace context

    @Test(
        "what is no traceparent is none",
        arguments: [
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
            "00-0af7651916cd43dd8448eb211c80319é-b7ad6b7169203331-1",
        ])
    func wrong(_ header: String) { #expect(TraceContext(traceparent: header) == nil) }

    @Test("a traceparent is written as it was read, and later versions are read as far as they are known")
    func read() throws {
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let context = try #require(TraceContext(traceparent: header))
        #expect(context.traceparent == header && context.isSampled)
        let later = try #require(TraceContext(traceparent: "cc-" + header.dropFirst(3) + "-more"))
        #expect(later.traceparent == header)
        #expect(TraceContext(traceparent: String(header.dropLast()) + "2")?.isSampled == false)
    }

    @Test(
        "a tracestate is kept where it is one",
        arguments: [
            ("congo=t61rcWkgMzE", true), ("a@b=1, c=2 ,,d= x", true), ("1a*-_/=~", true), ("", false), (",", false),
            ("congo", false), ("Congo=1", false), ("a=1,a=2", false), ("a=b=c", false), ("a=", false), ("a@=1", false),
            ("a=é", false), ("a@1=1", false),
            ((0..<33).map { "k\($0)=1" }.joined(separator: ","), false),
            ("a=" + String(repeating: "x", count: 257), false),
        ])
    func state(_ text: String, _ isKept: Bool) throws {
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        #expect(try #require(TraceContext(traceparent: header, state: text)).state == (isKept ? text : nil))
    }

    @Test("no header, however mutated, does harm; what is read is written in the one form")
    func mutated() throws {
        var random = SeededRandom(seed: 17)
        let header = Array("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".utf8)
        for _ in 0..<20_000 {
            var bytes = header
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: place)
                }
                if bytes.isEmpty { break }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let context = TraceContext(traceparent: text, state: text) else { continue }
            #expect(TraceContext(traceparent: context.traceparent)?.spanID == context.spanID)
        }
    }

    // MARK: Values

    @Test("a sampler keeps the share that it is told, and decides alike for one trace")
    func sampler() {
        let ids = SpanIDs()
        let traces = (0..<20_000).map { _ in ids.traceID() }
        #expect(Set(traces).count == traces.count)
        for share in [0, 0.1, 0.5, 1] {
            let sampler = TraceSampler(share: share)
            let kept = traces.count(where: sampler.keeps)
            #expect(abs(Double(kept) / 20_000 - share) < 0.02)
            #expect(traces.filter(sampler.keeps).count == kept)
        }
    }

    @Test("pauses grow to a bound, vary, and are never shorter than what was asked")
    func pauses() {
        var pause = RetryPause()
        #expect(!pause.isPausing)
        let first = (0..<8).map { _ in pause.failed(asked: nil, jitter: 0) }
        #expect(first.map(\.components.seconds) == [0, 1, 2, 4, 8, 15, 15, 15] && pause.isPausing)
        #expect(pause.failed(asked: nil, jitter: 1) == .seconds(30))
        #expect(pause.failed(asked: .seconds(77), jitter: 0) == .seconds(77))
        #expect(pause.failed(asked: .seconds(9999), jitter: 0) == .seconds(300))
        pause.succeeded()
        #expect(pause.failed(asked: nil, jitter: 1) == .seconds(1))
    }

    @Test("answers of collectors, also strange ones")
    func outcomes() {
        func outcome(_ status: Int, _ body: String = "", _ wait: String? = nil) -> SendOutcome {
            SendOutcome(status: status, retryAfter: wait, body: [UInt8](body.utf8))
        }
        #expect(outcome(200, "{}") == .stored(rejected: 0) && outcome(202, "not json") == .stored(rejected: 0))
        #expect(outcome(200, #"{"partialSuccess":{"rejectedSpans":3}}"#) == .stored(rejected: 3))
        #expect(outcome(200, #"{"partialSuccess":{"rejectedDataPoints":"4"}}"#) == .stored(rejected: 4))
        #expect(outcome(200, #"{"partialSuccess":{"rejectedSpans":"-4"}}"#) == .stored(rejected: 0))
        #expect(outcome(301) == .refused(status: 301) && outcome(413) == .refused(status: 413))
        #expect(outcome(500) == .refused(status: 500))
        #expect(outcome(503, "", "-5") == .failed(why: "it answered 503", retryAfter: .zero))
        #expect(outcome(429, "", "Wed, 21 Oct 2026 07:28:00 GMT") == .failed(why: "it answered 429", retryAfter: nil))
    }

    @Test("hosts and ports of addresses")
    func places() {
        #expect(WebPlace("https://api.openai.com/v1") == WebPlace("https://api.openai.com:443"))
        #expect(WebPlace("http://[::1]:4318/x")?.host == "::1" && WebPlace("http://[::1]/x")?.port == 80)
        #expect(WebPlace("ftp://x") == nil && WebPlace("http://") == nil && WebPlace("http://a:99999") == nil)
        #expect(WebPlace.isProtected("http://localhost:4318") && WebPlace.isProtected("http://127.0.0.1"))
        #expect(WebPlace.isProtected("HTTPS://x.example") && WebPlace.isProtected("http://[::1]:1"))
        #expect(!WebPlace.isProtected("http://127.0.0.1.example.org") && !WebPlace.isProtected("http://collector:4318"))
    }

    // MARK: Settings

    private static func settings(_ text: String) throws -> TelemetrySettings {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let path = "\(scratch.path)/gatehouse.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let schema = ConfigSchema(title: "test", sections: [TelemetrySettings.field])
        return try TelemetrySettings(try ConfigFile.load(path, schema: schema).root)
    }

    @Test("what the file says, and what holds without it")
    func configured() throws {
        #expect(try Self.settings("{}") == TelemetrySettings())
        let settings = try Self.settings(
            """
            telemetry:
              otlp:
                endpoint: https://otlp.example.org/
                headers: { authorization: "Bearer x" }
                interval: 5s
                timeout: 2s
                queue: 100
                gzip: true
              resource: { deployment.environment.name: production }
              sample: 0.25
              propagate: true
            """)
        let collector = try #require(settings.collector)
        #expect(
            collector.endpoint == "https://otlp.example.org"
                && collector.headers["authorization"]?.expose() == "Bearer x")
        #expect(collector.interval == .seconds(5) && collector.timeout == .seconds(2) && collector.queue == 100)
        #expect(collector.isCompressed && settings.sample == 0.25 && settings.isPropagated)
        #expect(settings.resource == ["deployment.environment.name": "production"])
        #expect(!"\(settings)".contains("Bearer x"))
    }

    @Test(
        "what cannot be meant is refused, with its place",
        arguments: [
            ("sample: 1.5", "this is no share"), ("sample: nan", "this is no share"),
            ("sample: -1", "this is no share"),
            ("otlp: { headers: { a: b } }", "there is no endpoint"),
            ("otlp: { endpoint: \"http://collector:4318\", headers: { a: b } }", "by https only"),
            ("otlp: { endpoint: \"https://c\", headers: { \"a b\": c } }", "no name of a header"),
            ("otlp: { endpoint: \"https://c\", headers: { a: \"b\\nc\" } }", "control characters"),
            ("otlp: { endpoint: \"https://c\", interval: 0 }", "too short"),
            ("otlp: { endpoint: \"https://c/?key=1\" }", "no query"),
            ("otlp: { endpoint: \"collector:4318\" }", "not an http or https address"),
            ("otlp: { endpoint: \"https://user:pass@c\" }", "not an http or https address"),
            ("otlp: { end_point: \"https://c\" }", "end_point"),
        ])
    func refusedSettings(_ text: String, _ why: String) {
        let error = #expect(throws: (any Error).self) { try Self.settings("telemetry:\n  \(text)\n") }
        #expect("\(error.map { "\($0)" } ?? "")".contains(why), "\(String(describing: error))")
    }
}

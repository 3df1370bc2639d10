import Core
import Gate
import JSON
import TestSupport
import Testing

@testable import Observe

@Suite("Calls to models, in OpenTelemetry's words", .timeLimit(.minutes(10)))
struct GenAITests {
    private static let facts: JSON = [
        "surface": "openai.chat", "stream": true, "attempts": 2, "input_tokens": 30, "output_tokens": 20,
        "cached_input_tokens": 10, "cache_write_tokens": 5, "reasoning_tokens": 7, "prices": "test",
        "milliseconds": 900, "answer_bytes": 99, "model": "bedrock/meta.llama3-70b (high)", "provider": "bedrock",
        "status": 200, "first_byte_milliseconds": 250, "stop_reason": "stop",
    ]
    private static let providers = [
        "bedrock": "https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1", "ollama": "http://[::1]:11434/v1",
    ]

    @Test("a span has the conventions' name, kind and attributes")
    func span() async throws {
        let collector = try await Collector()
        try await TelemetryWorld.with(TelemetryWorld.settings(collector), providers: Self.providers) { world in
            _ = try await world.submit("models.call", ["facts": Self.facts])
        }
        let span = try #require(collector.spans.first)
        #expect(span.name == "chat meta.llama3-70b" && span.json["kind"]?.int == 3)
        #expect(span["gen_ai.operation.name"] == "chat" && span["gen_ai.provider.name"] == "aws.bedrock")
        #expect(span["gen_ai.request.model"] == "meta.llama3-70b" && span["gen_ai.response.model"] == "meta.llama3-70b")
        #expect(span["server.address"] == "bedrock-runtime.eu-west-1.amazonaws.com" && span["server.port"] == "443")
        #expect(span["gen_ai.usage.input_tokens"] == "30" && span["gen_ai.usage.output_tokens"] == "20")
        #expect(span["gen_ai.usage.cache_read.input_tokens"] == "10")
        #expect(span["gen_ai.usage.cache_write.input_tokens"] == "5")
        #expect(span["gen_ai.usage.reasoning.output_tokens"] == "7")
        #expect(span["gen_ai.request.stream"] == true && span["gen_ai.response.time_to_first_chunk"]?.double == 0.25)
        #expect(span["gen_ai.response.finish_reasons"] == ["stop"])
        #expect(span["gatehouse.usage.money_micros"] == "42" && span["gatehouse.attempts"] == "2")
        try await collector.stop()
    }

    @Test("metrics add up over exports, in the conventions' buckets")
    func metrics() async throws {
        let collector = try await Collector()
        try await TelemetryWorld.with(TelemetryWorld.settings(collector), providers: Self.providers) { world in
            _ = try await world.submit("models.call", ["facts": Self.facts])
            try await wait("an export") { !collector.metrics.isEmpty }
            let first = try #require(Self.point(collector.metrics["gen_ai.client.operation.duration"]))
            #expect(first["count"] == "1")
            _ = try await world.submit("models.call", ["facts": Self.facts])
            _ = try? await world.submit("models.call", ["facts": Self.facts, "fail": "timeout"])
            _ = try? await world.submit("models.call", ["facts": ["surface": "openai.chat", "attempts": 0]])
        }
        let metrics = collector.metrics
        #expect(metrics.count == 3)
        let tokens = try #require(metrics["gen_ai.client.token.usage"])
        #expect(tokens["unit"] == "{token}" && tokens["histogram"]?["aggregationTemporality"]?.int == 2)
        let bounds: [Double] = [
            1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
        ]
        let points = tokens["histogram"]?["dataPoints"]?.array ?? []
        #expect(points.count == 2)
        for point in points {
            #expect(point["explicitBounds"]?.array?.compactMap(\.double) == bounds)
            #expect(
                point["bucketCounts"]?.array?.compactMap(\.string) == ["0", "0", "0", "3"]
                    + .init(repeating: "0", count: 11))
            #expect(point["count"] == "3" && [90, 60].contains(point["sum"]?.double))
        }
        let duration = try #require(metrics["gen_ai.client.operation.duration"])
        #expect(duration["unit"] == "s")
        let seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
        let timed = duration["histogram"]?["dataPoints"]?.array ?? []
        #expect(timed.count == 2 && timed.allSatisfy { $0["explicitBounds"]?.array?.compactMap(\.double) == seconds })
        #expect(Set(timed.compactMap { $0["count"]?.string }) == ["1", "2"], "failures are a series of their own")
        let first = Self.point(metrics["gen_ai.client.operation.time_to_first_chunk"])
        #expect(first?["count"] == "3" && first?["sum"]?.double == 0.75 && first?["min"]?.double == 0.25)
        let starts = Set(timed.map { $0["startTimeUnixNano"]?.string })
        #expect(starts.count == 1 && starts == [first?["startTimeUnixNano"]?.string])
        try await collector.stop()
    }

    private static func point(_ metric: JSON?) -> JSON? { metric?["histogram"]?["dataPoints"]?[0] }

    @Test("what a provider writes where a word of a list should stand does not get out")
    func strange() async throws {
        let collector = try await Collector()
        let facts: JSON = [
            "surface": "anthropic.messages", "attempts": 1, "model": "ollama/llama3", "provider": "ollama",
            "status": 500, "stop_reason": "call +1 212 555 0100", "answer_sha256": "planted", "found": ["EMAIL": 3],
        ]
        try await TelemetryWorld.with(TelemetryWorld.settings(collector), providers: Self.providers) { world in
            _ = try? await world.submit("models.call", ["facts": facts, "fail": "unavailable"])
            _ = try? await world.submit("models.call", ["facts": [:], "fail": "denied"])
        }
        #expect(collector.spans.map(\.name) == ["chat llama3", "models.call"])
        let span = try #require(collector.spans.first)
        #expect(span["gen_ai.response.finish_reasons"] == ["other"] && span["gen_ai.response.model"] == nil)
        #expect(span["error.type"] == "unavailable" && span["gen_ai.response.time_to_first_chunk"] == nil)
        #expect(span["server.address"] == "::1" && span["server.port"] == "11434")
        #expect(span["gen_ai.provider.name"] == "ollama")
        let sent = collector.arrivals.map { String(decoding: $0.body, as: UTF8.self) }.joined()
        #expect(!sent.contains("555") && !sent.contains("planted"))
        try await collector.stop()
    }

    @Test("series beyond a bound are counted together")
    func overflow() async throws {
        let metrics = GenAIMetrics(clock: SystemWallClock())
        var call = try #require(Self.call())
        for number in 0..<GenAIMetrics.greatestNumber + 50 {
            call.asked.model = "m\(number)"
            metrics.count(call)
        }
        let duration = try #require(metrics.snapshot().metrics.first)
        #expect(duration.points.count == GenAIMetrics.greatestNumber + 1)
        #expect(duration.points.first { $0.key.isOverflow }?.value.count == 50)
    }

    private static func call() -> GenAICall? {
        var call = GenAICall(asked: AskedModel(operation: "chat"))
        call.attempts = 1
        return call
    }
}

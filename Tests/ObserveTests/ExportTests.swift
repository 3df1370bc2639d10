import Core
import Gate
import JSON
import NIOHTTP1
import Policy
import Synchronization
import TestSupport
import Testing

@testable import Observe

@Suite("Exports, when collectors misbehave", .timeLimit(.minutes(10)))
struct ExportTests {
    @Test("a span is sent again until it is taken, and once only", arguments: [429, 502, 503, 504])
    func retried(_ status: Int) async throws {
        let collector = try await Collector { number, _ in .answer(number == 1 ? status : 200) }
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            _ = try await world.submit("demo.read")
            try await wait("the second try") { world.telemetry.counts.standing(of: .traces).sent == 1 }
            let standing = world.telemetry.counts.standing(of: .traces)
            #expect(standing.failures == 1 && standing.rejected == 0 && standing.dropped == 0)
        }
        let times = collector.arrivals.map(\.time)
        #expect(times.count == 2 && times[1] - times[0] >= .milliseconds(500))
        #expect(collector.arrivals.first?.body == collector.arrivals.last?.body)
        try await collector.stop()
    }

    @Test("a collector that asks to wait is left alone so long, whatever comes in")
    func retryAfter() async throws {
        let collector = try await Collector { number, _ in
            number == 1 ? .answer(429, headers: [("retry-after", "3")]) : .answer(200)
        }
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            _ = try await world.submit("demo.read")
            try await wait("the first try") { collector.arrivals.count == 1 }
            for _ in 0..<SpanQueue.batch + 10 { _ = try await world.submit("demo.read") }
            try await wait("all") { world.telemetry.counts.standing(of: .traces).sent == SpanQueue.batch + 11 }
        }
        let times = collector.arrivals.map(\.time)
        #expect(times.count == 3 && times[1] - times[0] >= .seconds(3))
        try await collector.stop()
    }

    @Test("what a collector refuses is not sent again, and what it takes in part is counted so")
    func refused() async throws {
        let partial = #"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no spans of ada@example.org"}}"#
        let collector = try await Collector { number, _ in number == 1 ? .answer(400) : .answer(200, body: partial) }
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            _ = try await world.submit("demo.read")
            try await wait("the refusal") { world.telemetry.counts.standing(of: .traces).rejected == 1 }
            for _ in 0..<3 { _ = try await world.submit("demo.read") }
            try await wait("the rest") { world.telemetry.counts.standing(of: .traces).sent >= 2 }
            try await wait("all") {
                let standing = world.telemetry.counts.standing(of: .traces)
                return standing.sent + standing.rejected == 4
            }
            #expect(world.telemetry.counts.standing(of: .traces).failures == 0)
            #expect(world.log.text.contains("400") && !world.log.text.contains("ada@"))
        }
        try await collector.stop()
    }

    @Test("resets, silence and endless answers are failures after their time, and calls do not wait for them")
    func broken() async throws {
        let collector = try await Collector { number, _ in
            switch number {
            case 1: .reset
            case 2: .hang
            case 3: .drip(200)
            default: .answer(200)
            }
        }
        var settings = TelemetryWorld.settings(collector)
        settings.collector?.timeout = .milliseconds(300)
        let submitted = Mutex(1)
        try await TelemetryWorld.with(settings) { world in
            _ = try await world.submit("demo.read")
            try await wait("the silence") { collector.arrivals.count == 2 }
            let took = try await shortestTime(within: .seconds(5)) {
                for _ in 0..<100 { _ = try await world.submit("demo.read") }
                submitted.withLock { $0 += 100 }
            }
            #expect(took < .seconds(5))
            try await wait("all") {
                world.telemetry.counts.standing(of: .traces).sent >= submitted.withLock { $0 }
            }
        }
        let ids = collector.spans.compactMap { $0.json["spanId"]?.string }
        #expect(Set(ids).count == submitted.withLock { $0 })
        try await collector.stop()
    }

    @Test("of more than may wait the oldest go, counted, and said in the log once")
    func dropped() async throws {
        let collector = try await Collector { _, _ in .answer(503) }
        var settings = TelemetryWorld.settings(collector)
        settings.collector?.queue = 20
        settings.collector?.headers = ["authorization": Secret("Bearer collectors-password")]
        try await TelemetryWorld.with(settings) { world in
            for _ in 0..<50 { _ = try await world.submit("demo.read") }
            try await wait("a failure") { world.telemetry.counts.standing(of: .traces).failures > 0 }
            for _ in 0..<50 { _ = try await world.submit("demo.read") }
            try await wait("drops") { world.telemetry.counts.standing(of: .traces).dropped == 80 }
            try await wait("a line") { world.log.text.contains("spans were dropped") }
            #expect(world.telemetry.waitingSpans <= 20)
            collector.answers { _, _ in .answer(200) }
        }
        let last = collector.spans.suffix(20).compactMap { $0.json["spanId"]?.string }
        #expect(Set(last).count == 20)
        #expect(collector.arrivals.last?.headers["authorization"] == ["Bearer collectors-password"])
        try await collector.stop()
    }

    @Test("nobody there: calls go on, the log says it once, and a secret is not in it")
    func dead() async throws {
        let gone = try await Collector()
        var settings = TelemetryWorld.settings(gone)
        settings.collector?.headers = ["x-token": Secret("collectors-password")]
        try await gone.stop()
        try await TelemetryWorld.with(settings) { world in
            _ = try await world.submit("demo.read")
            try await wait("two failures") { world.telemetry.counts.standing(of: .traces).failures >= 2 }
            let lines = world.log.all.withLock { $0.filter { $0.contains("could not be sent") } }
            #expect(lines.count == 1 && !world.log.text.contains("password"))
        }
    }

    @Test("a shutdown sends what waits, and waits for no collector that is silent")
    func flush() async throws {
        let collector = try await Collector()
        var slow = TelemetryWorld.settings(collector, interval: .seconds(3600))
        // Far longer than a shutdown may take, whatever else the machine does meanwhile.
        slow.collector?.timeout = .seconds(3600)
        let settings = slow
        try await TelemetryWorld.with(settings) { world in
            for _ in 0..<700 { _ = try await world.submit("demo.read") }
        }
        #expect(Set(collector.spans.map { $0.json["spanId"]?.string }).count == 700)
        collector.answers { _, _ in .hang }
        let asked = Mutex(ContinuousClock.now)
        try await TelemetryWorld.with(settings) { world in
            _ = try await world.submit("demo.read")
            asked.withLock { $0 = .now }
        }
        #expect(ContinuousClock.now - asked.withLock { $0 } < .seconds(120))
        try await collector.stop()
    }

    @Test("new settings hold at once: another collector, or none")
    func adopted() async throws {
        let (first, second) = (try await Collector { _, _ in .answer(503) }, try await Collector())
        try await TelemetryWorld.with(TelemetryWorld.settings(first, interval: .seconds(3600))) { world in
            _ = try await world.submit("demo.read")
            world.telemetry.adopt(TelemetryWorld.settings(second), providers: [:])
            try await wait("the second") { second.spans.count == 1 }
            world.telemetry.adopt(TelemetrySettings(), providers: [:])
            _ = try await world.submit("demo.read")
            #expect(world.telemetry.waitingSpans == 0)
            world.telemetry.adopt(TelemetryWorld.settings(second), providers: [:])
            _ = try await world.submit("demo.read")
            try await wait("the second again") { second.spans.count == 2 }
        }
        #expect(second.spans.count == 2)
        try await first.stop()
        try await second.stop()
    }

    @Test("compressed where it is asked for")
    func gzip() async throws {
        let collector = try await Collector()
        var settings = TelemetryWorld.settings(collector)
        settings.collector?.isCompressed = true
        settings.resource = ["service.name": "front", "deployment.environment.name": "test"]
        try await TelemetryWorld.with(settings) { world in _ = try await world.submit("demo.read") }
        let arrival = try #require(collector.arrivals.first)
        #expect(arrival.headers["content-encoding"] == ["gzip"] && arrival.body.starts(with: [0x1F, 0x8B]))
        let body = String(decoding: try GzipText.decompress(arrival.body, limit: 1 << 20), as: UTF8.self)
        #expect(body.contains(#"{"key":"service.name","value":{"stringValue":"front"}}"#))
        #expect(body.contains(#"{"key":"deployment.environment.name","value":{"stringValue":"test"}}"#))
        try await collector.stop()
    }
}

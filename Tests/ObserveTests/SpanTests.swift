import Core
import Gate
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import Observe

@Suite("Spans of actions", .timeLimit(.minutes(10)))
struct SpanTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("an action is a span, with what the record says of it and nothing of what it was about")
    func oneAction() async throws {
        let collector = try await Collector()
        let secret = "4111 1111 1111 1111 of ada@example.org"
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            let begun = SystemWallClock().now()
            let answer = try await world.submit("demo.read", ["text": .string(secret)], target: "file:\(secret)")
            try await wait("a span") { !collector.spans.isEmpty }
            let span = try #require(collector.spans.first)
            #expect(span.name == "demo.read" && span.json["kind"]?.int == 1 && span.json["status"] == nil)
            #expect(span["gatehouse.action.id"]?.string == answer.actionID)
            #expect(span["gatehouse.principal.id"]?.string == "test#ada")
            #expect(span["gatehouse.session.id"]?.string == world.caller.session.id)
            #expect(span["gatehouse.state"] == "done" && span["gatehouse.effect"] == "read")
            #expect(span["gatehouse.decision.verdict"] == "allow" && span["gatehouse.decision.rule"] == "judge")
            #expect(span["gatehouse.policy.revision"] == "test:judge")
            let start = try #require(span.json["startTimeUnixNano"]?.string.flatMap { Int64($0) })
            let end = try #require(span.json["endTimeUnixNano"]?.string.flatMap { Int64($0) })
            #expect(begun.microseconds - 1000 <= start / 1000 && start <= end && end - start < 10_000_000_000)
            #expect(span.json["traceId"]?.string?.utf8.count == 32 && span.json["spanId"]?.string?.utf8.count == 16)
            #expect(span.json["parentSpanId"] == nil && span.json["flags"]?.int == 0x101)
            let arrival = try #require(collector.arrivals.first)
            #expect(arrival.headers["content-type"] == ["application/json"])
            let resource = String(decoding: arrival.body, as: UTF8.self)
            for part in ["gatehouse", "1.2.3", "house-1"] { #expect(resource.contains("\"\(part)\"")) }
        }
        #expect(collector.arrivals.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains("4111") })
        #expect(collector.arrivals.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains("ada@") })
        try await collector.stop()
    }

    @Test("what fails and what is denied say so, without their words")
    func failures() async throws {
        let collector = try await Collector()
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            _ = try? await world.submit("demo.read", ["fail": "timeout", "text": "planted-words"])
            _ = try? await world.submit("demo.read", ["verdict": "deny", "text": "planted-words"])
            _ = try? await world.submit("demo.unknown", ["text": "planted-words"])
        }
        let spans = collector.spans
        #expect(spans.map { $0["gatehouse.state"]?.string } == ["failed", "denied"])
        #expect(spans.map { $0["error.type"]?.string } == ["timeout", "denied"])
        #expect(spans.map { $0["gatehouse.decision.verdict"]?.string } == ["allow", "deny"])
        #expect(spans.allSatisfy { $0.json["status"]?["code"]?.int == 2 && $0.json["status"]?["message"] == nil })
        #expect(collector.arrivals.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains("planted") })
        try await collector.stop()
    }

    @Test("a caller's trace goes on: its id, its span as the parent, its state, its word about being kept")
    func parents() async throws {
        let collector = try await Collector()
        var settings = TelemetryWorld.settings(collector)
        settings.sample = 0
        let kept = try #require(TraceContext(traceparent: Self.parent, state: "congo=t61,rojo=00f"))
        let dropped = try #require(TraceContext(traceparent: String(Self.parent.dropLast(2)) + "00"))
        try await TelemetryWorld.with(settings) { world in
            _ = try await world.submit("demo.read", under: kept)
            _ = try await world.submit("demo.read", under: dropped)
            _ = try await world.submit("demo.read")
        }
        let span = try #require(collector.spans.first)
        #expect(collector.spans.count == 1, "what is neither sampled here nor by the caller is not sent")
        #expect(span.json["traceId"] == "0af7651916cd43dd8448eb211c80319c")
        #expect(span.json["parentSpanId"] == "b7ad6b7169203331" && span.json["spanId"] != "b7ad6b7169203331")
        #expect(span.json["traceState"] == "congo=t61,rojo=00f" && span.json["flags"]?.int == 0x301)
        try await collector.stop()
    }

    @Test("a tool knows of its span only where others may", arguments: [false, true])
    func propagation(_ isPropagated: Bool) async throws {
        let collector = try await Collector()
        var settings = TelemetryWorld.settings(collector)
        settings.isPropagated = isPropagated
        try await TelemetryWorld.with(settings) { world in
            guard case .answered(_, let answer, _) = try await world.submit("demo.read") else { return }
            try await wait("a span") { !collector.spans.isEmpty }
            let span = try #require(collector.spans.first?.json)
            let expected = "00-\(span["traceId"]?.string ?? "")-\(span["spanId"]?.string ?? "")-01"
            #expect(answer.value["trace"]?.string == (isPropagated ? expected : nil))
        }
        try await collector.stop()
    }

    @Test("what waits for people and goes on later is one trace")
    func waiting() async throws {
        let collector = try await Collector()
        let trace = try #require(TraceContext(traceparent: Self.parent))
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            let asked = try await world.submit("demo.read", ["verdict": "ask"], under: trace)
            guard case .waiting(_, let approval) = asked else {
                Issue.record("it is not asked about")
                return
            }
            let boss = try world.gate.enter(
                Principal(id: "test#boss", kind: .person, name: "Boss", roles: ["admin"]))
            _ = try await world.gate.approve(approval.id, binding: approval.binding, by: boss, reason: "fine")
        }
        let spans = collector.spans
        #expect(spans.map { $0["gatehouse.state"]?.string } == ["waiting", "done"])
        #expect(Set(spans.map { $0.json["traceId"]?.string }) == ["0af7651916cd43dd8448eb211c80319c"])
        #expect(spans.last?.json["parentSpanId"] == spans.first?.json["spanId"])
        #expect(Set(spans.map { $0["gatehouse.action.id"]?.string }).count == 1)
        try await collector.stop()
    }

    @Test("a call of a server's tool is named as the conventions for MCP want it")
    func toolCall() async throws {
        let collector = try await Collector()
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            for failed in [false, true] {
                let facts: JSON = ["server": "files", "tool": "read_file", "definition": "d", "failed": .bool(failed)]
                _ = try await world.submit("mcp.call", ["facts": facts])
            }
            _ = try await world.submit("mcp.call")
        }
        #expect(collector.spans.map(\.name) == ["tools/call read_file", "tools/call read_file", "mcp.call"])
        #expect(collector.spans.map { $0.json["kind"]?.int } == [3, 3, 1])
        #expect(collector.spans.map { $0["error.type"]?.string } == [nil, "tool_error", nil])
        #expect(collector.spans.map { $0.json["status"]?["code"]?.int } == [nil, 2, nil])
        let span = try #require(collector.spans.first)
        #expect(span["gen_ai.tool.name"] == "read_file" && span["gatehouse.mcp.server"] == "files")
        #expect(span["gen_ai.operation.name"] == "execute_tool" && span["mcp.method.name"] == "tools/call")
        #expect(collector.arrivals.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains("planted") })
        try await collector.stop()
    }

    @Test("the parts of an action are spans below it")
    func parts() async throws {
        let collector = try await Collector()
        try await TelemetryWorld.with(TelemetryWorld.settings(collector)) { world in
            _ = try await world.submit("demo.pair")
        }
        #expect(collector.spans.map(\.name) == ["demo.read", "demo.read", "demo.pair"])
        let whole = try #require(collector.spans.last)
        for part in collector.spans.dropLast() {
            #expect(part.json["parentSpanId"] == whole.json["spanId"] && part.json["traceId"] == whole.json["traceId"])
            #expect(part.json["flags"]?.int == 0x101, "its parent is of this process")
            #expect(part["gatehouse.action.part_of"] == whole["gatehouse.action.id"])
        }
        try await collector.stop()
    }

    @Test("nothing is made where nothing is sent")
    func off() async throws {
        try await TelemetryWorld.with(TelemetrySettings()) { world in
            guard case .answered(_, let answer, _) = try await world.submit("demo.read") else { return }
            #expect(answer.value["trace"]?.string == nil)
            #expect(!world.telemetry.isOn && world.telemetry.begun("act_1", under: nil) == nil)
            #expect(world.telemetry.waitingSpans == 0)
        }
    }
}

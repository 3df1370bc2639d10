import AsyncHTTPClient
import Core
import Dialects
import Foundation
import JSON
import Models
import NIOHTTP1
import Observe
import TestSupport
import Testing

@testable import Server

/// A whole house between a client, a provider of models and a collector that are real processes.
@Suite("Telemetry of a whole house", .serialized, .enabled(if: PolicyPeer.isThere, "needs python3"))
struct TelemetryTests {
    private static let email = "grace.hopper" + "@" + "navy-yard.org"
    private static let card = "4111" + "1111" + "1111" + "1111"
    private static let secret = "AKIA" + "Q3EGUMZ7" + "T5WX2LNK"
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let readsProtobuf =
        (try? BrowserSetup.run([ValidatorSetup.python, "-c", "import opentelemetry.proto"], [:]).status) == 0

    private static func configure(_ configuration: inout HouseConfiguration, _ peer: PolicyPeer, propagate: Bool) {
        configuration.models.providers = [
            Provider(
                id: "openai", baseURL: "\(peer.address)/v1", dialect: .openAI, auth: .bearer(Secret("upstream-key")))
        ]
        configuration.telemetry.collector = TelemetrySettings.Collector(endpoint: peer.address)
        configuration.telemetry.collector?.interval = .milliseconds(200)
        configuration.telemetry.isPropagated = propagate
    }

    private static func chat(_ running: RunningHouse, stream: Bool, _ headers: [(String, String)] = []) async throws
        -> RunningHouse.Answer
    {
        let said = "Write to \(email) and pay with \(card), aws_access_key_id=\(secret)"
        return try await running.send(
            .POST, "/v1/chat/completions", key: running.agentKey,
            json: [
                "model": "gpt-x", "stream": .bool(stream), "messages": [["role": "user", "content": .string(said)]],
            ], headers: headers)
    }

    @Test(
        "a chat is one span with its numbers, below the caller's; what was found is nowhere", .timeLimit(.minutes(10)))
    func chat() async throws {
        let peer = try await PolicyPeer(TelemetryPeer.script)
        defer { peer.stop() }
        try await RunningHouse.with(configure: { Self.configure(&$0, peer, propagate: false) }) { running in
            let parent = [("traceparent", "00-\(Self.trace)-b7ad6b7169203331-01")]
            let states = ["shop=abc", "a=\(Self.card)", "a=\(Self.email)"]
            for (number, state) in states.enumerated() {
                let answer = try await Self.chat(running, stream: number > 0, parent + [("tracestate", state)])
                #expect(answer.status == 200 && answer.text.contains(Self.email), "\(answer.text)")
            }
            #expect(try await running.send(.GET, "/v1/models", key: running.agentKey).status == 200)
            try await wait("three spans") { peer.spans.count == 3 }
            try await wait("metrics") { peer.posts("/v1/metrics").count > 1 }
            try await wait("their count") { running.house.telemetry.counts.standing(of: .traces).sent == 3 }
            let metrics = try await running.send(.GET, "/metrics").text
            #expect(metrics.contains(#"gatehouse_telemetry_sent_total{signal="traces"} 3"#))
            #expect(metrics.contains("gatehouse_telemetry_waiting 0"))
        }
        let spans = peer.spans
        for span in spans {
            #expect(span["name"] == "chat gpt-x" && span["traceId"]?.string == Self.trace)
            #expect(span["parentSpanId"] == "b7ad6b7169203331" && span["kind"]?.int == 3)
            let attributes = TelemetryPeer.attributes(span)
            #expect(attributes["gen_ai.usage.input_tokens"] == "30" && attributes["gen_ai.usage.output_tokens"] == "20")
            #expect(attributes["gen_ai.provider.name"] == "openai" && attributes["server.address"] == "127.0.0.1")
            #expect(attributes["server.port"]?.string == String(peer.address.split(separator: ":").last ?? ""))
            #expect(attributes["gatehouse.decision.verdict"] == "allow")
        }
        #expect(spans.map { $0["traceState"]?.string } == ["shop=abc", nil, nil])
        try Self.checkBytes(peer)
    }

    /// What arrived at the collector: parsed as what it says it is, and without anything that was planted.
    private static func checkBytes(_ peer: PolicyPeer) throws {
        let bodies = peer.posts("/v1/traces") + peer.posts("/v1/metrics")
        #expect(bodies.count >= 2)
        for body in bodies.compactMap({ $0["body"]?.string }) {
            for planted in [email, card, secret, TelemetryPeer.echoed, "Write to", "upstream-key", "You said"] {
                #expect(!body.contains(planted), "\(planted)")
            }
        }
        let calls = peer.posts("/v1/chat/completions")
        #expect(calls.count == 3 && calls.allSatisfy { $0["traceparent"]?.isNull == true }, "nobody told the provider")
        guard readsProtobuf else { return }
        let (status, output) = try BrowserSetup.run(
            [ValidatorSetup.python, "-c", TelemetryPeer.parser, "\(peer.folder)/posts"], [:])
        #expect(status == 0, "\(output)")
    }

    @Test("a provider is told of the span where the configuration says so", .timeLimit(.minutes(10)))
    func propagated() async throws {
        let peer = try await PolicyPeer(TelemetryPeer.script)
        defer { peer.stop() }
        try await RunningHouse.with(configure: { Self.configure(&$0, peer, propagate: true) }) { running in
            let answer = try await Self.chat(
                running, stream: false, [("traceparent", "not one"), ("tracestate", "a=b")])
            #expect(answer.status == 200)
            try await wait("a span") { peer.spans.count == 1 }
        }
        let span = try #require(peer.spans.first)
        let (trace, id) = (span["traceId"]?.string ?? "", span["spanId"]?.string ?? "")
        #expect(span["parentSpanId"] == nil && span["traceState"] == nil && trace != Self.trace)
        #expect(peer.posts("/v1/chat/completions").first?["traceparent"]?.string == "00-\(trace)-\(id)-01")
    }

    @Test("a reload turns it on, and off again", .timeLimit(.minutes(10)))
    func reloaded() async throws {
        let peer = try await PolicyPeer(TelemetryPeer.script)
        defer { peer.stop() }
        let file = "\(peer.folder)/gatehouse.yaml"
        try "{}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let quiet = try HouseConfiguration.load(file)
        try await RunningHouse.with(configure: { $0 = quiet }) { running in
            #expect(try await running.send(.GET, "/metrics").text.contains("gatehouse_telemetry_waiting 0"))
            let ask: @Sendable () async throws -> Int = {
                let action: JSON = ["tool": "demo.library.look_up", "target": "book:1"]
                return try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: action).status
            }
            #expect(try await ask() == 200)
            try "telemetry: { otlp: { endpoint: \"\(peer.address)\", interval: 100ms } }\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            await running.house.reload()
            #expect(try await ask() == 200)
            try await wait("a span") { peer.spans.count == 1 }
            try "telemetry: { sample: 2 }\n".write(toFile: file, atomically: true, encoding: .utf8)
            await running.house.reload()
            #expect(try await ask() == 200, "a file that does not hold changes nothing")
            try await wait("another") { peer.spans.count == 2 }
            try "{}\n".write(toFile: file, atomically: true, encoding: .utf8)
            await running.house.reload()
            #expect(try await ask() == 200)
        }
        #expect(peer.spans.count == 2)
        #expect(peer.spans.allSatisfy { $0["name"] == "demo.library.look_up" })
    }
}

/// The script of a collector and provider, and how what it kept is read.
enum TelemetryPeer {
    static let echoed = "AKIA" + "Y2LNKQ3E" + "GUMZ7T5W"

    static func attributes(_ span: JSON) -> [String: JSON] {
        Dictionary(
            (span["attributes"]?.array ?? []).map {
                ($0["key"]?.string ?? "", $0["value"]?.object?.first?.value ?? .null)
            }
        ) { first, _ in first }
    }

    static let parser = """
        import json, sys
        from google.protobuf import json_format
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
        from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
        kinds = {"/v1/traces": ExportTraceServiceRequest, "/v1/metrics": ExportMetricsServiceRequest}
        spans = points = 0
        for line in open(sys.argv[1]):
            post = json.loads(line)
            if post["path"] not in kinds: continue
            message = json_format.Parse(post["body"], kinds[post["path"]]())
            if post["path"] == "/v1/traces":
                for span in message.resource_spans[0].scope_spans[0].spans:
                    spans += 1
                    assert span.kind == 3 and span.flags == 0x301, span
                    assert 0 < span.start_time_unix_nano < span.end_time_unix_nano, span
            else:
                for metric in message.resource_metrics[0].scope_metrics[0].metrics:
                    assert metric.histogram.aggregation_temporality == 2, metric
                    for point in metric.histogram.data_points:
                        points += 1
                        assert len(point.bucket_counts) == len(point.explicit_bounds) + 1 == 15, point
                        assert sum(point.bucket_counts) == point.count > 0, point
                        assert 0 < point.start_time_unix_nano < point.time_unix_nano, point
        assert spans == 3 and points > 0, (spans, points)
        """

    static let script = #"""
        import http.server, json, os, sys, threading
        folder = sys.argv[1]
        lock = threading.Lock()
        ECHOED = "AKIA" + "Y2LNKQ3E" + "GUMZ7T5W"
        USAGE = {"prompt_tokens": 30, "completion_tokens": 20, "total_tokens": 50}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, body, kind="application/json"):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                line = {"path": self.path, "body": body, "traceparent": self.headers.get("traceparent")}
                with lock, open(folder + "/posts", "a") as file: file.write(json.dumps(line) + "\n")
                if not self.path.endswith("/chat/completions"): return self.answer(b"{}")
                asked = json.loads(body)
                text = "You said: " + asked["messages"][-1]["content"] + " Also " + ECHOED + " it ends."
                if not asked.get("stream"):
                    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
                    return self.answer(json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-x",
                                                   "choices": [choice], "usage": USAGE}).encode())
                events = [{"choices": [{"index": 0, "delta": {"content": text[at:at + 7]}, "finish_reason": None}]}
                          for at in range(0, len(text), 7)]
                events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                events.append({"choices": [], "usage": USAGE})
                whole = [{"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-x"} | e for e in events]
                out = "".join("data: " + json.dumps(event) + "\n\n" for event in whole) + "data: [DONE]\n\n"
                self.answer(out.encode(), "text/event-stream")

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        with open(folder + "/port.new", "w") as file: file.write(str(server.server_address[1]) + "\n")
        os.rename(folder + "/port.new", folder + "/port")
        server.serve_forever()
        """#
}

extension PolicyPeer {
    /// What was posted to a path: `body` and `traceparent`.
    fileprivate func posts(_ path: String) -> [JSON] {
        let text = (try? String(contentsOfFile: "\(folder)/posts", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSON.parse(Array($0.utf8)) }
            .filter { $0["path"]?.string == path }
    }

    fileprivate var spans: [JSON] {
        posts("/v1/traces").flatMap { post -> [JSON] in
            let body = post["body"]?.string.flatMap { try? JSON.parse(Array($0.utf8)) }
            return body?["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array ?? []
        }
    }
}

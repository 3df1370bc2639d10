import Config
import Core
import Federation
import Foundation
import Gate
import HTTPTypes
import JSON
import Ledger
import Logging
import Models
import NIOHTTP1
import Privacy
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("Metrics, logs, probes")
struct ObservabilityTests {
    @Test("label values from outside never grow memory without bound, and cannot break a line")
    func bounded() {
        let counter = Counter("gatehouse_test_total", "A \"test\".", labels: ["name"])
        for number in 0..<5000 { counter.add(1, ["x\n\"\(number)"]) }
        #expect(counter.snapshot().count == MetricBounds.series + 1)
        #expect(counter.snapshot()[["other"]] == UInt64(5000 - MetricBounds.series))
    }

    @Test("histogram buckets add up")
    func histogram() {
        let histogram = Histogram("gatehouse_test_seconds", "A test.", bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 2] { histogram.observe(value) }
        let series = histogram.snapshot()[[]]
        #expect(series?.buckets == [2, 1, 1] && series?.count == 4)
    }

    @Test(
        "the exposition is what Prometheus reads",
        .enabled(if: ValidatorSetup.readsMetrics, "needs python with prometheus_client (GATEHOUSE_PYTHON)"))
    func exposition() async throws {
        try await RunningHouse.with { running in
            for _ in 0..<3 { _ = try await running.send(.GET, "/healthz") }
            let text = try await running.send(.GET, "/metrics").text
            let file = running.house.dataDirectory + "/metrics.txt"
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let script = """
                import sys
                from prometheus_client.parser import text_string_to_metric_families as read
                names = {f.name for f in read(open(sys.argv[1]).read())}
                assert all(n.startswith("gatehouse_") for n in names), names
                assert {"gatehouse_http_requests", "gatehouse_ledger_entries", "gatehouse_process_open_fds"} <= names, names
                """
            let (status, output) = try await BrowserSetup.runOffPool([ValidatorSetup.python, "-c", script, file], [:])
            #expect(status == 0, "\(output)")
        }
    }

    @Test("a log line is one line of JSON, whatever the text in it")
    func logLines() throws {
        let lines = Mutex<[[UInt8]]>([])
        let log = StandardErrorLog(label: "t", level: .info, form: .json, clock: ManualWallClock()) { line in
            lines.withLock { $0.append(line) }
        }
        var logger = Logger(label: "t") { _ in log }
        logger[metadataKey: "message"] = "x"
        logger.info(
            "a\n\"b\"\u{1B}[31m\u{9B}", metadata: ["k\n": "v\u{0}", "long": "\(String(repeating: "é", count: 9000))"])
        let line = try #require(lines.withLock { $0.first })
        #expect(line.count { $0 == 0x0A } == 1 && !line.contains(0x1B))
        let value = try JSON.parse(Array(line.dropLast()))
        #expect(value["message"]?.string?.hasPrefix("a\n\"b\"") == true && value["_message"]?.string == "x")
        let human = LogLine.human(time: ManualWallClock().now(), level: .error, message: "a\nb\u{1B}c", fields: [])
        #expect(!human.contains(0x0A) && !human.contains(0x1B))
    }

    @Test("requests are logged with their id, never with what they carry")
    func requestLog() async throws {
        #expect(RequestID.take("trace-12345678", at: Timestamp(seconds: 0)) == "trace-12345678")
        #expect(RequestID.take("a b c d e f g h", at: Timestamp(seconds: 0)).hasPrefix("req_"))
    }

    @Test("a house that can keep things is ready, and says what it counts")
    func probes() async throws {
        try await RunningHouse.with { running in
            let ready = try await running.send(.GET, "/readyz")
            #expect(ready.status == 200 && ready.json["checks"]?["ledger"]?.string == "ok")
            await running.house.ledger.close()
            let after = try await running.send(.GET, "/readyz")
            #expect(after.status == 200 || after.status == 503)
        }
    }
}

@Suite("Small parts of the server")
struct SmallPartsTests {
    @Test("forms and queries: broken escapes and bytes that are not UTF-8 are refused")
    func forms() throws {
        let form = try #require(FormValues(parsing: "a=1&b=x+y%20z&a=2&empty=&%C3%A9=%E2%82%AC"))
        #expect(form["a"] == "1" && form["b"] == "x y z" && form["empty"] == nil && form["é"] == "€")
        for bad in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", String(repeating: "a=1&", count: 300)] {
            #expect(FormValues(parsing: bad) == nil, "\(bad.prefix(10))")
        }
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                UInt8.random(in: 0x20...0x7E, using: &random)
            }
            _ = FormValues(parsing: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test("host names: with ports, in brackets, in any case")
    func hosts() {
        let rules = HostRules(configured: ["Gate.Example"])
        for good in ["localhost", "LOCALHOST:1", "127.0.0.1:8700", "[::1]", "[::1]:8700", "gate.example:443"] {
            #expect(rules.allows(host: good), "\(good)")
        }
        for bad in ["", "evil", "localhost.evil", "127.0.0.1.evil", "[::2]", "::1"] {
            #expect(!rules.allows(host: bad), "\(bad)")
        }
        #expect(!rules.allows(host: nil))
    }

    @Test("cookies: the named one, with a value, and no other")
    func cookies() {
        #expect(Cookies.value(of: "gatehouse_console", in: [.cookie: "a=b; gatehouse_console=x; c=d"]) == "x")
        #expect(
            Cookies.value(of: "gatehouse_console", in: [.cookie: "xgatehouse_console=x; gatehouse_console="]) == nil)
    }

    @Test("key sets are fetched by https, or from this machine")
    func keySets() {
        for good in ["https://id.example/keys", "http://127.0.0.1:1/k", "http://localhost/k", "http://[::1]:9/k"] {
            #expect(WebAddress.isPrivate(good))
        }
        for bad in [
            "http://id.example/keys", "http://127.0.0.1.evil/k", "ftp://localhost/", "file:///etc/passwd",
            "http://localhost@evil/", "http://localhost:1@evil/",
        ] { #expect(!WebAddress.isPrivate(bad), "\(bad)") }
    }

    @Test("the configuration's maps load as they stand; an error names its place; a bad reload changes nothing")
    func configuration() async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        let path = folder + "/gatehouse.yaml"
        let text = """
            server: {host_names: [gate.example], limits: {body_bytes: 2MiB, header_time: 5s}}
            sessions: {security-audit: {retention: 90_days, logging: required, approval: security_lead}, routine-ops: {retention: 7_days, logging: optional, approval: none}}
            agents: {orchestrator: {model: openai/gpt-5.4, purpose: "plans"}, council: {models: [a/b, c/d]}}
            mcpServers: {x: {type: stdio, command: npx, args: ["-y", "server"]}, y: {type: http, url: "https://mcp.example/"}}
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let good = try HouseConfiguration.load(path)
        #expect(good.server.limits.bodyBytes == 2 << 20 && good.server.limits.headerTime == .seconds(5))
        #expect(good.server.rules.allows(host: "gate.example") && good.gate.sessionClasses.count == 2)
        #expect(
            good.agents?["council"]?["models"]?.elements.count == 2
                && good.federation.servers.last?.reach == .http(url: "https://mcp.example/", headers: [:]))
        let house = try await House.open(
            dataDirectory: folder + "/data", configuration: good,
            logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        try "server: {host_nmes: [x]}\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: GatehouseError.self) { _ = try HouseConfiguration.load(path) }
        #expect(
            error?.description.contains("host_names") == true
                && error?.description.contains("gatehouse.yaml:1:") == true, "\(String(describing: error))")
        await house.reload()
        #expect(house.current.withLock { $0.server.hostNames } == ["gate.example"])
        try "server: {host_names: [other.example]}\n".write(toFile: path, atomically: true, encoding: .utf8)
        await house.reload()
        #expect(house.current.withLock { $0.server.hostNames } == ["other.example"])
        let models = """
            models: {providers: {local: {kind: openai, url: "http://127.0.0.1:9/v1", key: k}}, aliases: {fast: [local/m]}}
            privacy: {kinds: {EMAIL: allow}}
            """
        try models.write(toFile: path, atomically: true, encoding: .utf8)
        await house.reload()
        #expect(house.models.modelNames == ["fast"])
        #expect(house.current.withLock { $0.privacy.rules.byKind[.email] } == .allow)
        await house.close()
    }
}

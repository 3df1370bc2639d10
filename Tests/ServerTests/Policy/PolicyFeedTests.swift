import Core
import Foundation
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger
import NIOHTTP1
import Policy
import TestSupport
import Testing

@testable import Server

@Suite("Bundles and decision logs", .serialized, .enabled(if: PolicyPeer.isThere, "needs python3"))
struct PolicyFeedTests {
    private static func upload(_ peer: PolicyPeer) -> PolicyAPISettings {
        var settings = PolicyAPISettings()
        settings.upload = PolicyAPISettings.Upload(url: peer.address, partition: "shop", token: Secret("log-token"))
        settings.upload?.timeout = .milliseconds(500)
        settings.log.minimumDelay = .milliseconds(20)
        settings.log.maximumDelay = .milliseconds(40)
        settings.log.retryDelay = .milliseconds(10)
        return settings
    }

    @Test("decisions are masked, entered into the ledger and sent, though the server fails and hangs; none is lost")
    func decisionLog() async throws {
        let peer = try await PolicyPeer(failing: 3, hanging: 1)
        defer { peer.stop() }
        let settings = Self.upload(peer)
        try await RunningHouse.with(configure: { $0.policyAPI = settings }) { running in
            try await RBAC.put(running)
            let mask = "package system.log\nmask contains \"/input/password\"\ndrop if input.path == \"app/quiet\""
            _ = try await running.send(.PUT, "/v1/policies/mask", key: running.adminKey, bytes: Array(mask.utf8))
            var ids: [String] = []
            for number in 0..<25 {
                let answer = try await running.send(
                    .POST, "/v1/data/app/rbac/allow", key: running.agentKey,
                    json: ["input": ["user": "bob", "n": JSON(number), "password": "open sesame"]])
                ids.append(try answer.json.text("decision_id"))
            }
            _ = try await running.send(.POST, "/v1/data/app/quiet", key: running.agentKey, json: [:])
            // What the policy's own changes were decided by is there too.
            func asked() -> [JSON] { peer.events.filter { $0["path"] != "gatehouse/gate/decision" } }
            try await wait("all events arrive") {
                Set(asked().compactMap { $0["decision_id"]?.string }) == Set(ids)
            }
            let event = try #require(asked().first)
            #expect(event["path"] == "app/rbac/allow" && event["input"]?["password"] == nil)
            #expect(event["erased"] == ["/input/password"] && event["result"] == false)
            #expect(event["labels"]?["version"] == "test")
            #expect(event["bundles"]?["gatehouse"]?["revision"] == "1")
            #expect(event["custom"]?["principal"]?.string == running.agent.id)
            #expect((event["metrics"]?["timer_rego_query_eval_ns"]?.int ?? 0) > 0)
            let batch = try #require(peer.batches.first)
            #expect(batch["path"] == "/logs/shop" && batch["token"] == "Bearer log-token")
            let entries = try running.house.ledger.entries(last: 200).compactMap(\.payloadJSON)
            let kept = entries.filter { $0["type"] == "decision_log" }.compactMap { $0["event"] }
            #expect(Set(kept.compactMap { $0["decision_id"]?.string }) == Set(ids))
            #expect(!kept.contains { $0.text().contains("open sesame") || $0["path"] == "app/quiet" })
            let status = try await running.send(.GET, "/v1/status", key: running.agentKey)
            #expect((status.json["result"]?["decision_logs"]?["failures"]?.int ?? 0) >= 4, "\(status.text)")
            let metrics = try await running.send(.GET, "/metrics").text
            #expect(metrics.contains("gatehouse_policy_decisions_total{outcome=\"defined\"} 25"), "\(metrics)")
            #expect(metrics.contains("gatehouse_policy_eval_seconds_count 26"))
        }
    }

    @Test("the gate's decisions and what is left of queries are logged too, by the same mask")
    func gateDecisions() async throws {
        let peer = try await PolicyPeer()
        defer { peer.stop() }
        let settings = Self.upload(peer)
        try await RunningHouse.with(configure: { $0.policyAPI = settings }) { running in
            let mask = """
                package system.log
                mask contains "/input/action/arguments/room" if input.path == "gatehouse/gate/decision"
                mask contains "/input/password"
                drop if input.input.action.tool == "policy.module.put"
                """
            _ = try await running.send(.PUT, "/v1/policies/mask", key: running.adminKey, bytes: Array(mask.utf8))
            let asked = try await running.send(
                .POST, "/api/v1/actions", key: running.agentKey,
                json: ["tool": "demo.thermostat.set", "target": "x", "arguments": ["degrees": 20, "room": "sauna"]])
            #expect(asked.json["state"] == "waiting", "\(asked.text)")
            let left = try await running.send(
                .POST, "/v1/compile?metrics", key: running.agentKey,
                json: ["query": "input.x == data.y", "unknowns": ["input.x"], "input": ["password": "open sesame"]])
            #expect(left.status == 200 && (left.json["metrics"]?["timer_rego_partial_eval_ns"]?.int ?? 0) > 0)
            func ours() -> [JSON] { peer.events.filter { $0["input"]?["action"]?["tool"] == "demo.thermostat.set" } }
            func compiled() -> JSON? { peer.events.first { $0["custom"]?["api"] == "compile" } }
            try await wait("both rounds of the decision and the query arrive") {
                ours().count >= 2 && compiled() != nil
            }
            for event in ours() {
                #expect(event["path"] == "gatehouse/gate/decision" && event["result"]?["verdict"] == "ask")
                #expect(
                    event["erased"] == ["/input/action/arguments/room"]
                        && event["input"]?["action"]?["arguments"] == ["degrees": 20])
                #expect(event["custom"]?["action"] == asked.json["action_id"] && event["labels"]?["version"] == "test")
                #expect(event["custom"]?["principal"]?.string == running.agent.id)
                #expect((event["metrics"]?["timer_rego_query_eval_ns"]?.int ?? 0) > 0)
            }
            #expect(
                ours().contains { $0["input"]?["preview"] != nil } && ours().contains { $0["input"]?["preview"] == nil }
            )
            #expect(compiled()?["query"] == "input.x == data.y" && compiled()?["custom"]?["unknowns"] == "input.x")
            #expect(
                compiled()?["erased"] == ["/input/password"] && compiled()?["result"] != nil, "\(compiled() ?? .null)")
            let kept = try running.house.ledger.entries(last: 200).compactMap(\.payloadJSON)
                .filter { $0["type"] == "decision_log" }.compactMap { $0["event"] }
            #expect(kept.contains { $0["custom"]?["api"] == "compile" })
            #expect(!kept.contains { $0["path"] == "gatehouse/gate/decision" })
        }
    }

    @Test("what waits is sent when the house stops")
    func flush() async throws {
        let peer = try await PolicyPeer()
        defer { peer.stop() }
        var settings = Self.upload(peer)
        settings.log.minimumDelay = .seconds(600)
        settings.log.maximumDelay = .seconds(600)
        try await RunningHouse.with(configure: { [settings] in $0.policyAPI = settings }) { running in
            for _ in 0..<5 { _ = try await running.send(.GET, "/v1/data/x", key: running.agentKey) }
            #expect(peer.events.isEmpty)
        }
        #expect(peer.events.count == 5)
    }

    @Test("a bundle is fetched, followed and refused when it is bad; what was in force stays; its server may be away")
    func bundles() async throws {
        let peer = try await PolicyPeer()
        defer { peer.stop() }
        @Sendable func archive(_ text: String, _ revision: String) throws -> [UInt8] {
            try BundleWriter().build(
                Bundle(
                    manifest: Bundle.Manifest(revision: revision, roots: ["shop"]),
                    modules: [PolicyModule(path: "shop.rego", text: text)]))
        }
        try peer.serve(try archive("package shop\nprice := 1", "r1"))
        let bundle = ConfiguredBundle(
            place: .url("\(peer.address)/bundle.tar.gz"), token: Secret("bundle-token"), reader: BundleReader(),
            schedule: BundlePoller.Schedule(minimum: .milliseconds(100), maximum: .milliseconds(200)))
        try await RunningHouse.with(configure: { $0.bundles = ["shop": bundle] }) { running in
            func price() async throws -> JSON? {
                try await running.send(.GET, "/v1/data/shop/price", key: running.agentKey).json["result"]
            }
            #expect(try await price() == 1)
            #expect(try await running.send(.GET, "/health?bundles").status == 200)
            #expect(try await running.send(.GET, "/readyz").status == 200)
            try peer.serve(try archive("package shop\nprice := 2", "r2"))
            try await wait("r2 is active") { try await price() == 2 }
            try peer.serve(try archive("package shop\nprice := x", "r3"))
            try await wait("r3 is refused") {
                let status = try await running.send(.GET, "/v1/status", key: running.agentKey)
                return status.json["result"]?["bundles"]?["shop"]?["message"] != nil
            }
            let status = try await running.send(.GET, "/v1/status", key: running.agentKey).json["result"]
            #expect(status?["bundles"]?["shop"]?["active_revision"] == "r2")
            #expect(status?["bundles"]?["shop"]?["errors"]?[0]?["location"]?["row"] == 2, "\(status ?? .null)")
            #expect(try await price() == 2)
            let metrics = try await running.send(.GET, "/metrics").text
            #expect(metrics.contains("gatehouse_policy_activation_failures_total{bundle=\"shop\"}"))
            let config = try await running.send(.GET, "/v1/config", key: running.agentKey)
            #expect(config.text.contains("bundle.tar.gz") && !config.text.contains("bundle-token"))
        }
    }

    @Test("a house whose bundle is nowhere to be had serves, and says that it is not ready")
    func missing() async throws {
        let peer = try await PolicyPeer()
        defer { peer.stop() }
        let bundle = ConfiguredBundle(
            place: .url("\(peer.address)/bundle.tar.gz"), token: Secret("wrong-token"), reader: BundleReader(),
            schedule: BundlePoller.Schedule())
        try await RunningHouse.with(configure: { $0.bundles = ["shop": bundle] }) { running in
            #expect(try await running.send(.GET, "/health").status == 200)
            let health = try await running.send(.GET, "/health?bundles")
            #expect(health.status == 500 && health.json["error"] != nil)
            #expect(try await running.send(.GET, "/readyz").status == 503)
            let status = try await running.send(.GET, "/v1/status", key: running.agentKey)
            let message = status.json["result"]?["bundles"]?["shop"]?["message"]?.string ?? ""
            #expect(message.contains("401") && !status.text.contains("wrong-token"), "\(status.text)")
        }
    }

    @Test("an address over which anyone could change policy or read decisions is refused")
    func plainHTTP() async throws {
        let source = HTTPBundleSource(
            url: "http://bundles.example.org/x.tar.gz", fetcher: HTTPBundleFetcher(isSigned: false))
        let error = await #expect(throws: GatehouseError.self) { _ = try await source.load(unless: nil) }
        #expect(error?.code == .invalid)
    }
}

@Suite("Routes that take the rest of a path")
struct RestOfPathTests {
    private static func table() -> RouteTable {
        func route(_ method: HTTPRequest.Method, _ path: String) -> Route {
            Route(method, path, access: .open) { _ in Response(status: .ok) }
        }
        return RouteTable([
            route(.get, "/v1/data"), route(.get, "/v1/data/{path...}"), route(.post, "/v1/data/{path...}"),
            route(.get, "/v1/data/fixed/here"), route(.get, "/x/{id}"),
        ])
    }

    private static func rest(_ path: String) -> (String, [String])? {
        guard case .found(let route, _, let rest) = table().match(.get, path) else { return nil }
        return (route.path, rest)
    }

    @Test("segments are decoded one by one; a slash at the end does not count")
    func segments() throws {
        #expect(try #require(Self.rest("/v1/data")).1.isEmpty)
        #expect(try #require(Self.rest("/v1/data/")).1.isEmpty)
        #expect(try #require(Self.rest("/v1/data/a/b")).1 == ["a", "b"])
        #expect(try #require(Self.rest("/v1/data/a%2Fb/c/")).1 == ["a/b", "c"])
        #expect(try #require(Self.rest("/v1/data/fixed")).1 == ["fixed"])
        #expect(try #require(Self.rest("/v1/data/fixed/here")).0 == "/v1/data/fixed/here")
        #expect(try #require(Self.rest("/v1/data/fixed/there/x")).1 == ["fixed", "there", "x"])
        for path in ["/v1/data/a//b", "/v1/data/%zz", "/v1/data/%00", "/v1/dat", "/x/a/b", "/v1/data//"] {
            #expect(Self.rest(path) == nil, "\(path)")
        }
        guard case .otherMethod(let allowed) = Self.table().match(.delete, "/v1/data/a") else {
            return #expect(Bool(false))
        }
        #expect(allowed == ["GET", "HEAD", "POST"])
    }
}

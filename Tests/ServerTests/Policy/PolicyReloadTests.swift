import Core
import Foundation
@testable import Gate
import JSON
import Logging
import NIOHTTP1
import Policy
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("Policy at start and on reload", .serialized, .enabled(if: PolicyPeer.isThere, "needs python3"))
struct PolicyReloadTests {
    private static func archive(_ text: String, _ revision: String = "r") throws -> [UInt8] {
        try BundleWriter().build(
            Bundle(
                manifest: Bundle.Manifest(revision: revision, roots: ["shop"]),
                modules: [PolicyModule(path: "shop.rego", text: text)]))
    }

    @Test(
        "an entry point that no rule defines is refused at start, and by a check, with what is near it",
        arguments: [
            ("gatehouse/gate/decisoin", "Did you mean gatehouse/gate/decision?"),
            ("gatehouse/gate", "gatehouse/gate/"),
            ("gatehouse/custom/decision", "Near it are: gatehouse/gate/decision."),
            ("nothing/like/it", "package/rule"), ("gatehouse", "gatehouse/"),
        ])
    func wrongEntryPoint(_ entryPoint: String, _ hint: String) async throws {
        var settings = GateSettings.standard
        settings.policy.entryPoint = entryPoint
        let error = await #expect(throws: GatehouseError.self) {
            try await RunningHouse.with(settings: settings) { _ in }
        }
        #expect(error?.code == .invalid && error?.message.contains("policy.entry_point names \(entryPoint)") == true)
        #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
        var configuration = HouseConfiguration()
        configuration.gate = settings
        let wrong = configuration
        #expect(throws: GatehouseError.self) { try wrong.checkPolicy() }
        #expect(throws: Never.self) { try HouseConfiguration().checkPolicy() }
    }

    @Test("an entry point may come from a bundle that is fetched, and stays defined from then on")
    func fetchedEntryPoint() async throws {
        let peer = try await PolicyPeer()
        defer { peer.stop() }
        let open = "package shop\ndecision := {\"verdict\": \"allow\", \"rule\": \"r\", \"reason\": \"open\"}"
        try peer.serve(try Self.archive(open, "r1"))
        let bundle = ConfiguredBundle(
            place: .url("\(peer.address)/bundle.tar.gz"), token: Secret("bundle-token"), reader: BundleReader(),
            schedule: BundlePoller.Schedule(minimum: .milliseconds(100), maximum: .milliseconds(200)))
        var settings = GateSettings.standard
        settings.policy.entryPoint = "shop/decision"
        try await RunningHouse.with(settings: settings, configure: { $0.bundles = ["shop": bundle] }) { running in
            func look() async throws -> Int {
                try await running.send(
                    .POST, "/api/v1/actions", key: running.agentKey,
                    json: ["tool": "demo.library.look_up", "target": "x"]
                ).status
            }
            #expect(try await look() == 200)
            try peer.serve(try Self.archive("package shop\nother := 1", "r2"))
            try await wait("r2 is refused") {
                running.house.policy.store.status.contains { $0.name == "shop" && $0.failure != nil }
            }
            #expect(running.house.policy.store.current.revisions["shop"] == "r1")
            let failure = running.house.policy.store.status.first { $0.name == "shop" }?.failure
            #expect(failure?.error.description.contains("policy.entry_point names shop/decision") == true)
            #expect(try await look() == 200)
        }
    }

    @Test(
        "settings switch when all that they name is loaded, compiled and defines what is asked for; else nothing does")
    func reload() async throws {
        let peer = try await PolicyPeer()
        defer { peer.stop() }
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        let path = folder + "/gatehouse.yaml"
        func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        func bundled(_ entryPoint: String, url: String = "bundle.tar.gz") -> String {
            """
            server: {host_names: [new.example]}
            policy:
              entry_point: \(entryPoint)
              http_hosts: [new.example]
              bundles: {shop: {url: "\(peer.address)/\(url)", token: bundle-token}}
            """
        }
        try write("server: {host_names: [old.example]}\n")
        let house = try await House.open(
            dataDirectory: folder + "/data", configuration: try HouseConfiguration.load(path),
            logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let before = house.policy.store.current.revision
        func isAsBefore() -> Bool {
            house.current.withLock { $0.server.hostNames } == ["old.example"]
                && house.policy.store.current.revision == before && house.policy.settings.bundles.isEmpty
                && house.policy.settings.httpHosts.names.isEmpty
                && decider(house)?.entryPoint == BuiltInPolicy.entryPoint
        }
        func decider(_ house: House) -> PolicyDecider? { house.gate.decider as? PolicyDecider }
        // The bundle is nowhere, does not compile, defines something else, or overlaps.
        for served in [nil, "package shop\np := x", "package shop\nother := 1", "package gatehouse.gate\nx := 1"] {
            if let served {
                try peer.serve((try? Self.archive(served)) ?? [1, 2, 3])
            }
            try write(bundled("shop/decision"))
            await house.reload()
            #expect(isAsBefore(), "\(served ?? "nothing served")")
        }
        try peer.serve(
            try Self.archive("package shop\ndecision := {\"verdict\": \"deny\", \"rule\": \"r\", \"reason\": \"shut\"}")
        )
        try write(bundled("shop/decison"))
        await house.reload()
        #expect(isAsBefore())
        try write(bundled("shop/decision"))
        await house.reload()
        #expect(!isAsBefore() && house.policy.store.current.revisions["shop"] == "r")
        #expect(decider(house)?.entryPoint == "shop/decision")
        #expect(house.current.withLock { $0.server.hostNames } == ["new.example"])
        #expect(house.policy.settings.httpHosts.names == ["new.example"])
        // Back again: the bundle goes, and with it what it defined.
        try write("server: {host_names: [old.example]}\n")
        await house.reload()
        #expect(isAsBefore(), "\(house.policy.store.current.revisions)")
        await house.close()
    }
}

import Core
import Gate
import JSON
import Ledger
import Logging
import Policy
import ServiceLifecycle
import Store
import TestSupport
import Testing

@testable import Integrations

/// An outbox on a real store that delivers, for as long as a test takes.
struct OutboxWorld: Sendable {
    let outbox: Outbox
    let table: OutboxTable

    static func with(
        _ destinations: [Destination], in folder: ScratchFolder = ScratchFolder(),
        configure: (inout IntegrationsSettings) -> Void = { _ in }, circuitPause: Duration = .milliseconds(50),
        _ work: (OutboxWorld) async throws -> Void
    ) async throws {
        let store = try Store.open(path: folder.file("house.db"), migrations: Integrations.migrations)
        let outbox = Outbox(
            settings(destinations, configure), table: OutboxTable(store: store), version: "1.2.3",
            clock: SystemWallClock(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            circuitPause: circuitPause)
        let world = OutboxWorld(outbox: outbox, table: outbox.table)
        try await world.running { try await work(world) }
        try store.close()
    }

    static func settings(
        _ destinations: [Destination], _ configure: (inout IntegrationsSettings) -> Void = { _ in }
    ) -> IntegrationsSettings {
        var settings = IntegrationsSettings()
        settings.destinations = Dictionary(destinations.map { ($0.name, $0) }) { first, _ in first }
        settings.firstPause = .milliseconds(20)
        settings.longestPause = .milliseconds(100)
        configure(&settings)
        return settings
    }

    private func running(_ work: () async throws -> Void) async throws {
        let outbox = outbox
        let group = ServiceGroup(
            services: [Running(outbox: outbox)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    private struct Running: Service {
        let outbox: Outbox
        func run() async throws { try await outbox.run() }
    }

    @discardableResult
    func send(_ notice: Notice, to destination: String = "there") async throws -> KeptSend {
        let send = try await table.put(
            notice, to: destination, action: Identifier.make("act", at: outbox.clock.now()), at: outbox.clock.now(),
            greatest: outbox.settings.waiting)
        outbox.ring()
        return send
    }

    func state(_ send: KeptSend) async throws -> KeptSend.State { try await table.find(send.id).state }
}

extension Destination {
    /// One of the operator's own, at a server of the test's.
    static func test(
        _ name: String = "there", _ kind: DestinationKind = .webhook, _ integration: any Integration,
        timeout: Duration = .seconds(60), secrets: [Secret] = [], clearance: Set<Label> = []
    ) -> Destination {
        Destination(
            name: name, kind: kind, integration: integration, shownAddress: "test", checkedHost: nil,
            mailServer: (integration as? Email)?.server, timeout: timeout, clearance: clearance, secrets: secrets)
    }
}

enum Notices {
    static let token = "shared-key" + "-of-this-test"

    static func leak(_ state: Notice.State = .open, key: String = "finding:fnd_1") throws -> Notice {
        try Notice(
            kind: .finding, title: "A key is in the code",
            text: "# What\nA key of AWS is in `src/a.py`.\n\n- take it out\n- rotate it",
            severity: .critical, link: "https://gate.example.org/findings/fnd_1", dedupeKey: key,
            facts: ["path": "src/a.py", "line": 7], state: state, time: Timestamp("2026-11-20T10:11:12.5Z"))
    }

    static func plain(_ title: String, key: String = "k", state: Notice.State = .open) throws -> Notice {
        try Notice(title: title, text: "text", dedupeKey: key, state: state)
    }
}

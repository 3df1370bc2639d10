import Core
import Gate
import Logging
import Store
import TestSupport
import Testing

@testable import Federation

/// Who uses what.
struct UsageTests {
    private let tool = Pin.Key(kind: .tool, server: "files", name: "read_file")
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test
    func whatWasCountedOutlivesTheProcess() async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let prompt = Pin.Key(kind: .prompt, server: "files", name: "read_file")
        func open() throws -> Store {
            try Store.open(path: folder.file("house.db"), migrations: Gate.migrations + Federation.migrations)
        }
        var store = try open()
        var meter = try UsageMeter(store)
        for second in 1...3 { meter.count(tool, by: "a", at: Timestamp(seconds: Int64(second))) }
        meter.count(tool, by: "b", at: Timestamp(seconds: 9))
        meter.count(prompt, by: "a", at: Timestamp(seconds: 5))
        await meter.save(logger: logger)
        try store.close()
        store = try open()
        meter = try UsageMeter(store)
        #expect(
            meter.all == [
                .init(item: tool, principal: "a"): .init(calls: 3, last: Timestamp(seconds: 3)),
                .init(item: tool, principal: "b"): .init(calls: 1, last: Timestamp(seconds: 9)),
                .init(item: prompt, principal: "a"): .init(calls: 1, last: Timestamp(seconds: 5)),
            ])
        // The clock may have been set back meanwhile.
        meter.count(tool, by: "b", at: Timestamp(seconds: 4))
        await meter.save(logger: logger)
        #expect(try UsageMeter(store).all[.init(item: tool, principal: "b")]?.last == Timestamp(seconds: 9))
        #expect(try UsageMeter(store).all[.init(item: tool, principal: "b")]?.calls == 2)
        try store.close()
    }

    @Test
    func whoMayCallMoreThanTheyDoIsTold() async throws {
        try await FederationWorld.with { world in
            try await world.agree()
            let (agent, operator_) = (try world.caller("Bot", "developer"), try world.caller("Op", "operator"))
            let nobody = try world.caller("Nobody")
            let before = SystemWallClock().now()
            _ = try await world.result("files__read_file", by: agent)
            func unused(since time: Timestamp) async throws -> [String: [String]] {
                let found = try await world.federation.allowances(
                    of: [agent, operator_, nobody].map(\.principal), by: world.gate, since: time)
                return Dictionary(uniqueKeysWithValues: found.map { ($0.principal.name, $0.unused.map(\.name)) })
            }
            #expect(try await unused(since: before) == ["Op": ["read_file", "write_file"]])
            let later = SystemWallClock().now() + .seconds(60)
            #expect(try await unused(since: later) == ["Op": ["read_file", "write_file"], "Bot": ["read_file"]])
        }
    }
}

import Core
import Dialects
import Privacy
import Synchronization
import Testing

@testable import Models

/// What a reload of the configuration does to calls.
@Suite(.timeLimit(.minutes(10))) struct SetupChangeTests {
    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isUp: Bool { value.withLock { $0 } }
        func raise() { value.withLock { $0 = true } }
    }

    private static func ask(_ text: String, streamed: Bool = false) -> String {
        #"{"model":"p/m","max_tokens":20,"stream":\#(streamed),"messages":[{"role":"user","content":"\#(text)"}]}"#
    }

    @Test("New calls go to the new provider; one under way ends where it began, and only then is its client closed")
    func providers() async throws {
        let released = Flag()
        let pieces = Wire.chatStream("Hello from the old one")
        let old = try await ScriptedServer(
            [.send(Wire.streamHead), Wire.chunk(pieces[0]), .when { released.isUp }]
                + pieces.dropFirst().map(Wire.chunk) + [.send("0\r\n\r\n"), .close])
        let new = try await ScriptedServer(Wire.json(Wire.chat("Hello from the new one")))
        try await GatewayWorld.with([PrivateCallTests.provider(old)]) { world in
            async let first = world.answer(.openAIChat, Self.ask("Hello", streamed: true))
            while old.log.requests.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(2)) }
            let client = try #require(world.gateway.setup.upstreams["p"])
            var settings = world.gateway.setup.settings
            settings.providers = [PrivateCallTests.provider(new)]
            world.gateway.adopt(settings)
            #expect(try await world.answer(.openAIChat, Self.ask("Hello")).contains("Hello from the new one"))
            await world.gateway.tidy(at: .now + .seconds(600))
            #expect(!client.isIdle)
            released.raise()
            #expect(PrivateCallTests.texts(of: try await first) == "Hello from the old one")
            await world.gateway.tidy(at: .now)
            await world.gateway.tidy(at: .now + .seconds(600))
            await #expect(throws: (any Error).self, "it is closed") {
                try await client.call(UpstreamRequest(address: old.address, body: [])) { $0.status }
            }
            let kept = world.gateway.setup.upstreams["p"]
            world.gateway.adopt(settings)
            #expect(world.gateway.setup.upstreams["p"] === kept, "a provider that is as it was keeps its connections")
            settings.providers = []
            world.gateway.adopt(settings)
            #expect(await code { try await world.answer(.openAIChat, Self.ask("Hello")) } == .notFound)
        }
        #expect(old.log.requests.withLock { $0.count } == 1 && new.log.requests.withLock { $0.count } == 1)
        try await old.stop()
        try await new.stop()
    }

    @Test("Texts go by the rules that hold when they are looked at")
    func rules() async throws {
        let server = try await ScriptedServer(Wire.json(Wire.chat("Hi")))
        try await GatewayWorld.with([PrivateCallTests.provider(server)]) { world in
            let said = Self.ask("Write to \(PrivateCallTests.email)")
            _ = try await world.answer(.openAIChat, said)
            var settings = PrivacySettings()
            settings.rules.byKind[.email] = .allow
            world.gateway.privacy.shared.adopt(try settings.makeSetup())
            _ = try await world.answer(.openAIChat, said)
        }
        let sent = server.log.requests.withLock { $0 }
        #expect(sent.map { $0.contains(PrivateCallTests.email) } == [false, true])
        try await server.stop()
    }
}

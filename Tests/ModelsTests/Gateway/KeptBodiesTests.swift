import Core
import Dialects
import Gate
import JSON
import Privacy
import Testing

@testable import Models

/// What the record keeps of what was said, where the session's class says so.
@Suite(.timeLimit(.minutes(10))) struct KeptBodiesTests {
    private static let settings = GateSettings(sessionClasses: [
        "kept": SessionClass(
            name: "kept", retention: .seconds(86_400), logging: .required, approval: .auto, bodies: true)
    ])

    private func texts(_ bodies: JSON?, _ side: String) -> [String] {
        (bodies?[side]?.array ?? []).compactMap { $0["text"]?.string }
    }

    @Test("Texts as they left and as they came, with no value that was planted", arguments: PrivateCallTests.cases)
    func planted(_ example: PrivateCallTests.Case) async throws {
        try await withServers([example.script]) { servers in
            let provider = PrivateCallTests.provider(servers[0], "p", example.dialect)
            try await GatewayWorld.with([provider], sessionClass: "kept", gateSettings: Self.settings) {
                world async throws in
                let answer = try await world.answer(example.surface, example.body)
                #expect(example.surface == .openAIEmbeddings || answer.contains(PrivateCallTests.email))
                let records = try world.records()
                #expect(records.map { $0["type"]?.string } == ["intent", "bodies", "outcome"])
                let bodies = records[1]["bodies"]
                #expect(texts(bodies, "request").contains { $0.contains("<EMAIL_1>") })
                if example.surface != .openAIEmbeddings {
                    #expect(texts(bodies, "answer").joined().contains("<EMAIL_1>"))
                }
                for planted in PrivateCallTests.planted + [PrivateCallTests.echoed] {
                    #expect(!records.contains { $0.text().contains(planted) }, "\(planted)")
                }
            }
        }
    }

    @Test("Long texts are cut, without the beginning of anything that stands at the cut", arguments: 0..<24)
    func long(_ shift: Int) async throws {
        let filler = String(repeating: "word ", count: (64 << 10) / 5 - 8)
        let said = filler + String(repeating: "x", count: shift) + " write to \(PrivateCallTests.email) " + filler
        let body = JSON.object(["model": "p/m", "messages": [["role": "user", "content": .string(said)]]]).text()
        try await withServers([Wire.json(Wire.chat(said))]) { servers in
            try await GatewayWorld.with(
                [PrivateCallTests.provider(servers[0])], sessionClass: "kept", gateSettings: Self.settings
            ) { world async throws in
                _ = try await world.answer(.openAIChat, body)
                let bodies = try #require(try world.records()[1]["bodies"])
                #expect(bodies.bytes().count < 2 * BodyWriting.greatest + 1000)
                #expect(bodies["request"]?[0]?["cut"] == true && bodies["answer"]?[0]?["cut"] == true)
                #expect(texts(bodies, "request")[0].hasPrefix("word word"))
                for part in ["write", "grace", "g@", "hopper"] { #expect(!bodies.text().contains(part)) }
            }
        }
    }

    @Test("Of a stream that breaks off what came, and of an answer that is withheld nothing")
    func brokenOff() async throws {
        let sink = Collected()
        let broken =
            [ScriptedServer.Step.send(Wire.streamHead)]
            + Wire.chatStream("One two three four five six seven eight. ").prefix(8).map(Wire.chunk)
            + [.when { sink.status == 200 }, .reset]
        var rules = PrivacyRules.default
        rules.byLabel[.pii] = .block
        try await withServers([broken, Wire.json(Wire.chat("Ask \(PrivateCallTests.email)"))]) { servers in
            let providers = [PrivateCallTests.provider(servers[0], "p"), PrivateCallTests.provider(servers[1], "q")]
            try await GatewayWorld.with(providers, rules: rules, sessionClass: "kept", gateSettings: Self.settings) {
                world async throws in
                let body = #"{"model":"p/m","stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
                #expect(await code { try await world.ask(.openAIChat, body, to: sink) } == .unavailable)
                let kept = try world.records()[1]["bodies"]
                #expect(kept?["request"]?[0] == ["by": "user", "text": "Hello"])
                #expect(texts(kept, "answer").joined().hasPrefix("One two three"))

                let other = #"{"model":"q/m","messages":[{"role":"user","content":"Hello"}]}"#
                #expect(await code { try await world.answer(.openAIChat, other) } == .denied)
                let withheld = try world.records()[4]["bodies"]
                #expect(withheld?["answer"]?.array?.contains(["withheld": true]) == true)
                #expect(withheld?.text().contains("grace") == false)
            }
        }
    }

    @Test("Of two that were asked at once, what the one said that answered")
    func hedged() async throws {
        let group = ["any": [ModelName(provider: "p", model: "m"), ModelName(provider: "q", model: "m")]]
        let first = [ScriptedServer.Step.send(Wire.streamHead), .stall]
        try await withServers([first, Wire.stream(Wire.chatStream("Hi there"))]) { servers in
            let providers = [PrivateCallTests.provider(servers[0], "p"), PrivateCallTests.provider(servers[1], "q")]
            try await GatewayWorld.with(
                providers, aliases: group, hedge: HedgeRule(after: .milliseconds(10)), sessionClass: "kept",
                gateSettings: Self.settings
            ) { world async throws in
                let body = #"{"model":"any","stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
                _ = try await world.answer(.openAIChat, body)
                #expect(texts(try world.records()[1]["bodies"], "answer") == ["Hi there"])
            }
        }
    }

    @Test("Nothing is kept in another class")
    func off() async throws {
        try await withServers([Wire.json(Wire.chat("Hi"))]) { servers in
            try await GatewayWorld.with([PrivateCallTests.provider(servers[0])], gateSettings: Self.settings) {
                world async throws in
                let body = #"{"model":"p/m","messages":[{"role":"user","content":"Hello"}]}"#
                _ = try await world.answer(.openAIChat, body)
                #expect(try world.records().map { $0["type"]?.string } == ["intent", "outcome"])
            }
        }
    }
}

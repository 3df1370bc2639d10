import Core
import Dialects
import Gate
import JSON
import Synchronization
import Testing

@testable import Models

/// Answers that are given to questions in other words, on real connections.
@Suite(.timeLimit(.minutes(10))) struct LikenessTests {
    private func question(_ words: String, system: String = "Be brief.") -> String {
        #"{"model":"p/m","max_tokens":20,"messages":[{"role":"system","content":"\#(system)"},"#
            + #"{"role":"user","content":"\#(words)"}]}"#
    }

    /// Two ways to ask for a capital, at a cosine of 0.99; all else is something else.
    private static let embeddings: [ScriptedServer.Step] = [
        .reply { request in
            let vector =
                request.contains("capital of France")
                ? "[3, 0, 0]" : request.contains("France's capital") ? "[0.99, 0.141, 0]" : "[0, 0, 1]"
            let body = #"{"data":[{"index":0,"embedding":\#(vector)}],"usage":{"prompt_tokens":7,"total_tokens":7}}"#
            return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n"
                + "connection: close\r\n\r\n" + body
        }, .close,
    ]

    private func with(
        _ embeddings: [ScriptedServer.Step] = Self.embeddings, clearance: Clearance = .standard,
        _ work: (GatewayWorld, _ models: ScriptedServer, _ embeddings: ScriptedServer) async throws -> Void
    ) async throws {
        try await withServers([Wire.json(Wire.chat("Paris")), embeddings]) { servers in
            let model = PrivateCallTests.provider(servers[0], clearance: clearance)
            let budget = BudgetRule(subject: .everyone, meter: .money, limit: 100_000, window: .day)
            try await GatewayWorld.with(
                [model, PrivateCallTests.provider(servers[1], "e")], cacheTime: .seconds(600),
                likeness: LikenessRule(model: try ModelName("e/small")), gateSettings: GateSettings(budgets: [budget])
            ) { try await work($0, servers[0], servers[1]) }
        }
    }

    private func count(_ server: ScriptedServer) -> Int { server.log.requests.withLock { $0.count } }

    @Test("A question in other words has the same answer, and the record says what it cost to tell")
    func alike() async throws {
        try await with { world, models, embeddings in
            _ = try await world.answer(.openAIChat, question("What is the capital of France?"))
            let second = try await world.answer(.openAIChat, question("Tell me France's capital"))
            #expect(second.contains("Paris") && count(models) == 1 && count(embeddings) == 2)
            let outcome = try world.records().last
            #expect(outcome?["facts"]?["cached"] == true && outcome?["facts"]?["likeness_percent"] == 99)
            #expect(outcome?["facts"]?["compared_by"] == ["model": "e/small", "money_micros": 7])
            #expect(world.gate.budgets.standing().first?.spent == 84)
            #expect(world.gate.budgets.standing().first?.reserved == 0)
            // The same words need no comparison.
            _ = try await world.answer(.openAIChat, question("What is the capital of France?"))
            #expect(count(models) == 1 && count(embeddings) == 2)
            #expect(embeddings.received.contains("e/small") == false && embeddings.received.contains(#""small""#))
        }
    }

    @Test("Another meaning, number, instruction or principal is another question")
    func others() async throws {
        try await with { world, models, _ in
            _ = try await world.answer(.openAIChat, question("the capital of France in 1900"))
            for other in [
                question("What is the weather?"), question("the capital of France in 1990"),
                question("the capital of France in 1900", system: "Be long."),
            ] {
                let before = count(models)
                _ = try await world.answer(.openAIChat, other)
                #expect(count(models) == before + 1)
            }
            let ben = try world.gate.enter(Principal(id: "test#ben", kind: .agent, name: "Ben", roles: ["operator"]))
            let body = question("France's capital in 1900")
            let call = try world.gateway.call(Array(body.utf8), on: .openAIChat, headers: [], answeringTo: Collected())
            _ = try await world.gate.submit(call.action, as: ben, carrying: call)
            #expect(count(models) == 5)
            _ = try await world.answer(.openAIChat, body)
            #expect(count(models) == 5)
        }
    }

    @Test("What is sensitive is compared with nothing")
    func sensitive() async throws {
        try await with { world, models, embeddings in
            for word in ["What", "Which"] {
                let said = "\(word) is the capital of France, asks \(PrivateCallTests.email)"
                _ = try await world.answer(.openAIChat, question(said))
            }
            #expect(count(models) == 2 && count(embeddings) == 0)
        }
        // A session's label stays with the model that is cleared for it.
        try await with(clearance: Clearance([.confidential])) { world, models, embeddings in
            world.gate.sessions.taint(world.caller.session.id, with: [.confidential])
            _ = try await world.answer(.openAIChat, question("What is the capital of France?"))
            #expect(count(models) == 1 && count(embeddings) == 0)
        }
    }

    @Test(
        "A comparison that fails costs nobody the answer",
        arguments: [
            Wire.json("{}", status: "500 Broken"), Wire.json("{}", status: "404 None"), Wire.json("no JSON"),
            Wire.json(#"{"data":[{"embedding":[0,0]}]}"#), Wire.json(#"{"data":[{"embedding":["a"]}]}"#),
            Wire.json(#"{"data":[{"embedding":[1e300,1]}]}"#), [.reset], [.stall], [.flood(8 << 20)],
        ])
    func failing(_ script: [ScriptedServer.Step]) async throws {
        try await with(script) { world, models, _ in
            for word in ["What", "Which"] {
                let answer = try await world.answer(.openAIChat, question("\(word) is the capital of France?"))
                #expect(answer.contains("Paris"))
            }
            #expect(count(models) == 2)
        }
    }
}

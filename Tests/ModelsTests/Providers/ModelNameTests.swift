import Core
import TestSupport
import Testing

@testable import Models

struct ModelNameTests {
    @Test(arguments: [
        "openai/gpt-5.4", "openai/gpt-5.4 (high)", "fireworks-ai/accounts/x/models/y", "bedrock/a.b-v1:0 (none)",
    ])
    func roundTrip(_ text: String) throws {
        #expect(try ModelName(text).description == text)
    }

    @Test func parts() throws {
        let name = try ModelName("openai/gpt-5.4 (high)")
        #expect(name == ModelName(provider: "openai", model: "gpt-5.4", effort: .high))
        #expect(name.base.effort == nil)
    }

    @Test(arguments: [
        "", "gpt", "/x", "x/", "a/b c", "a/b (hgih)", "a/b ()", "(high)", ")", "a/\u{0}", "a/b  (low)",
        String(repeating: "a/", count: 200),
    ])
    func refused(_ text: String) {
        #expect(throws: GatehouseError.self) { try ModelName(text) }
    }

    @Test func slipsAreNamed() {
        let error = #expect(throws: GatehouseError.self) { try ModelName("a/b (hgih)") }
        #expect(error?.hint == "did you mean \"high\"?")
    }

    @Test func groups() throws {
        let group = [ModelName(provider: "a", model: "x"), ModelName(provider: "b", model: "y")]
        let aliases = ModelAliases(["fast": group])
        #expect(try aliases.models(for: "fast") == group)
        #expect(try aliases.models(for: "fast (low)").map(\.effort) == [.low, .low])
        #expect(try aliases.models(for: "c/z") == [ModelName(provider: "c", model: "z")])
        let error = #expect(throws: GatehouseError.self) { try aliases.models(for: "fats") }
        #expect(error?.hint == "did you mean \"fast\"?")
    }

    @Test func anyBytesParseOrThrow() {
        var random = SeededRandom(seed: 7)
        let letters = Array("a/ ()high:\u{e9}\n")
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 0...20, using: &random)).map { _ in letters.randomElement() ?? "a" })
            if let name = try? ModelName(text) { #expect((try? ModelName(name.description)) == name) }
        }
    }
}

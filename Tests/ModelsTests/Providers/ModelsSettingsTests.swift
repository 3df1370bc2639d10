import Config
import Core
import Dialects
import JSON
import Privacy
import Testing

@testable import Models

struct ModelsSettingsTests {
    private func settings(_ text: String) throws -> ModelsSettings {
        var options = ConfigFile.Options()
        options.environment = { $0 == "KEY" ? "sk-hush" : nil }
        let schema = ConfigSchema(title: "Test", sections: [ModelsSettings.field])
        return try ModelsSettings(
            ConfigFile.parse(Array(text.utf8), file: "g.yaml", schema: schema, options: options).root)
    }

    private func privacy(_ text: String) throws -> PrivacySettings {
        let schema = ConfigSchema(title: "Test", sections: [PrivacySettings.field])
        return try PrivacySettings(ConfigFile.parse(Array(text.utf8), file: "g.yaml", schema: schema).root)
    }

    @Test func privacyRules() throws {
        #expect(try privacy("{}") == PrivacySettings())
        let read = try privacy(
            "privacy: { kinds: { EMAIL: stand_in }, labels: { pci: block }, confidence: 70, regions: [DE] }")
        #expect(read.rules.byKind[.email] == .standIn && read.rules.byKind[.url] == .allow)
        #expect(read.rules.byLabel[.pci] == .block && read.rules.byLabel[.secret] == .redact)
        #expect(read.rules.minimumConfidence == 0.7 && read.regions == ["DE"])
        let error = #expect(throws: GatehouseError.self) { try privacy("privacy: { kinds: { EMIAL: block } }") }
        #expect(error?.hint?.contains("EMAIL") == true)
        #expect(throws: (any Error).self) { try privacy("privacy: { labels: { pii: maybe } }") }
    }

    @Test func councilsAndHedging() throws {
        let read = try settings(
            """
            models:
              aliases: { fast: [openai/gpt-5.4] }
              hedge: { after: 2s, groups: { fast: 500ms } }
              councils:
                review: { models: [fast, anthropic/claude-opus-5], on: /verdict, quorum: 2 }
                plain: { models: [openai/a, openai/b, openai/c] }
            """)
        #expect(
            read.councils["review"]
                == CouncilRule(
                    models: ["fast", "anthropic/claude-opus-5"], on: JSONPointer("/verdict"), quorum: 2))
        #expect(read.councils["plain"]?.on == nil && read.councils["plain"]?.quorum == 1)
        #expect(read.hedge.delay(for: "fast") == .milliseconds(500))
        #expect(read.hedge.delay(for: "fast (high)") == .milliseconds(500))
        #expect(read.hedge.delay(for: "openai/a") == .seconds(2))
        #expect(try settings("{}").hedge.delay(for: "fast") == nil)
        #expect(HedgeRule(groups: ["fast": .seconds(1)]).delay(for: "slow") == nil)
    }

    @Test func likeness() throws {
        let read = try settings(
            "models: { providers: { openai: { key: k } }, cache: { ttl: 10m, similar: { model: openai/e } } }")
        #expect(read.likeness == LikenessRule(model: try ModelName("openai/e"), leastPercent: 97))
        #expect(try settings("models: { cache: { ttl: 10m } }").likeness == nil)
        for (similar, word) in [
            ("{ model: other/e }", "other"), ("{ model: anthropic/e }", "embeddings"), ("{ percent: 90 }", "model"),
            ("{ model: openai/e, percent: 20 }", "50 to 100"),
        ] {
            let text =
                "models: { providers: { openai: { key: k }, anthropic: { key: k } }, "
                + "cache: { ttl: 10m, similar: \(similar) } }"
            let error = #expect(throws: (any Error).self) { try settings(text) }
            #expect("\(error.map { "\($0)" } ?? "")".contains(word), "\(similar): \(String(describing: error))")
        }
    }

    @Test(arguments: [
        "councils: { x: { models: [a/b] } }", "councils: { x: { models: [a/b, c/d], on: verdict } }",
        "councils: { x: { models: [a/b, c/d], quorum: 3 } }", "councils: { x: {} }",
        "hedge: { groups: { nobody: 1s } }", "hedge: { after: soon }",
        "providers: { council: { kind: openai-compatible, url: \"http://10.0.0.1\" } }",
    ])
    func wrongCouncilsAndHedging(_ text: String) {
        #expect(throws: (any Error).self) { try settings("models: { \(text) }") }
    }

    @Test func classifiers() throws {
        let read = try privacy(
            """
            privacy:
              kinds: { TEAM: block, NRP: allow }
              classifiers:
                - name: presidio
                  url: https://presidio.example.org/analyze
                  key: sk-hush
                  key_header: x-api-key
                  language: de
                  entities: [PERSON, TEAM]
                  kinds: { PATIENT: PERSON }
                  labels: { TEAM: confidential }
                  min_score: 70
                  timeout: 2s
                  max_bytes: 64KiB
                  concurrent: 3
                  answers: true
                - { name: near, url: "http://localhost:5002/analyze" }
                - { name: inside, url: "http://presidio:3000/analyze", plaintext: true }
            """)
        let first = try #require(read.classifiers.first)
        #expect(first.auth == .header("x-api-key", Secret("sk-hush")) && first.url.hasSuffix("/analyze"))
        #expect(first.exchange.id == "external.presidio" && first.exchange.language == "de")
        #expect(first.exchange.minimumScore == 0.7 && first.exchange.kinds == ["PATIENT": .person])
        #expect(first.timeout == .seconds(2) && first.maxBytes == 65536 && first.concurrent == 3 && first.answers)
        #expect(read.classifiers.map(\.answers) == [true, false, false])
        #expect(read.classifiers[1].auth == .none && read.classifiers[1].exchange.minimumScore == 0.5)
        #expect(read.rules.byKind[PrivacyKind("TEAM")] == .block)
        let setup = try read.makeSetup()
        #expect(setup.classifiers.all.count == 3 && setup.answerClassifiers.all.count == 1)
        for wrong in [
            "{ name: x, url: \"http://presidio:3000/analyze\" }", "{ name: x }", "{ url: \"https://x.example/a\" }",
            "{ name: \"a b\", url: \"https://x.example/a\" }", "{ name: x, url: \"ftp://x.example/a\" }",
            "{ name: x, url: \"https://x.example/a\", min_score: 101 }",
            "{ name: x, url: \"https://x.example/a\", kinds: { A: \"b c\" } }",
        ] {
            #expect(throws: (any Error).self, "\(wrong)") { try privacy("privacy: { classifiers: [\(wrong)] }") }
        }
        #expect(throws: (any Error).self) { try privacy("privacy: { kinds: { TEAM: block } }") }
    }

    @Test func nothingIsNeeded() throws {
        #expect(try settings("{}") == ModelsSettings())
    }

    @Test func whole() throws {
        let read = try settings(
            """
            models:
              strategy: sticky
              providers:
                openai: { key: "${KEY}", idle_timeout: 9s }
                anthropic: { key: "${KEY}", clearance: [pii, untrusted] }
                azure: { key: "${KEY}", url: "https://x.example.org/openai/v1/" }
                bedrock: { access_key: AK, secret_key: "${KEY}", region: eu-central-1 }
                ollama: {}
                house: { kind: openai-compatible, url: "http://10.0.0.1/v1" }
              aliases:
                fast: ["openai/gpt-5.4 (low)", anthropic/claude-opus-5]
              prices:
                openai/gpt-5.4: { input: 2.50 USD, output: 15 USD }
              fallback_price: { input: 20 USD, output: 100 USD }
            """)
        let providers = Dictionary(uniqueKeysWithValues: read.providers.map { ($0.id, $0) })
        #expect(providers.count == 6)
        #expect(providers["openai"]?.auth == .bearer(Secret("sk-hush")))
        #expect(providers["openai"]?.clearance == .standard)
        #expect(providers["openai"]?.timeouts.idle == .seconds(9))
        #expect(providers["anthropic"]?.auth == .header("x-api-key", Secret("sk-hush")))
        #expect(
            providers["anthropic"]?.address(of: .anthropicMessages) == "https://api.anthropic.com/v1/messages")
        #expect(providers["anthropic"]?.address(of: .openAIChat) == nil)
        #expect(
            providers["azure"]?.address(of: .openAIChat) == "https://x.example.org/openai/v1/chat/completions")
        #expect(
            providers["bedrock"]?.baseURL == "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1")
        #expect(providers["ollama"]?.auth == ProviderAuth.none)
        #expect(!"\(read)".contains("hush"))
        let model = ModelName(provider: "openai", model: "gpt-5.4")
        #expect(read.prices.price(of: model)?.output == 15_000_000)
        #expect(read.prices.fallback?.input == 20_000_000)
        #expect(read.strategy == .sticky && read.aliases.groups["fast"]?.first?.effort == .low)
    }

    @Test(arguments: [
        "openai: {}", "azure: { key: k }", "bedrock: { key: k }", "house: { key: k }",
        "openai: { key: k, access_key: a, secret_key: s }",
    ])
    func refusedWithPlace(_ provider: String) {
        let error = #expect(throws: GatehouseError.self) {
            try settings("models:\n  providers:\n    \(provider)\n")
        }
        #expect(error?.message.contains("g.yaml:3") == true)
    }
}

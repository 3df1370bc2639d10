import Core
import Testing

@testable import Privacy

@Suite struct CustomDetectorTests {
    static let key = [UInt8](1...16)
    static let document = """
        The board has resolved to sell the northern works to the highest bidder before the end of the year, and to tell \
        nobody about it until the contracts with the three largest suppliers are signed and deposited with the notary.
        """

    static func detectors() throws -> [Detector] {
        [
            try .words("acme.projects", PrivacyKind("PROJECT"), .confidential, ["Blue Heron", "Übermut", "Zanzibar"]),
            .dictionary(
                "acme.customers", PrivacyKind("CUSTOMER"), .pii,
                try ExactDictionary(["Quillfeather and Daughters Ltd", "77-12-9001"], key: key)),
            .fingerprints(
                "acme.board", PrivacyKind("BOARD_PAPER"), .confidential,
                try DocumentFingerprints(of: [Array(document.utf8)], key: key)),
            try .pattern("acme.ticket", PrivacyKind("TICKET"), .confidential, #"\bACM-(\d{4,8})\b"#),
        ]
    }

    static func scanner() throws -> PrivacyScanner { try PrivacyScanner(Detector.builtin + detectors()) }

    private func found(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try Self.scanner().findings(in: bytes).map {
            "\($0.kind): \(String(decoding: bytes[$0.range], as: UTF8.self))"
        }
    }

    @Test(arguments: [
        ("we call it blue-heron here", "PROJECT: blue-heron"), ("the ÜBERMUT plan", "PROJECT: ÜBERMUT"),
        ("at quillfeather AND daughters, ltd. today", "CUSTOMER: quillfeather AND daughters, ltd"),
        ("account 77.12.9001 is", "CUSTOMER: 77.12.9001"), ("see ACM-20417 for it", "TICKET: 20417"),
        ("the ｚａｎｚｉｂａｒ plan", "PROJECT: ｚａｎｚｉｂａｒ"),
    ])
    func finds(text: String, finding: String) throws { #expect(try found(text).contains(finding)) }

    @Test(arguments: ["a blue and a heron", "quillfeather and sons", "XACM-20417", "zanzibarian", "blue ..... heron"])
    func leaves(text: String) throws { #expect(try found(text).isEmpty) }

    @Test func findsQuotedPassages() throws {
        let words = Self.document.split(separator: " ")
        let quote = words[10..<26].joined(separator: " ")
        let text = "I have heard that \(quote) or so."
        let finding = try #require(try found(text).first { $0.hasPrefix("BOARD_PAPER") })
        #expect(finding.split(separator: " ").count > 10)
        #expect(try found("x " + words[3..<9].joined(separator: " ") + " y").isEmpty)
        // Reflowed, in capitals, with other punctuation.
        let shouted = words[4..<24].map { $0.uppercased() }.joined(separator: ",\n")
        #expect(try found(shouted).contains { $0.hasPrefix("BOARD_PAPER") })
    }

    @Test func dictionariesHoldNoEntries() throws {
        let first = try ExactDictionary(["Quillfeather"], key: Self.key)
        let second = try ExactDictionary(["Quillfeather"], key: [UInt8](repeating: 9, count: 16))
        #expect(first.hashes != second.hashes)
        let stored = try ExactDictionary(hashes: first.hashes, wordCounts: first.wordCounts, key: Self.key)
        let scanner = try PrivacyScanner([.dictionary("x", PrivacyKind("X"), .pii, stored)])
        #expect(try scanner.findings(in: Array("to Quillfeather!".utf8)).map(\.range) == [3..<15])
    }

    /// The reference vector of the SipHash paper.
    @Test func sipHash() {
        let message = [UInt8](0..<15)
        #expect(message.withUnsafeBytes { SipHash(key: [UInt8](0..<16)).hash($0) } == 0xa129_ca61_49be_45e5)
    }

    @Test(arguments: ["(", "a*", String(repeating: "a", count: 3000)]) func namesBadPatterns(pattern: String) throws {
        let error = #expect(throws: GatehouseError.self) {
            try Detector.pattern("acme.bad", PrivacyKind("X"), .pii, pattern)
        }
        #expect(error?.message.contains("acme.bad") == true)
        #expect(throws: GatehouseError.self) { try Detector.words("acme.none", PrivacyKind("X"), .pii, ["..."]) }
    }

    @Test func catastrophicPatternsFailClosed() throws {
        let scanner = try PrivacyScanner([try .pattern("x", PrivacyKind("X"), .pii, #"(x+x+)+y"#)])
        let error = #expect(throws: GatehouseError.self) {
            try scanner.findings(in: Array(("xxy " + String(repeating: "x", count: 60) + " y").utf8))
        }
        #expect(error?.code == .exhausted)
    }

    @Test func streamsToo() throws {
        let filter = PrivacyFilter(scanner: try Self.scanner(), rules: PrivacyRules(otherwise: .redact))
        let words = Self.document.split(separator: " ")
        let text = Array(
            ("The Blue Heron of Quillfeather and Daughters Ltd has ACM-20417; "
                + words[10..<26].joined(separator: " ") + " and then some more Zanzibar").utf8)
        let whole = try filter.conceal(text, vault: TokenVault())
        var generator = SplitMix(state: 2)
        for longest in [1, 9, 50] {
            let result = try StreamConcealerTests.stream(cuts(text, &generator, longest: longest), filter)
            #expect(result.out == String(decoding: try #require(whole.text), as: UTF8.self))
            #expect(result.applied == whole.applied)
        }
    }
}

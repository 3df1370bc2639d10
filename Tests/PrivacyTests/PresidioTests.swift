import Core
import JSON
import TestSupport
import Testing

@testable import Privacy

@Suite struct PresidioTests {
    static let text = Array("Grüße 🙂 an Zoë Müller, z@x.org".utf8)
    static let exchange = PresidioExchange(language: "de", entities: ["PERSON"], minimumScore: 0.5)

    private func found(_ answer: String, in text: [UInt8] = text) throws -> [String] {
        try Self.exchange.findings(in: Array(answer.utf8), for: text).map {
            String(decoding: text[$0.range], as: UTF8.self)
        }
    }

    @Test func asks() throws {
        let request = try JSON.parse(Self.exchange.request(for: Self.text))
        #expect(request["text"]?.string == String(decoding: Self.text, as: UTF8.self))
        #expect(request["language"]?.string == "de" && request["entities"] == ["PERSON"])
        #expect(request.text().contains("\"score_threshold\":0.5"))
        #expect(throws: GatehouseError.self) { try Self.exchange.request(for: [0xff, 0x41]) }
    }

    /// Offsets count code points: the emoji is one, `ü` is one.
    @Test func mapsOffsets() throws {
        let answer =
            #"[{"entity_type":"PERSON","start":11,"end":21,"score":0.85},{"entity_type":"NRP","start":0,"end":5,"score":1}]"#
        let findings = try Self.exchange.findings(in: Array(answer.utf8), for: Self.text)
        #expect(String(decoding: Self.text[findings[0].range], as: UTF8.self) == "Zoë Müller")
        #expect(findings.map(\.kind) == [.person, PrivacyKind("NRP")])
        let filter = PrivacyFilter(scanner: try PrivacyScanner([]), hasExternal: true)
        let result = try filter.conceal(Self.text, vault: TokenVault(), external: findings)
        #expect(result.text.map { String(decoding: $0, as: UTF8.self) } == "<NRP_1> 🙂 an <PERSON_1>, z@x.org")
        #expect(result.labels == [.pii])
    }

    @Test(
        "Every kind of character is one, however many bytes, code units or marks it has",
        arguments: ["é", "e\u{301}", "🙂", "👩‍👩‍👧", "🇩🇪", "𝒳", "\u{feff}", "\r\n", "中", "\u{0}"])
    func countsCodePoints(before: String) throws {
        let text = "\(before)Ada\(before)"
        let start = before.unicodeScalars.count
        let answer = #"[{"entity_type":"PERSON","start":\#(start),"end":\#(start + 3),"score":1}]"#
        #expect(try found(answer, in: Array(text.utf8)) == ["Ada"])
        let whole = #"[{"entity_type":"PERSON","start":0,"end":\#(text.unicodeScalars.count),"score":1}]"#
        #expect(try found(whole, in: Array(text.utf8)) == [text])
        let beyond = #"[{"entity_type":"PERSON","start":0,"end":\#(text.unicodeScalars.count + 1),"score":1}]"#
        #expect(throws: GatehouseError.self) { try found(beyond, in: Array(text.utf8)) }
    }

    @Test func whatItIsUnsureOfIsNoFinding() throws {
        #expect(try found(#"[{"entity_type":"PERSON","start":0,"end":5,"score":0.49}]"#) == [])
        #expect(try found("[]") == [])
    }

    @Test func itsNamesMeanWhatIsConfigured() throws {
        let exchange = PresidioExchange(kinds: ["PATIENT": .person], labels: ["ORG": .confidential])
        let answer = ["PATIENT", "ORG", "CREDIT_CARD", "MEDICAL_LICENSE"].map {
            #"{"entity_type":"\#($0)","start":0,"end":5,"score":1}"#
        }
        let findings = try exchange.findings(in: Array("[\(answer.joined(separator: ","))]".utf8), for: Self.text)
        #expect(findings.map(\.kind) == [.person, PrivacyKind("ORG"), .creditCard, .medicalRecord])
        #expect(findings.map(\.label) == [.pii, .confidential, .pci, .phi])
        #expect(exchange.knownKinds.isSuperset(of: [.person, PrivacyKind("ORG"), PrivacyKind("NRP")]))
    }

    @Test(arguments: [
        "", "{}", "[1]", "[", "null", #"{"error":"no"}"#,
        #"[{"entity_type":"PERSON","start":11,"end":200,"score":0.85}]"#,
        #"[{"entity_type":"PERSON","start":5,"end":5,"score":0.85}]"#,
        #"[{"entity_type":"PERSON","start":5,"end":2,"score":0.85}]"#,
        #"[{"entity_type":"PERSON","start":-1,"end":5,"score":1}]"#,
        #"[{"entity_type":"PERSON","start":1,"end":5,"score":7}]"#, #"[{"start":1,"end":5,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":1e30,"end":5,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":1.5,"end":5,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":"1","end":5,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":0,"end":9223372036854775808,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":0,"end":9223372036854775807,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":0,"end":5,"score":NaN}]"#,
        #"[{"entity_type":"Zoë Müller","start":0,"end":5,"score":1}]"#,
        #"[{"entity_type":"","start":0,"end":5,"score":1}]"#,
    ])
    func failsClosed(answer: String) throws {
        let error = #expect(throws: GatehouseError.self) { try found(answer) }
        #expect(error?.code == .unavailable)
    }

    @Test func tooManyEntitiesAreRefused() {
        let one = #"{"entity_type":"PERSON","start":0,"end":5,"score":1}"#
        let answer = "[" + Array(repeating: one, count: PresidioExchange.limit + 1).joined(separator: ",") + "]"
        #expect(throws: GatehouseError.self) { try found(answer) }
    }

    /// Whatever an answer says, it gives findings within the text, on the borders of characters, or an error.
    @Test(.timeLimit(.minutes(1))) func mutatedAnswers() throws {
        let seed = Array(
            #"[{"entity_type":"PERSON","start":11,"end":21,"score":0.85},{"entity_type":"NRP","start":0,"end":5,"score":1}]"#
                .utf8)
        var random = SeededRandom(seed: 7)
        let end = ContinuousClock.now + .seconds(1)
        var (read, refused) = (0, 0)
        while ContinuousClock.now < end {
            var answer = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) { Mutation.change(&answer, &random) }
            guard let findings = try? Self.exchange.findings(in: answer, for: Self.text) else {
                refused += 1
                continue
            }
            read += 1
            for finding in findings {
                #expect(String(validating: Self.text[finding.range], as: UTF8.self) != nil && !finding.range.isEmpty)
            }
        }
        #expect(read > 100 && refused > 100)
    }

    /// Tokens in an answer are ours, whatever a classifier takes them for.
    @Test func tokensAreNoNames() throws {
        let filter = PrivacyFilter(scanner: try PrivacyScanner([]), hasExternal: true)
        let vault = TokenVault()
        #expect(try vault.token(for: Array("Ada".utf8), kind: .person) == "<PERSON_1>")
        let text = Array("From <PERSON_1> Byron <PERSON_9>.".utf8)
        let finding = PrivacyFinding(
            range: 5..<32, kind: .person, label: .pii, confidence: 1, detector: "external.x", reasons: [])
        var guardian = StreamGuard(filter: filter, vault: vault)
        let out = try guardian.whole(text, external: [finding])
        #expect(String(decoding: out, as: UTF8.self) == "From Ada<PERSON_2><PERSON_9>.")
        #expect(guardian.restored == 1)
        // In a request they are what somebody typed.
        let typed = try filter.conceal(text, vault: vault, external: [])
        #expect(typed.text.map { String(decoding: $0, as: UTF8.self) } == "From <LITERAL_1> Byron <LITERAL_2>.")
    }

    @Test func overlapsAreResolvedAsAmongOurOwn() throws {
        let filter = PrivacyFilter(scanner: try PrivacyScanner())
        let text = Array("Mail ada@example.org, Ada Byron".utf8)
        func finding(_ range: Range<Int>, _ confidence: Double) -> PrivacyFinding {
            PrivacyFinding(
                range: range, kind: PrivacyKind("X"), label: .pii, confidence: confidence, detector: "external.x",
                reasons: [])
        }
        let weaker = try filter.findings(in: text, external: [finding(5..<12, 0.5), finding(22..<31, 0.99)])
        #expect(weaker.map(\.kind) == [.email, PrivacyKind("X")])
        let stronger = try filter.findings(in: text, external: [finding(0..<20, 1)])
        #expect(stronger.first?.kind == PrivacyKind("X") && !stronger.contains { $0.kind == .email })
    }

    @Test func everyTextIsAskedAboutOnceAndAFailureIsOneOfAll() async throws {
        let classifier = Counting()
        let texts = (0..<50).map { Array("text \($0 % 20)".utf8) } + [[], [0x20, 0x0a]]
        let classified = try await Classifiers([classifier]).ask(about: texts)
        #expect(classifier.asked.count == 20)
        #expect(try classified.findings(in: texts[3]).count == 1)
        #expect(try classified.findings(in: []).isEmpty)
        #expect(throws: GatehouseError.self) { try classified.findings(in: [0x41]) }
        #expect(try await Classifiers().ask(about: texts).isNone)
        let many = (0...Classifiers.mostTexts).map { Array("\($0)".utf8) }
        await #expect(throws: GatehouseError.self) { try await Classifiers([classifier]).ask(about: many) }
        await #expect(throws: Counting.Failure.self) {
            try await Classifiers([classifier]).ask(about: texts + [Array("fail".utf8)])
        }
        #expect(classifier.greatestAtOnce <= Classifiers.width)
    }
}

import Core
import TestSupport
import Testing

@testable import Scan

@Suite struct OwnRulesTests {
    private static let file = """
        rules:
          - id: acme-token
            title: ACME token
            severity: critical
            keywords: [acme_]
            pattern: '\\b(acme_[a-z0-9]{12})\\b'
            entropy: 2.5
            check: letters-and-digits
            stop_words: [Demo]
            patterns: ['^acme_0+']
            paths: ['*.conf', '!old.conf']
            remedy: Tell the desk.
        accept:
          - rules: [aws-access-key-id]
            paths: [legacy/]
            reason: revoked in May
        """

    @Test func rulesOfARepository() async throws {
        let tree = TestTree()
        tree.write(".gatehouse/secrets/acme.yaml", Self.file)
        tree.write(
            "a.conf", "x = acme_x7qm2v9lkr3p\ny = acme_0007qm2v9lkr\nz = acme_demo2v9lkr3p\nw = acme_aaaaaaaaaaa1\n")
        tree.write("old.conf", "x = acme_x7qm2v9lkr3p\n")
        tree.write("a.txt", "x = acme_x7qm2v9lkr3p\n")
        tree.write("legacy/k.py", "k = '\(Fake.awsKey)'\n")
        tree.write("k.py", "k = '\(Fake.otherKey)'\n")
        let result = try await tree.assess()
        let own = result.findings.filter { $0.rule.id == "acme-token" }
        #expect(own.map(\.path) == ["a.conf"] && own.first?.start == Place(line: 1, column: 5))
        #expect(own.first?.severity == .critical && own.first?.rule.remedy == "Tell the desk.")
        let keys = result.findings.filter { $0.rule.id == "aws-access-key-id" }
        #expect(keys.first { $0.path == "k.py" }?.state == .open)
        let legacy = try #require(keys.first { $0.path == "legacy/k.py" })
        #expect(legacy.state == .suppressed && legacy.stateReason == "revoked in May")
        #expect(result.unchecked.isEmpty)
    }

    @Test func rulesOfTheConfiguration() async throws {
        let tree = TestTree()
        tree.write("a.conf", "x = acme_x7qm2v9lkr3p\n")
        let rules = try OwnRuleFile.parse(Array(Self.file.utf8), file: "acme.yaml")
        let own = Assessor(scanners: try assessor.get().scanners, rules: AssessRules(rules))
        #expect(try await own.assess(AssessmentRequest(.path(tree.root))).findings.map(\.rule.id) == ["acme-token"])
        // The same file in the repository: its rules are there already.
        tree.write(".gatehouse/secrets/acme.yaml", Self.file)
        let twice = try await own.assess(AssessmentRequest(.path(tree.root)))
        #expect(twice.findings.map(\.rule.id) == ["acme-token"])
        #expect(twice.unchecked.map(\.reason) == [.rules])
    }

    @Test func aBadFileIsSaidAndTheOthersHold() async throws {
        let tree = TestTree()
        tree.write(".gatehouse/secrets/a.yaml", Self.file)
        tree.write(".gatehouse/secrets/b.yml", "rules:\n  - id: x\n    keywords: [abc]\n    pattern: '(a'\n")
        tree.write(".gatehouse/secrets/notes.txt", "not a rule")
        tree.write("a.conf", "x = acme_x7qm2v9lkr3p\n")
        let result = try await tree.assess()
        #expect(result.findings.map(\.rule.id) == ["acme-token"])
        let place = try #require(result.unchecked.first)
        #expect(result.uncheckedCount == 1 && place.path == ".gatehouse/secrets/b.yml" && place.reason == .rules)
        #expect(place.detail.contains("b.yml:4:14: ") && place.detail.contains("single quotes"), "\(place.detail)")
    }

    @Test(arguments: [
        ("- {id: Bad Id, keywords: [abc], pattern: a}", 14, "lower-case"),
        ("- {id: x, keywords: [ab], pattern: a}", 28, "3 to 64"),
        ("- {id: x, keywords: [], pattern: a}", 27, "1 to 8"),
        ("- {id: x, keywords: [abc], pattern: a, entropy: high}", 55, "3.5"),
        ("- {id: github-token, keywords: [abc], pattern: a}", 14, "another id"),
        ("- {id: x, keywords: [abc], pattern: '[a'}", 43, "PCRE2"),
        ("- {id: x, keywords: [abc], patern: a}", 34, "pattern"),
        ("- {id: x, keywords: [abc], pattern: '${HOME}'}", 43, "HOME"),
    ])
    func mistakes(rule: String, column: Int, hint: String) {
        let text = "rules: [\(rule.dropFirst(2))]"
        do {
            _ = try OwnRuleFile.parse(Array(text.utf8), file: "r.yaml")
            Issue.record("\(rule) is taken")
        } catch {
            #expect("\(error)".contains("r.yaml:1:\(column): "), "\(error)")
            #expect("\(error)".contains(hint), "\(error)")
        }
    }

    @Test func acceptancesNameWhatThereIs() {
        for (text, hint) in [
            ("accept: [{rules: [github-tokn], reason: x}]", "did you mean github-token?"),
            ("accept: [{reason: x}]", "accepts everything"), ("accept: [{rules: [jwt], reason: ''}]", "no reason"),
        ] {
            #expect { try OwnRuleFile.parse(Array(text.utf8), file: "r.yaml") } throws: { "\($0)".contains(hint) }
        }
    }

    /// A pattern that takes too long is said, and hides nothing.
    @Test func slowPatterns() async throws {
        let tree = TestTree()
        let slow = "accept: [{rules: [generic-secret], patterns: ['^([a-zA-Z0-9]+)+[^a-zA-Z0-9]$'], reason: x}]\n"
        tree.write(".gatehouse/secrets/slow.yaml", slow)
        tree.write("k.py", "api_key = '" + ["Zf3D0LXCM3EIM", "bgJpUNnkRtOfOueHznB", "Qx8WvB2nL5kT"].joined() + "'\n")
        let result = try await tree.assess()
        #expect(result.findings.map(\.state) == [.open])
        #expect(result.unchecked.map(\.reason) == [.ruleLimit])
    }

    @Test func mutationsNeverCrash() {
        var random = SeededRandom(seed: 3)
        let whole = Array(Self.file.utf8)
        let end = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < end {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                bytes[at] = Array(" :-[]{}'\"\n#&*?|>\\(".utf8).randomElement(using: &random) ?? 0
            }
            _ = try? OwnRuleFile.parse(bytes, file: "r.yaml")
        }
    }
}

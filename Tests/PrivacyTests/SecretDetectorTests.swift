import Core
import Privacy
import TestSupport
import Testing

let detector = Result { try SecretDetector() }

func found(_ text: String, path: String? = nil) throws -> [SecretMatch] {
    try detector.get().detect(in: Array(text.utf8), path: path).matches
}

/// Joins pieces, so that no whole token stands in this file.
func token(_ pieces: String...) -> String { pieces.joined() }

@Suite struct SecretDetectorTests {
    @Test func findsWhereAndWhat() throws {
        let key = token("AKIA", "Q3EGJXK5", "NV7WZ4TB")
        let match = try #require(try found("key: \(key)\n").first)
        #expect(match.rule.id == "aws-access-key-id")
        #expect(match.secret == 5..<25)
        #expect(match.confidence == .high)
        #expect(match.entropy > 3)
        #expect(match.redacted(in: Array("key: \(key)\n".utf8)) == "AKIA…")
    }

    @Test(arguments: [
        "AKIA" + "IOSFODNN7" + "EXAMPLE", "ghp_" + String(repeating: "x", count: 36), "password = \"${DB_PASSWORD}\"",
        "api_key: \"{{ .Values.apiKey }}\"", "token = os.environ[\"TOKEN\"]", "secret = \"changeme-changeme-1\"",
        "credentialsId: 'ff083f76-7804-4ef1-80e4-fe975bb9141b'",
        "next_page_token = \"Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB\"",
        "public_key = \"Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB\"", "password: abcdefghijklmnop1234",
        "-----BEGIN PRIVATE KEY-----\nanything that is not a key at all, only words\n-----END PRIVATE KEY-----",
        "https://user:password@host", "postgres://app:$PASSWORD@db/x", "setSysctl = \"kzp8phrsrwz47np6qm2ew48f\"",
    ])
    func leavesPlaceholdersAlone(text: String) throws {
        #expect(try found(text).map(\.rule.id) == [])
    }

    @Test func theMostSpecificRuleWins() throws {
        let github = token("ghp_", "q4Dh5JsxSabw13rugcVuxb4bfo3ct9qtxevb")
        let matches = try found("github_token = \"\(github)\"")
        #expect(matches.map(\.rule.id) == ["github-token"])
        let heroku = "heroku_api_key = \"b3856ef9-fd84-" + "49e0-86c9-567b149907a9\""
        #expect(try found(heroku).map(\.rule.id) == ["heroku-key"])
    }

    @Test func pathsLowerTheConfidence() throws {
        let line = "api_key = \"" + token("Zf3D0LXCM3EIM", "bgJpUNnkRtOfOueHznB") + "\""
        #expect(try found(line, path: "src/main.py").map(\.confidence) == [.medium])
        #expect(try found(line, path: "tests/main.py").map(\.confidence) == [.low])
        #expect(try found(line, path: "web/app.min.js").map(\.confidence) == [.low])
        #expect(try found(line, path: "package-lock.json").map(\.confidence) == [.low])
        #expect(try found(line, path: "latest/contest.py").map(\.confidence) == [.medium])
    }

    @Test func secretsInURLsAndCommands() throws {
        let password = token("tR7x", "Qm2v9", "Lk")
        #expect(try found("postgres://app:\(password)@db.internal:5432/x").map(\.rule.id) == ["url-password"])
        #expect(try found("curl -u admin:\(password) https://x.example.org").map(\.rule.id) == ["curl-user"])
        #expect(try found("Server=x;Password=\(password);Database=y").map(\.rule.id) == ["connection-string-password"])
        #expect(try found("machine x.org login me password \(password)").map(\.rule.id) == ["netrc-password"])
    }

    @Test func previewsShowAtMostAQuarter() {
        #expect(SecretMatch.preview(of: Array("abcdefghijklmnop".utf8)) == "abcd…")
        #expect(SecretMatch.preview(of: Array("abcdefgh".utf8)) == "ab…")
        #expect(SecretMatch.preview(of: Array("abc".utf8)) == "…")
        #expect(SecretMatch.preview(of: [UInt8]()) == "…")
        #expect(SecretMatch.preview(of: [0xff, 0x0a] + Array("abcdefghijklmnop".utf8)) == "??ab…")
    }

    @Test func whatIsHarmlessLeavesRoomForFindings() throws {
        var random = SeededRandom(seed: 3)
        let lines = (0..<3000).map { number in
            let digest = (0..<64).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            return "  integrity sha512-\(Base64.encode(digest)) # \(number)\n"
        }
        let token = "gl" + "pat-" + "Zx8Kq2Lm7Vt4" + "Rb9Nw3Yc"
        let text = Array((lines.joined() + "token: \(token)\n").utf8)
        let findings = try SecretDetector().detect(in: text, path: "notes.txt")
        #expect(findings.couldNotCheck.isEmpty)
        #expect(findings.matches.map(\.rule.id) == ["gitlab-personal-token"])
    }

    @Test func limitsAreReported() throws {
        let line = token("key ", "AKIA", "Q3EGJXK5", "NV7WZ4TB", "\n")
        let few = try SecretDetector(SecretRule.builtin, limit: 10)
        let findings = try few.detect(in: Array(String(repeating: line, count: 50).utf8))
        #expect(findings.matches.count == 10)
        #expect(findings.couldNotCheck.map(\.reason) == [.tooManyFindings])
    }

    @Test func aCatastrophicPatternSaysSo() throws {
        let rule = SecretRule(
            id: "bad", title: "Bad", severity: .low, specificity: .format, anchors: [.init("aaaa")],
            pattern: "((?:(?:a+)+)+)[bc]", minimumEntropy: 0, remedy: "")
        let input = [UInt8](repeating: 0x61, count: 64)
        let findings = try SecretDetector([rule]).detect(in: input)
        #expect(findings.matches.isEmpty)
        #expect(findings.couldNotCheck.first?.ruleID == "bad")
        #expect(findings.couldNotCheck.first?.reason == .matchLimit)
    }

    @Test func badRulesAreNamed() {
        for (anchor, pattern, group) in [("a[", "(a)", 1), ("ab", "(a", 1), ("ab", "ab", 1), ("ab+", "(ab)", 1)] {
            var rule = SecretRule(
                id: "broken", title: "", severity: .low, specificity: .format, anchors: [.init(anchor)],
                pattern: pattern,
                minimumEntropy: 0, remedy: "")
            rule.group = group
            #expect(throws: GatehouseError.self) { try SecretDetector([rule]) }
        }
    }
}

@Suite struct SecretHostileInputTests {
    @Test(arguments: [
        "eyJ", "ghp_", "token=", "-----BEGIN RSA PRIVATE KEY-----", "://a:b@", "kind: Secret\n", "curl ", "password ",
        "a", "\0", "secret_key = \"",
    ])
    func repeatsTakeBoundedTime(piece: String) throws {
        let size = 2_000_000
        var input: [UInt8] = []
        input.reserveCapacity(size + 64)
        while input.count < size { input.append(contentsOf: piece.utf8) }
        let start = ContinuousClock.now
        _ = try detector.get().detect(in: input)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func binaryAndInvalidText() throws {
        var random = SeededGenerator(state: 7)
        let input = (0..<2_000_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(try detector.get().detect(in: input).matches.count < 5)
        let key = Array(token("AKIA", "Q3EGJXK5", "NV7WZ4TB").utf8)
        let framed = [0xff, 0xfe, 0x00] + key + [0xc3, 0x00]
        #expect(try detector.get().detect(in: framed).matches.map(\.secret) == [3..<23])
    }

    @Test func randomMutationsNeverCrash() throws {
        var random = SeededGenerator(state: 11)
        // In pieces, so that nobody who scans this file finds something in it.
        let lines = [
            "curl -H \"Authorization: " + "Bearer abc1234567890def\" -u " + "a:b1234567 https://u" + ":p4ssw0rd9@h/x",
            "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt\n-----END RSA "
                + "PRIVATE KEY-----",
            "kind: " + "Secret\ndata:\n  password: UyFCXCpkJHpEc2I9",
            "{\"token\": \"" + "eyJhbGciOiJub25lIn0" + ".eyJhIjoxMjM0NTY3ODkwfQ.\"}",
        ]
        let seed = Array(lines.joined(separator: "\n").utf8)
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline {
            var input = seed
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let at = Int.random(in: 0..<input.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: input[at] = UInt8.random(in: 0...255, using: &random)
                case 1: input.remove(at: at)
                default: input.insert(contentsOf: input[at...].prefix(16), at: at)
                }
            }
            for match in try detector.get().detect(in: input).matches {
                #expect(match.range.upperBound <= input.count && !match.secret.isEmpty)
                #expect(
                    match.range.lowerBound <= match.secret.lowerBound
                        && match.secret.upperBound <= match.range.upperBound)
            }
        }
    }
}

struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    /// splitmix64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

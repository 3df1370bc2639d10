import Core
import Testing

@testable import Privacy

@Suite struct SecretRuleTests {
    @Test func thereAreEnoughAndTheyAreWhole() {
        let rules = SecretRule.builtin
        #expect(rules.count >= 200)
        #expect(Set(rules.map(\.id)).count == rules.count)
        for rule in rules {
            #expect(rule.id.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d })
            #expect(!rule.title.isEmpty && (rule.isHarmless || !rule.remedy.isEmpty))
            #expect(!rule.anchors.isEmpty || !rule.pathSuffixes.isEmpty)
            #expect(rule.reach <= SecretDetector.overlap && rule.lookBehind <= SecretDetector.overlap)
        }
    }

    /// For each rule: texts made from its pattern are found by it alone, and with one byte of the secret's format broken
    /// it stays silent. This proves that anchors, edges, entropy and pattern agree.
    @Test(arguments: SecretRule.builtin.filter { !$0.anchors.isEmpty && !$0.isHarmless }.map(\.id))
    func findsItsOwnAndNotItsNeighbour(id: String) throws {
        let rule = try #require(SecretRule.builtin.first { $0.id == id })
        let alone = try SecretDetector([rule])
        let path = rule.pathSuffixes.first.map { "a/\($0)" }
        var hits = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            let context = rule.id == "kubernetes-secret" ? "kind: Secret\n" : "x = "
            let text = Array(context.utf8) + (try PatternSampler.sample(rule.pattern, seed: seed)) + Array("\n".utf8)
            guard let match = try alone.detect(in: text, path: path).matches.first else { continue }
            hits += 1
            #expect(match.entropy >= rule.minimumEntropy)
            // Near miss: a line end in the middle of the secret, where only the body of a key may have one.
            var broken = text
            broken[match.secret.lowerBound + match.secret.count / 2] = 0x0a
            let again = try alone.detect(in: broken, path: path).matches
            #expect(!again.contains { $0.secret == match.secret } || rule.check == .privateKey)
        }
        // Some samples are rightly dropped: too even, without a digit, or a word of the placeholder list by chance.
        #expect(hits >= 5, "\(rule.id): \(hits) of 20")
    }

    @Test func fileRulesNeedAPath() throws {
        #expect(try found("", path: "certs/server.P12").map(\.rule.id) == ["key-store-file"])
        #expect(try found("", path: "docs/server.p12.html").isEmpty)
        #expect(try found("").isEmpty)
    }
}

@Suite struct SecretCheckTests {
    private func verdict(_ check: SecretCheck, _ text: String) -> SecretCheck.Verdict {
        Array(text.utf8).withUnsafeBytes { check.verdict(on: $0, in: $0, at: 0..<$0.count) }
    }

    /// The check value of CRC-32/ISO-HDLC.
    @Test func crc32() {
        Array("123456789".utf8).withUnsafeBytes { #expect(TokenChecksum.crc32($0) == 0xcbf4_3926) }
    }

    /// A token that GitHub's documentation has shown for years.
    @Test func githubChecksum() throws {
        let known = token("ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkx", "kJ0mLq17")
        #expect(verdict(.base62Checksum, known) == .proven)
        #expect(verdict(.base62Checksum, String(known.dropLast()) + "8") == .doubtful)
        #expect(verdict(.base62Checksum, "ghp_") == .doubtful)
        #expect(verdict(.base62Checksum, "") == .doubtful)
        let match = try #require(try found(known).first)
        #expect(match.isVerified && match.confidence == .high)
        let mistyped = try #require(try found(token("ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkx", "kJ0mLq18")).first)
        #expect(!mistyped.isVerified && mistyped.confidence == .low)
    }

    @Test func jsonWebTokens() {
        let header = Base64.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8), .url)
        #expect(verdict(.jsonWebToken, header + ".e30.x") == .proven)
        #expect(verdict(.jsonWebToken, Base64.encode(Array(#"{"a":1}"#.utf8), .url) + ".e30.x") == .doubtful)
        #expect(verdict(.jsonWebToken, "eyJ!.x") == .doubtful)
    }

    @Test func privateKeys() throws {
        let body = String(repeating: "MIIEvQIBADANBgkqhkiG9w0B\n", count: 4)
        for kind in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "] {
            let text = token("-----BEGIN \(kind)PRIV", "ATE KEY-----\n") + body + "-----END \(kind)PRIVATE KEY-----"
            #expect(try found(text).map(\.rule.id) == ["private-key"])
        }
        let escaped = token(
            "\"-----BEGIN PRIV", "ATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----\"")
        #expect(try found(escaped).map(\.rule.id) == ["private-key"])
        // Cut off, with or without headers, the lines numbered or not, and with other text after it.
        for head in ["", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n"] {
            for tail in ["", "MIIEvQ", "MIIEvQ\n\nThat is all - so far.", "\n-----BEGIN CERT"] {
                let text = token("-----BEGIN RSA PRIV", "ATE KEY-----\n") + head + body + tail
                let match = try #require(try found(text).first)
                #expect(match.rule.id == "private-key-cut-off")
                let secret = String(decoding: Array(text.utf8)[match.secret], as: UTF8.self)
                #expect(secret.hasSuffix(tail.hasPrefix("MIIEvQ") ? "MIIEvQ" : "hkiG9w0B"))
            }
        }
        let numbered = (1...4).map { "\($0): MIIEvQIBADANBgkqhkiG9w0B\n" }.joined()
        let lines = try #require(try found(token("-----BEGIN PRIV", "ATE KEY-----\n") + numbered).first)
        #expect(lines.secret.count >= numbered.utf8.count - 4)
        #expect(try found(token("-----BEGIN PRIV", "ATE KEY-----") + " is how such a file begins.").isEmpty)
        #expect(try found(token("-----BEGIN PUB", "LIC KEY-----\n") + body + "-----END PUBLIC KEY-----").isEmpty)
    }

    @Test func basicCredentials() {
        #expect(verdict(.basicCredentials, "dXNlcjpwYXNz") == .proven)
        #expect(verdict(.basicCredentials, "dXNlcnBhc3M=") == .doubtful)
    }

    @Test func genericNamesAndValues() throws {
        let value = token("Zf3D0LXCM3EIM", "bgJpUNnkRtOfOueHznB")
        for name in ["api_key", "dbPassword", "CLIENT_SECRET", "auth-token", "user_credentials"] {
            #expect(try found("\(name) = \"\(value)\"").map(\.rule.id) == ["generic-secret"], "\(name)")
        }
        for name in [
            "api_key_id", "tokenType", "publicKeyToken", "csrfToken", "secretName", "token_url", "foreign_key",
            "AWS::X::Secret",
        ] {
            #expect(try found("\"\(name)\": \"\(value)\"").isEmpty, "\(name)")
        }
        for value in [
            "get_secret_value_1", "jackson-databind-2.15.3", "org.example.Class1Name2Token", "aaaaaaaaaaaaaaaaaaaa1",
        ] {
            #expect(try found("api_key = \"\(value)\"").isEmpty, "\(value)")
        }
    }

    @Test func entropy() {
        func bits(_ text: String) -> Double { Array(text.utf8).withUnsafeBytes(Entropy.bitsPerByte) }
        #expect(bits("") == 0 && bits("aaaa") == 0)
        #expect(bits("ab") == 1 && bits("abcd") == 2)
        #expect(abs(bits("0123456789abcdef") - 4) < 1e-9)
    }
}

import Core
import Testing

@Suite struct IdentifierTests {
    @Test func sortsByTimeAndIsValid() {
        let early = Identifier.make("act", at: Timestamp(seconds: 1_700_000_000))
        let late = Identifier.make("act", at: Timestamp(seconds: 1_700_000_001))
        #expect(early < late)
        #expect(Identifier.isValid(early, prefix: "act"))
        #expect(!Identifier.isValid(early, prefix: "ses"))
        #expect(!Identifier.isValid(early + "0", prefix: "act"))
        #expect(!Identifier.isValid(String(early.dropLast()) + "u", prefix: "act"))
    }

    @Test func tenThousandAtOneInstantDiffer() {
        let time = Timestamp(seconds: 1_700_000_000)
        #expect(Set((0..<10_000).map { _ in Identifier.make("x", at: time) }).count == 10_000)
    }

    @Test func whatIsMadeOfTheSameIsTheSame() {
        let time = Timestamp(seconds: 1_700_000_000)
        let digests = (0..<100).map { number in (0..<32).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) } }
        let ids = digests.map { Identifier.make("run", at: time, from: $0) }
        #expect(Set(ids).count == 100 && ids == digests.map { Identifier.make("run", at: time, from: $0) })
        #expect(ids.allSatisfy { Identifier.isValid($0, prefix: "run") })
        let later = Identifier.make("run", at: time + .milliseconds(1), from: digests[99])
        #expect(ids.allSatisfy { $0 < later })
    }
}

@Suite struct EncodingTests {
    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ])
    func base64TestVectors(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64.encode(Array(plain.utf8), .url) == unpadded)
        #expect(Base64.decode(unpadded, .url) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v=", "Z===", "====", "Zm 9v", "Zm9-"])
    func base64RefusesOtherSpellings(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func hexRoundTrip() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.decode("ABcd") == [0xab, 0xcd])
        #expect(Hex.decode("abc") == nil)
        #expect(Hex.decode("zz") == nil)
    }

    @Test func decimals() {
        var out = [UInt8]()
        out.appendDecimal(7, width: 3)
        out.appendDecimal(-12)
        out.appendDecimal(0)
        #expect(String(decoding: out, as: UTF8.self) == "007-120")
    }
}

@Suite struct SecretTests {
    @Test func neverShows() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.expose() == "hunter2")
        #expect(secret == Secret("hunter2"))
        #expect(secret != Secret("hunter3"))
    }

    @Test func constantTimeEquality() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
    }
}

@Suite struct SuggestionTests {
    @Test func findsTheSlip() {
        let keys = ["listen", "sessions", "budgets", "mcpServers"]
        #expect(Suggestion.nearest(to: "lisetn", among: keys) == "listen")
        #expect(Suggestion.nearest(to: "session", among: keys) == "sessions")
        #expect(Suggestion.nearest(to: "mcpservers", among: keys) == "mcpServers")
        #expect(Suggestion.nearest(to: "zebra", among: keys) == nil)
    }
}

@Suite struct OrderTests {
    @Test func effectsAndSeveritiesRise() {
        #expect(Effect.allCases == Effect.allCases.sorted())
        #expect(Severity.allCases == Severity.allCases.sorted())
    }

    @Test func errorsReadAsOneLine() {
        let error = GatehouseError(
            "ledger", .corrupt, "leaf 7 does not verify", cause: "hash differs", hint: "restore the log")
        #expect(error.description == "ledger: leaf 7 does not verify (hash differs); restore the log")
    }
}

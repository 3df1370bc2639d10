import Core
import Crypto
import JSON
import JWTKit
import TestSupport
import Testing

@testable import Gate

@Suite struct IdentityTokenTests {
    @Test(arguments: ["EdDSA", "ES256", "RS256", "PS256"])
    func aGoodTokenIdentifiesItsBearer(algorithm: String) async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let token = try await provider.token(Provider.claims(at: premises.clock.now()), algorithm)
        for _ in 0..<2 {
            let ada = try await identity.identify(.token(token))
            #expect(ada.id == "https://id.example#ada")
            #expect(ada.name == "Ada")
            #expect(ada.roles == ["viewer", "operator", "developer"])
        }
    }

    @Test func claimsAreChecked() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let now = premises.clock.now()
        let refused: [(JSONObject, String)] = [
            (["iss": "https://other.example"], "issuer is not configured"),
            (["iss": .null], "issuer is not configured"),
            (["iss": ["https://id.example"]], "issuer is not configured"),
            (["aud": "gatehouse2"], "another audience"), (["aud": "Gatehouse"], "another audience"),
            (["aud": .null], "another audience"),
            (["aud": ["a", "b"]], "another audience"), (["aud": []], "another audience"),
            (["sub": .null], "no subject"), (["sub": ""], "no subject"), (["sub": 7], "no subject"),
            (["sub": JSON(String(repeating: "x", count: 300))], "no subject"),
            (["exp": .null], "never expires"), (["exp": JSON(now.seconds - 60)], "expired"),
            (["exp": "soon"], "not a time"),
            (["exp": 1e300], "not a time"), (["exp": -1], "not a time"),
            (["nbf": JSON(now.seconds + 61)], "not valid before"),
            (["iat": JSON(now.seconds + 61)], "in the future"),
        ]
        for (changes, reason) in refused {
            let token = try await provider.token(Provider.claims(at: now, changes))
            let message = await messageThrown { _ = try await identity.identify(.token(token)) }
            #expect(message.contains(reason), "\(changes): \(message)")
            #expect(await codeThrown { _ = try await identity.identify(.token(token)) } == .unauthenticated)
        }
        let accepted: [JSONObject] = [
            ["aud": ["other", "gatehouse"]], ["exp": JSON(now.seconds - 59)], ["nbf": JSON(now.seconds + 60)],
            ["nbf": .null], ["iat": .null],
        ]
        for changes in accepted {
            let token = try await provider.token(Provider.claims(at: now, changes))
            #expect(await messageThrown { _ = try await identity.identify(.token(token)) } == "")
        }
    }

    @Test func aTokenThatWasFoundGoodStillExpires() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let token = try await provider.token(Provider.claims(at: premises.clock.now()))
        _ = try await identity.identify(.token(token))
        premises.clock.advance(by: .seconds(359))
        _ = try await identity.identify(.token(token))
        premises.clock.advance(by: .seconds(1))
        #expect(await messageThrown { _ = try await identity.identify(.token(token)) }.contains("expired"))
    }

    @Test func anUnsignedTokenIsRefused() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let claims = Provider.part(Provider.claims(at: premises.clock.now()))
        for name in ["none", "None", "NONE", "nOnE", ""] {
            let header = Provider.part(["alg": JSON(name), "kid": "ed", "typ": "JWT"])
            for signature in ["", "AAAA"] {
                let token = Secret("\(header).\(claims).\(signature)")
                #expect(await codeThrown { _ = try await identity.identify(.token(token)) } == .unauthenticated)
            }
        }
    }

    /// The classic: the public key, which everybody knows, used as the key of an HMAC.
    @Test func aPublicKeyIsNoSharedSecret() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let claims = Provider.part(Provider.claims(at: premises.clock.now()))
        let secrets: [[UInt8]] = [
            [UInt8](provider.edwards.publicKey.rawRepresentation),
            [UInt8](provider.rsa.publicKey.pemRepresentation.utf8),
            [UInt8]("secret".utf8),
        ]
        for (secret, id) in zip(secrets, ["ed", "rsa", "shared"]) {
            let signed = Provider.part(["alg": "HS256", "kid": JSON(id)]) + "." + claims
            let code = HMAC<SHA256>.authenticationCode(for: [UInt8](signed.utf8), using: SymmetricKey(data: secret))
            let token = Secret(signed + "." + Base64.encode(Array(code), .url))
            #expect(await messageThrown { _ = try await identity.identify(.token(token)) }.contains("not allowed"))
        }
    }

    @Test func aKeyServesOnlyItsOwnAlgorithm() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let claims = Provider.claims(at: premises.clock.now())
        let swapped: [(String, JSONObject)] = [
            ("EdDSA", ["alg": "ES256"]), ("EdDSA", ["kid": "ec"]), ("EdDSA", ["kid": "rsa"]),
            ("ES256", ["alg": "EdDSA"]),
            ("RS256", ["alg": "PS256"]), ("PS256", ["alg": "RS256"]), ("RS256", ["kid": "enc"]),
            ("RS256", ["kid": "ed"]),
            ("ES256", ["kid": "wrong-curve"]), ("RS384", [:]), ("RS256", ["alg": "RS384"]),
            ("EdDSA", ["kid": "unknown"]),
            ("EdDSA", ["crit": ["exp"]]), ("EdDSA", ["b64": false]), ("EdDSA", ["typ": "logout+jwt"]),
            ("EdDSA", ["typ": 1]),
        ]
        for (algorithm, header) in swapped {
            let token = try await provider.token(claims, algorithm, header: header)
            #expect(
                await codeThrown { _ = try await identity.identify(.token(token)) } == .unauthenticated,
                "\(algorithm) \(header)")
        }
        // And the swaps spoil nothing for those that are good.
        for algorithm in ["RS256", "PS256", "EdDSA", "ES256"] {
            let token = try await provider.token(claims, algorithm)
            #expect(await messageThrown { _ = try await identity.identify(.token(token)) } == "")
        }
    }

    @Test func withoutAnIDTheOnlyKeyForTheAlgorithmIsTaken() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let token = try await provider.token(
            Provider.claims(at: premises.clock.now()), header: ["kid": .null, "typ": "at+jwt"])
        #expect(try await identity.identify(.token(token)).name == "Ada")
    }

    @Test func onlyAllowedAlgorithmsCount() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings(algorithms: [.es256])).identity
        let now = premises.clock.now()
        let good = try await provider.token(Provider.claims(at: now), "ES256")
        let other = try await provider.token(Provider.claims(at: now), "EdDSA")
        #expect(try await identity.identify(.token(good)).name == "Ada")
        #expect(await messageThrown { _ = try await identity.identify(.token(other)) }.contains("not allowed"))
    }

    @Test func malformedTokensAreRefused() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let good = try await provider.token(Provider.claims(at: premises.clock.now())).expose()
        let padded = good.split(separator: ".").map { $0 + "=" }.joined(separator: ".")
        let deep = String(repeating: "[", count: 4000) + String(repeating: "]", count: 4000)
        let deepPart = Base64.encode([UInt8](deep.utf8), .url)
        let twice = Base64.encode([UInt8](#"{"alg":"EdDSA","alg":"none"}"#.utf8), .url)
        let huge = Provider.part(["x": JSON(String(repeating: "x", count: 20_000))])
        for text in [
            "", ".", "..", "...", "a.b.c", "\(good).", ".\(good)", "\(good).x", padded, " \(good)", "\(good)\n",
            "\(deepPart).\(deepPart).AAAA", "\(twice).e30.AAAA", "\(huge).e30.AAAA",
            String(repeating: ".", count: 16_000),
            String(repeating: "A", count: 1 << 20),
        ] {
            #expect(await codeThrown { _ = try await identity.identify(.token(Secret(text))) } == .unauthenticated)
        }
    }

    @Test func noMutationOfATokenIsBelieved() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let original = [UInt8](try await provider.token(Provider.claims(at: premises.clock.now())).expose().utf8)
        var numbers = SeededRandom(seed: 11)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        var tried = 0
        while tried < 5000, clock.now < end {
            var bytes = original
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0x2d...0x7a, using: &numbers), at: place)
                }
            }
            tried += 1
            if bytes == original { continue }
            let token = Secret(String(decoding: bytes, as: UTF8.self))
            #expect(await codeThrown { _ = try await identity.identify(.token(token)) } == .unauthenticated)
        }
        #expect(tried > 50)
    }

    @Test func subjectsThatDifferInBytesAreDifferentPrincipals() {
        let composed = TokenClaims.principalID(issuer: "i", subject: "caf\u{e9}")
        let decomposed = TokenClaims.principalID(issuer: "i", subject: "cafe\u{301}")
        #expect(composed != decomposed)
        #expect(
            TokenClaims.principalID(issuer: "i", subject: "a%20") != TokenClaims.principalID(issuer: "i", subject: "a ")
        )
        #expect(TokenClaims.principalID(issuer: "i", subject: "auth0|7#x") == "i#auth0|7#x")
    }

    @Test func theKillSwitchStopsTheBearerAndTheirOlderTokens() async throws {
        let premises = Premises()
        let provider = try Provider()
        let rooms = try await premises.open(provider.settings())
        let old = try await provider.token(Provider.claims(at: premises.clock.now()))
        let ada = try await rooms.identity.identify(.token(old))
        premises.clock.advance(by: .seconds(5))
        try await rooms.identity.kill(ada.id, reason: "test")
        #expect(await codeThrown { _ = try await rooms.identity.identify(.token(old)) } == .unauthenticated)
        try await rooms.identity.revive(ada.id)
        premises.clock.advance(by: .seconds(5))
        try rooms.vanish()
        let second = try await premises.open(provider.settings())
        #expect(
            await messageThrown { _ = try await second.identity.identify(.token(old)) }.contains(
                "before its bearer was stopped"))
        let new = try await provider.token(Provider.claims(at: premises.clock.now()))
        #expect(try await second.identity.identify(.token(new)) == ada)
    }

    @Test func reloadingTakesIssuersAwayAndKeepsWhatStoodWhenItFails() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings()).identity
        let token = try await provider.token(Provider.claims(at: premises.clock.now()))
        _ = try await identity.identify(.token(token))
        let broken = try provider.settings(keys: .inline("{}"))
        #expect(await codeThrown { try await identity.reload(broken) } == .invalid)
        #expect(try await identity.identify(.token(token)).name == "Ada")
        try await identity.reload(.standard)
        #expect(await codeThrown { _ = try await identity.identify(.token(token)) } == .unauthenticated)
    }
}

import Core
import JSON
import Testing

@testable import Gate

@Suite struct IdentityKeySetTests {
    private static let url = TokenIssuer.Keys.url("https://id.example/keys")

    private struct World {
        let premises: Premises
        let provider: Provider
        let server: KeyServer
        let identity: Identity

        init() async throws {
            premises = Premises()
            provider = try Provider()
            server = KeyServer(try provider.keySet())
            identity = try await premises.open(provider.settings(keys: IdentityKeySetTests.url), fetcher: server)
                .identity
        }

        /// A new token each time, so that none is known already.
        func token(_ keyID: String = "ed", subject: String) async throws -> Credential {
            let claims = Provider.claims(at: premises.clock.now(), ["sub": JSON(subject)])
            return .token(try await provider.token(claims, header: ["kid": JSON(keyID)]))
        }
    }

    @Test func keysAreFetchedOnceForManyCallers() async throws {
        let world = try await World()
        let credential = try await world.token(subject: "ada")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await world.identity.identify(credential) } }
            try await group.waitForAll()
        }
        #expect(world.server.fetches == 1)
    }

    @Test func madeUpKeyIDsDoNotFloodTheIssuer() async throws {
        let world = try await World()
        for round in 0..<300 {
            let credential = try await world.token("made-up-\(round)", subject: "s\(round)")
            #expect(await codeThrown { _ = try await world.identity.identify(credential) } == .unauthenticated)
            world.premises.clock.advance(by: .seconds(1))
        }
        // 300 seconds at one fetch in 30.
        #expect(world.server.fetches == 10)
    }

    @Test func aNewKeyIsFoundAfterThePause() async throws {
        let world = try await World()
        _ = try await world.identity.identify(try await world.token(subject: "a"))
        world.server.publish(try world.provider.keySet(edwardsID: "ed2"))
        #expect(
            await codeThrown { _ = try await world.identity.identify(try await world.token("ed2", subject: "b")) }
                == .unauthenticated)
        world.premises.clock.advance(by: .seconds(30))
        #expect(try await world.identity.identify(try await world.token("ed2", subject: "c")).id.hasSuffix("#c"))
        // A key that the issuer withdrew is no longer good.
        #expect(
            await codeThrown { _ = try await world.identity.identify(try await world.token("ed", subject: "d")) }
                == .unauthenticated)
        #expect(world.server.fetches == 2)
    }

    @Test func keysAreRenewedAndOutliveAnIssuerThatIsAway() async throws {
        let world = try await World()
        _ = try await world.identity.identify(try await world.token(subject: "a"))
        world.premises.clock.advance(by: .seconds(601))
        _ = try await world.identity.identify(try await world.token(subject: "b"))
        #expect(world.server.fetches == 2)
        world.server.setDown(true)
        world.premises.clock.advance(by: .seconds(23 * 3600))
        _ = try await world.identity.identify(try await world.token(subject: "c"))
        #expect(world.server.fetches == 3)
        world.premises.clock.advance(by: .seconds(3600))
        #expect(
            await codeThrown { _ = try await world.identity.identify(try await world.token(subject: "d")) }
                == .unavailable)
        world.server.setDown(false)
        world.premises.clock.advance(by: .seconds(30))
        _ = try await world.identity.identify(try await world.token(subject: "e"))
    }

    @Test func anIssuerThatPublishesRubbishIsUnavailable() async throws {
        let world = try await World()
        for body in ["", "[]", "{\"keys\":7}", "{\"keys\":[]}", String(repeating: "[", count: 100_000)] {
            world.server.publish(body)
            #expect(
                await codeThrown { _ = try await world.identity.identify(try await world.token(subject: "a")) }
                    == .unavailable)
            world.premises.clock.advance(by: .seconds(30))
        }
        world.server.publish(try world.provider.keySet())
        _ = try await world.identity.identify(try await world.token(subject: "a"))
    }

    @Test func aClockThatGoesBackDoesNotHoldUpTheNextFetchForLong() async throws {
        let world = try await World()
        world.server.setDown(true)
        #expect(
            await codeThrown { _ = try await world.identity.identify(try await world.token(subject: "a")) }
                == .unavailable)
        world.premises.clock.advance(by: .seconds(-86_400))
        world.server.setDown(false)
        #expect(
            await codeThrown { _ = try await world.identity.identify(try await world.token(subject: "b")) }
                == .unavailable)
        world.premises.clock.advance(by: .seconds(30))
        _ = try await world.identity.identify(try await world.token(subject: "c"))
    }

    @Test func withoutAFetcherTokensOfSuchIssuersAreRefused() async throws {
        let premises = Premises()
        let provider = try Provider()
        let identity = try await premises.open(provider.settings(keys: Self.url)).identity
        let token = try await provider.token(Provider.claims(at: premises.clock.now()))
        #expect(await codeThrown { _ = try await identity.identify(.token(token)) } == .unavailable)
    }
}

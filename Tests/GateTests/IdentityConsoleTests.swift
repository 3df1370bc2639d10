import Core
import Store
import Testing

@testable import Gate

@Suite struct IdentityConsoleTests {
    private static let times = ConsoleTimes(idle: .seconds(600), absolute: .seconds(3600))

    @Test func aLinkSignsInOnce() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let ada = try await rooms.identity.addPrincipal(kind: .person, name: "Ada", roles: ["admin"])
        let link = try await rooms.identity.signInLink(for: ada.id)
        let cookies = await withTaskGroup(of: Secret?.self) { group in
            for _ in 0..<32 { group.addTask { try? await rooms.identity.signIn(with: link) } }
            return await group.reduce(into: [Secret]()) { if let cookie = $1 { $0.append(cookie) } }
        }
        #expect(cookies.count == 1)
        let cookie = try #require(cookies.first)
        #expect(try await rooms.identity.identify(.console(cookie)) == ada)
        #expect(await codeThrown { _ = try await rooms.identity.signIn(with: link) } == .unauthenticated)
        #expect(await codeThrown { _ = try await rooms.identity.identify(.console(link)) } == .unauthenticated)
        #expect(await codeThrown { _ = try await rooms.identity.identify(.apiKey(cookie)) } == .unauthenticated)
    }

    @Test func aLinkLastsTenMinutesAndSurvivesARestart() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let ada = try await rooms.identity.addPrincipal(kind: .person, name: "Ada", roles: [])
        let early = try await rooms.identity.signInLink(for: ada.id)
        let late = try await rooms.identity.signInLink(for: ada.id)
        try rooms.vanish()
        let second = try await premises.open()
        premises.clock.advance(by: .seconds(599))
        let cookie = try await second.identity.signIn(with: early)
        premises.clock.advance(by: .seconds(1))
        #expect(await codeThrown { _ = try await second.identity.signIn(with: late) } == .unauthenticated)
        try second.vanish()
        let third = try await premises.open()
        #expect(try await third.identity.identify(.console(cookie)) == ada)
        #expect(await codeThrown { _ = try await third.identity.signIn(with: early) } == .unauthenticated)
    }

    @Test func aSignInEndsWhenIdleAndAtTheLatestAfterItsTime() async throws {
        let premises = Premises()
        let rooms = try await premises.open(GateSettings(console: Self.times))
        let ada = try await rooms.identity.addPrincipal(kind: .person, name: "Ada", roles: [])
        let idle = try await rooms.identity.signIn(with: try await rooms.identity.signInLink(for: ada.id))
        let used = try await rooms.identity.signIn(with: try await rooms.identity.signInLink(for: ada.id))
        for _ in 0..<7 {
            premises.clock.advance(by: .seconds(500))
            #expect(try await rooms.identity.identify(.console(used)) == ada)
        }
        #expect(await codeThrown { _ = try await rooms.identity.identify(.console(idle)) } == .unauthenticated)
        premises.clock.advance(by: .seconds(100))
        #expect(await codeThrown { _ = try await rooms.identity.identify(.console(used)) } == .unauthenticated)
        // Also when the clock goes back afterwards.
        premises.clock.advance(by: .seconds(-3000))
        #expect(await codeThrown { _ = try await rooms.identity.identify(.console(used)) } == .unauthenticated)
    }

    @Test func signingOutHoldsAcrossARestart() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let ada = try await rooms.identity.addPrincipal(kind: .person, name: "Ada", roles: [])
        let cookie = try await rooms.identity.signIn(with: try await rooms.identity.signInLink(for: ada.id))
        await rooms.identity.signOut(cookie)
        #expect(await codeThrown { _ = try await rooms.identity.identify(.console(cookie)) } == .unauthenticated)
        try rooms.vanish()
        let second = try await premises.open()
        #expect(await codeThrown { _ = try await second.identity.identify(.console(cookie)) } == .unauthenticated)
    }

    @Test func aUserOfThisMachineSignsIn() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let cookie = try await rooms.identity.signIn(with: try await rooms.identity.signInLink(for: "local:0"))
        let root = try await rooms.identity.identify(.console(cookie))
        #expect(root == Principal(id: "local:0", kind: .person, name: "root", roles: ["admin"]))
        #expect(await codeThrown { _ = try await rooms.identity.signInLink(for: "somebody") } == .notFound)
    }
}

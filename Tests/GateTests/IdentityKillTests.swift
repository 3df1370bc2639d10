import Core
import Store
import Testing

@testable import Gate

@Suite struct IdentityKillTests {
    @Test func theKillSwitchEndsEverythingAtOnceAndAcrossARestart() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        let cookie = try await rooms.identity.signIn(with: try await rooms.identity.signInLink(for: bot.id))
        let link = try await rooms.identity.signInLink(for: bot.id)
        let session = try rooms.sessions.enter(bot, session: nil, class: nil)
        try await rooms.sessions.flush()

        try await rooms.identity.kill(bot.id, reason: "leaked its key")
        for open in [
            rooms,
            try await {
                try rooms.vanish()
                return try await premises.open()
            }(),
        ] {
            #expect(open.identity.isStopped(bot.id))
            #expect(await codeThrown { _ = try await open.identity.identify(.apiKey(secret)) } == .unauthenticated)
            #expect(await codeThrown { _ = try await open.identity.identify(.console(cookie)) } == .unauthenticated)
            #expect(await codeThrown { _ = try await open.identity.signIn(with: link) } == .unauthenticated)
            #expect(await codeThrown { _ = try await open.identity.signInLink(for: bot.id) } == .unauthenticated)
            #expect(await codeThrown { _ = try open.sessions.current(session.id) } == .denied)
            // Nor does a request that was identified just before get a new one.
            #expect(await codeThrown { _ = try open.sessions.enter(bot, session: nil, class: nil) } == .denied)
            #expect(try await open.identity.stopped().map(\.reason) == ["leaked its key"])
        }
    }

    @Test func revivingBringsNothingBackButTheRightToStartAnew() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, old) = try await rooms.identity.createKey(for: bot.id, name: "old", expires: nil)
        #expect(await codeThrown { try await rooms.identity.revive(bot.id) } == .conflict)
        try await rooms.identity.kill(bot.id, reason: "test")
        #expect(
            await codeThrown { _ = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil) }
                == .conflict)
        try await rooms.identity.revive(bot.id)
        try rooms.vanish()
        let second = try await premises.open()
        #expect(!second.identity.isStopped(bot.id))
        _ = try second.sessions.enter(bot, session: nil, class: nil)
        #expect(await codeThrown { _ = try await second.identity.identify(.apiKey(old)) } == .unauthenticated)
        let (_, new) = try await second.identity.createKey(for: bot.id, name: "new", expires: nil)
        #expect(try await second.identity.identify(.apiKey(new)).id == bot.id)
    }

    @Test func localUsersCanBeStoppedButNotTheOwner() async throws {
        let premises = Premises()
        let identity = try await premises.open().identity
        try await identity.kill("local:4001", reason: "left")
        #expect(
            await codeThrown { _ = try await identity.identify(.localUser(uid: 4001, name: "eve")) } == .unauthenticated
        )
        #expect(await codeThrown { try await identity.kill("local:0", reason: "no") } == .denied)
        #expect(await codeThrown { try await identity.kill("prn_none", reason: "no") } == .notFound)
        #expect(await codeThrown { try await identity.kill("local:4002", reason: "") } == .invalid)
    }

    @Test func keysInUseFromManyTasksEndTogether() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    // Ends only because the switch is thrown.
                    while (try? await rooms.identity.identify(.apiKey(secret))) != nil { await Task.yield() }
                }
            }
            group.addTask { try await rooms.identity.kill(bot.id, reason: "test") }
            try await group.waitForAll()
        }
        #expect(rooms.identity.isStopped(bot.id))
    }
}

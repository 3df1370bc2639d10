import Core
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

@testable import Gate

@Suite struct IdentityKeyTests {
    @Test func aKeyIdentifiesItsPrincipal() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "deploy-bot", roles: ["operator"])
        let (key, secret) = try await rooms.identity.createKey(for: bot.id, name: "laptop", expires: nil)
        #expect(try await rooms.identity.identify(.apiKey(secret)) == bot)
        #expect(key.id.utf8.count == 8)
        #expect(secret.expose().hasPrefix("gh_\(key.id)_"))
        #expect(secret.expose().utf8.count == 61)
        #expect(try await rooms.identity.keys().map(\.lastUsed) == [premises.clock.now()])
    }

    @Test func nothingOnDiskHoldsTheSecret() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        let link = try await rooms.identity.signInLink(for: bot.id)
        let cookie = try await rooms.identity.signIn(with: try await rooms.identity.signInLink(for: bot.id))
        try await rooms.store.checkpoint()
        for file in try FileManager.default.contentsOfDirectory(atPath: premises.folder) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: premises.folder + "/" + file))
            for hidden in [secret, link, cookie] {
                #expect(bytes.range(of: Data(hidden.expose().suffix(40).utf8)) == nil)
            }
        }
    }

    @Test func aKeyIsKnownAfterARestartAndNotUnderAnotherSecretKey() async throws {
        let premises = Premises()
        let first = try await premises.open()
        let bot = try await first.identity.addPrincipal(kind: .agent, name: "bot", roles: ["viewer"])
        let (_, secret) = try await first.identity.createKey(for: bot.id, name: "k", expires: nil)
        try first.vanish()
        let second = try await premises.open()
        #expect(try await second.identity.identify(.apiKey(secret)) == bot)
        let other = try await Identity(
            store: second.store, secretKey: [UInt8](repeating: 9, count: 32), settings: .standard,
            sessions: second.sessions,
            clock: premises.clock)
        #expect(await codeThrown { _ = try await other.identify(.apiKey(secret)) } == .unauthenticated)
    }

    @Test func aRevokedKeyIsRefusedAtOnceAndAfterARestart() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (key, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        try await rooms.identity.revokeKey(key.id)
        try await rooms.identity.revokeKey(key.id)
        #expect(await messageThrown { _ = try await rooms.identity.identify(.apiKey(secret)) }.contains("revoked"))
        try rooms.vanish()
        let second = try await premises.open()
        #expect(await codeThrown { _ = try await second.identity.identify(.apiKey(secret)) } == .unauthenticated)
        #expect(await codeThrown { try await second.identity.revokeKey("nonesuch") } == .notFound)
    }

    @Test func aKeyExpires() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: .seconds(60))
        premises.clock.advance(by: .seconds(59))
        #expect(try await rooms.identity.identify(.apiKey(secret)).id == bot.id)
        premises.clock.advance(by: .seconds(1))
        #expect(await messageThrown { _ = try await rooms.identity.identify(.apiKey(secret)) }.contains("expired"))
        #expect(
            await codeThrown { _ = try await rooms.identity.createKey(for: bot.id, name: "k", expires: .zero) }
                == .invalid)
    }

    @Test func whenAKeyWasLastUsedIsWrittenBehind() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        premises.clock.advance(by: .seconds(30))
        _ = try await rooms.identity.identify(.apiKey(secret))
        try await rooms.identity.flush()
        try rooms.vanish()
        let second = try await premises.open()
        #expect(try await second.identity.keys().map(\.lastUsed) == [premises.clock.now()])
    }

    @Test func anyAlteredKeyIsRefused() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        let original = [UInt8](secret.expose().utf8)
        var numbers = SeededRandom(seed: 7)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        var tried = 0
        while tried < 20_000, clock.now < end {
            var bytes = original
            for _ in 0...Int.random(in: 0..<3, using: &numbers) {
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0:
                    bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &numbers))
                case 2:
                    bytes.insert(
                        UInt8.random(in: 0...255, using: &numbers), at: Int.random(in: 0..<bytes.count, using: &numbers)
                    )
                default:
                    bytes.swapAt(
                        Int.random(in: 0..<bytes.count, using: &numbers),
                        Int.random(in: 0..<bytes.count, using: &numbers))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            tried += 1
            if text == secret.expose() { continue }
            #expect(
                await codeThrown { _ = try await rooms.identity.identify(.apiKey(Secret(text))) } == .unauthenticated)
        }
        #expect(tried > 100)
    }

    @Test func aSecretWithAnotherIdOrAForgedCheckIsRefused() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, first) = try await rooms.identity.createKey(for: bot.id, name: "a", expires: nil)
        let (second, _) = try await rooms.identity.createKey(for: bot.id, name: "b", expires: nil)
        let swapped = "gh_\(second.id)" + first.expose().dropFirst(11)
        #expect(KeyText(swapped) == nil)
        // A well-formed key that nobody made.
        #expect(
            await codeThrown { _ = try await rooms.identity.identify(.apiKey(Secret(KeyText.random().text))) }
                == .unauthenticated)
    }

    @Test func theCheckIsTheUsualCRC() {
        #expect(CRC32.of("123456789".utf8) == 0xcbf4_3926)
    }

    @Test func principalsAreChecked() async throws {
        let premises = Premises()
        let identity = try await premises.open().identity
        #expect(await codeThrown { _ = try await identity.addPrincipal(kind: .agent, name: "", roles: []) } == .invalid)
        #expect(
            await codeThrown { _ = try await identity.addPrincipal(kind: .agent, name: "a\u{0}b", roles: []) }
                == .invalid)
        #expect(
            await codeThrown { _ = try await identity.addPrincipal(kind: .agent, name: "a", roles: ["Admin!"]) }
                == .invalid)
        #expect(
            await codeThrown { _ = try await identity.createKey(for: "prn_none", name: "k", expires: nil) } == .notFound
        )
        let bot = try await identity.addPrincipal(kind: .service, name: "bot", roles: ["viewer"])
        #expect(try await identity.principal(bot.id) == bot)
        #expect(try await identity.principals() == [bot])
    }

    @Test func aRemovedPrincipalLosesItsKeys() async throws {
        let premises = Premises()
        let rooms = try await premises.open()
        let bot = try await rooms.identity.addPrincipal(kind: .agent, name: "bot", roles: [])
        let (_, secret) = try await rooms.identity.createKey(for: bot.id, name: "k", expires: nil)
        let session = try rooms.sessions.enter(bot, session: nil, class: nil)
        try await rooms.identity.removePrincipal(bot.id)
        #expect(await codeThrown { _ = try await rooms.identity.identify(.apiKey(secret)) } == .unauthenticated)
        #expect(await codeThrown { _ = try rooms.sessions.current(session.id) } == .denied)
        try rooms.vanish()
        let second = try await premises.open()
        #expect(try await second.identity.keys().isEmpty)
    }

    @Test func localUsersHaveTheRolesThatAreConfigured() async throws {
        let premises = Premises()
        let listed: [String: Set<String>] = ["4001": ["operator"], "grace": ["security_lead"]]
        let rooms = try await premises.open(GateSettings(localUsers: LocalUserRoles(listed: listed)))
        let identity = rooms.identity
        #expect(try await identity.identify(.localUser(uid: 4001, name: "grace")).roles == ["operator"])
        #expect(try await identity.identify(.localUser(uid: 4002, name: "grace")).roles == ["security_lead"])
        #expect(try await identity.identify(.localUser(uid: 4003, name: "mallory")).roles == ["viewer"])
        #expect(try await identity.identify(.localUser(uid: 0, name: "root")).roles == ["admin"])
        #expect(try await identity.identify(.localUser(uid: geteuid(), name: "me")).id == "local:\(geteuid())")
        #expect(try await identity.identify(.localUser(uid: geteuid(), name: "me")).roles == ["admin"])
        #expect(LocalUsers.uid(of: "local:007") == nil)
        #expect(LocalUsers.uid(of: "local:-1") == nil)
        #expect(LocalUsers.uid(of: "local:4294967296") == nil)
    }
}

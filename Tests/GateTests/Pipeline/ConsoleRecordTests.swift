import Core
import JSON
import Ledger
import Testing

@testable import Gate

@Suite struct ConsoleRecordTests {
    @Test func signingInAndOutIsOnTheRecord() async throws {
        let house = try await House.open()
        let ada = try await house.gate.identity.addPrincipal(kind: .person, name: "Ada", roles: ["admin"])
        let link = try await house.gate.signInLink(for: ada.id, from: "unix:ada")
        let cookie = try await house.gate.signIn(with: link, from: "192.0.2.7")
        await house.gate.signOut(cookie, from: "192.0.2.8")
        let entries = try house.access()
        #expect(entries.map { $0["state"]?.string } == ["link_made", "signed_in", "signed_out"])
        #expect(entries.map { $0["peer"]?.string } == ["unix:ada", "192.0.2.7", "192.0.2.8"])
        #expect(entries.allSatisfy { $0["principal"]?.string == ada.id })
        // The same link and the same sign-in have the same names.
        #expect(entries[0]["link"]?.string?.count == 16 && entries[0]["link"] == entries[1]["link"])
        #expect(entries[1]["sign_in"]?.string?.count == 16 && entries[1]["sign_in"] == entries[2]["sign_in"])
        let written = entries.map { $0.text() }.joined()
        #expect(!written.contains(link.expose()) && !written.contains(cookie.expose()))
    }

    @Test func aRefusedSignInIsOnTheRecordWithTheLinkThatWasTried() async throws {
        let house = try await House.open()
        let ada = try await house.gate.identity.addPrincipal(kind: .person, name: "Ada", roles: ["admin"])
        let link = try await house.gate.signInLink(for: ada.id, from: "unix:ada")
        _ = try await house.gate.signIn(with: link, from: "192.0.2.7")
        #expect(await code { try await house.gate.signIn(with: link, from: "198.51.100.9") } == .unauthenticated)
        let entries = try house.access()
        let refused = try #require(entries.last)
        #expect(refused["state"] == "refused" && refused["peer"] == "198.51.100.9")
        #expect(refused["link"] == entries[0]["link"] && refused["principal"] == nil && refused["further"] == nil)
        #expect(refused["error"]?.string?.contains("was used") == true)
        #expect(!refused.text().contains(link.expose()))
    }

    @Test func nobodyFillsTheLedgerWithRefusals() async throws {
        let house = try await House.open()
        for number in 0..<500 {
            let token = Secret("ghl_\(number)")
            #expect(await code { try await house.gate.signIn(with: token, from: "198.51.100.9") } == .unauthenticated)
        }
        // A minute of refusals has room for ten more.
        #expect((RefusalMeter.burst...RefusalMeter.burst + 10).contains(try house.access().count))
    }

    @Test func whatIsPassedOverIsCounted() {
        var meter = RefusalMeter()
        let start = ContinuousClock.now
        let first = (0..<25).map { _ in meter.take(at: start) }
        #expect(first == Array(repeating: 0, count: 10) + Array(repeating: nil, count: 15))
        #expect(meter.takeRest(at: start + .seconds(5)) == nil)
        #expect(meter.take(at: start + .seconds(6)) == 15)
        #expect(meter.take(at: start + .seconds(11)) == nil)
        #expect(meter.takeRest(at: start + .seconds(12)) == 1)
        #expect(meter.takeRest(at: start + .seconds(3600)) == nil)
        // Quiet time is saved up for no more than the burst.
        let later = (0..<12).map { _ in meter.take(at: start + .seconds(3600)) }
        #expect(later.compactMap(\.self).count == 10)
    }

    @Test func aSignInThatCannotBeRecordedIsNone() async throws {
        let house = try await House.open()
        let ada = try await house.gate.identity.addPrincipal(kind: .person, name: "Ada", roles: ["admin"])
        let link = try await house.gate.signInLink(for: ada.id, from: "unix:ada")
        await house.ledger.close()
        do {
            _ = try await house.gate.signIn(with: link, from: "192.0.2.7")
            Issue.record("signed in without a record")
        } catch let error as GatehouseError {
            #expect(error.code == .unavailable)
        }
        // Nothing is left of it: the link is used up, and no cookie is known.
        await #expect(throws: GatehouseError.self) { try await house.gate.signIn(with: link, from: "192.0.2.7") }
    }

    @Test func anUnknownCookieLeavesNoRecord() async throws {
        let house = try await House.open()
        await house.gate.signOut(Secret("ghc_nobody"), from: "192.0.2.7")
        #expect(try house.access().isEmpty)
    }
}

extension House {
    fileprivate func access() throws -> [JSON] { try records().filter { $0["type"] == "access" } }
}

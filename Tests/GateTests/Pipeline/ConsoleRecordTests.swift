import Core
import JSON
import Ledger
import Testing

@testable import Gate

@Suite struct ConsoleRecordTests {
    @Test func signingInAndOutIsOnTheRecord() async throws {
        let house = try await House.open()
        let ada = try await house.gate.identity.addPrincipal(kind: .person, name: "Ada", roles: ["admin"])
        let link = try await house.gate.signInLink(for: ada.id)
        let cookie = try await house.gate.signIn(with: link)
        await house.gate.signOut(cookie)
        let entries = try house.records().filter { $0["type"] == "access" }
        #expect(entries.map { $0["state"]?.string } == ["link_made", "signed_in", "signed_out"])
        #expect(entries.allSatisfy { $0["principal"]?.string == ada.id })
        let written = entries.map { $0.text() }.joined()
        #expect(!written.contains(link.expose()) && !written.contains(cookie.expose()))
    }

    @Test func aSignInThatCannotBeRecordedIsNone() async throws {
        let house = try await House.open()
        let ada = try await house.gate.identity.addPrincipal(kind: .person, name: "Ada", roles: ["admin"])
        let link = try await house.gate.signInLink(for: ada.id)
        await house.ledger.close()
        do {
            _ = try await house.gate.signIn(with: link)
            Issue.record("signed in without a record")
        } catch let error as GatehouseError {
            #expect(error.code == .unavailable)
        }
        // Nothing is left of it: the link is used up, and no cookie is known.
        await #expect(throws: GatehouseError.self) { try await house.gate.signIn(with: link) }
    }

    @Test func anUnknownCookieLeavesNoRecord() async throws {
        let house = try await House.open()
        await house.gate.signOut(Secret("ghc_nobody"))
        #expect(try house.records().filter { $0["type"] == "access" }.isEmpty)
    }
}

import Core
import JSON
import Ledger
import Testing

@testable import Gate

@Suite("Tools of the ledger")
struct LedgerToolTests {
    private func request(_ tool: String, _ arguments: JSON) -> ActionRequest {
        ActionRequest(tool: tool, target: "ledger:entries", arguments: arguments)
    }

    @Test("Erasing takes two people, a hold refuses it, and the ledger proves all the while")
    func eraseAndHold() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        let (lee, kim) = (try house.caller("lee", "admin"), try house.caller("kim", "security_lead"))
        _ = try await house.changed("a", to: "2")
        let range: JSON = ["from": 0, "to": 1, "reason": "a request under article 17"]

        let hold = try house.waiting(try await house.gate.submit(request("ledger.hold", range), as: olga))
        let held = try house.performed(try await house.gate.approve(hold.id, by: lee, reason: "a dispute"))
        guard case .answered(_, let answer, _) = held else { return #expect(Bool(false), "the hold was not placed") }
        let id = try #require(answer.value["hold"]?.int)

        let refused = try house.waiting(try await house.gate.submit(request("ledger.erase", range), as: olga))
        #expect(refused.rule.quorum == 2)
        _ = try await house.gate.approve(refused.id, by: lee, reason: "yes")
        #expect(await code { try await house.gate.approve(refused.id, by: kim, reason: "yes") } == .conflict)
        #expect(try house.ledger.entry(0).payload != nil)

        let release = try house.waiting(
            try await house.gate.submit(request("ledger.release", ["hold": JSON(id), "reason": "settled"]), as: olga))
        _ = try house.performed(try await house.gate.approve(release.id, by: lee, reason: "it is settled"))
        let erase = try house.waiting(try await house.gate.submit(request("ledger.erase", range), as: olga))
        _ = try await house.gate.approve(erase.id, by: lee, reason: "yes")
        _ = try house.performed(try await house.gate.approve(erase.id, by: kim, reason: "yes"))
        #expect(try house.ledger.entry(0).isErased)
        #expect(try house.ledger.inclusionProof(0).holds)
    }

    @Test("Entries that are not there are refused")
    func ranges() async throws {
        let house = try await House.open()
        let olga = try house.caller("olga", "operator")
        for arguments: JSON in [
            ["from": 3, "to": 2, "reason": "backwards"], ["from": 0, "to": 1_000_000, "reason": "beyond the end"],
            ["from": -1, "to": 0, "reason": "before the beginning"], ["from": 0.5, "to": 1, "reason": "between"],
        ] {
            #expect(
                await code { try await house.gate.submit(request("ledger.erase", arguments), as: olga) } == .invalid)
        }
    }
}

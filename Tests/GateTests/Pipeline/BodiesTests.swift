import Core
import JSON
import Ledger
import Testing

@testable import Gate

@Suite("Bodies on the record")
struct BodiesTests {
    private struct Parcel: Cargo {
        var said: JSON? = ["request": [["text": "open it"]]]
        var fails = false

        func inspect(for principal: Principal, in session: Session) async throws -> CargoInspection {
            CargoInspection(digest: "abc")
        }

        func bodies() throws -> JSON? {
            if fails { throw Unexpected("unreadable") }
            return said
        }
    }

    private func house(_ logging: SessionClass.Logging = .required, inspectors: [any Inspector] = []) async throws
        -> House
    {
        let kept = SessionClass(
            name: "kept", retention: .seconds(2 * 86_400), logging: logging, approval: .auto, bodies: true)
        let tool = ScriptedTool("test.ship") { _, _ in Answer(["ok": true]) }
        return try await House.open(
            settings: GateSettings(sessionClasses: ["kept": kept]), decider: AllowAll(), inspectors: inspectors,
            tools: [tool])
    }

    private func ship(_ house: House, _ parcel: Parcel, class name: String? = "kept") async throws -> [JSON] {
        let caller = try house.caller("ada", "admin", class: name)
        _ = try await house.gate.submit(ActionRequest(tool: "test.ship", target: "x"), as: caller, carrying: parcel)
        return try house.records()
    }

    @Test("They are kept where the class says so, in an entry of their own that retention erases with the rest")
    func kept() async throws {
        let house = try await house()
        let records = try await ship(house, Parcel())
        #expect(records.map { $0["type"]?.string } == ["intent", "bodies", "outcome"])
        #expect(records[1]["bodies"]?["request"]?[0]?["text"] == "open it")
        #expect(records[1]["class"] == "kept" && records[1]["retention"] == 172_800)
        #expect(records[1]["action"]?.string == records[0]["action"]?.string)
        let entry = try house.ledger.entry(1)
        #expect(RetentionMark(try #require(entry.payload)).term == .session(172_800))
        _ = try await house.ledger.erase([1..<2], by: "test", reason: "over")
        #expect(try house.records().map { $0["type"]?.string }.contains("bodies") == false)
    }

    @Test("Nowhere else: not in another class, not where reads go unrecorded, not without cargo that has any")
    func notKept() async throws {
        #expect(try await ship(house(), Parcel(), class: nil).count == 2)
        #expect(try await ship(house(.optional), Parcel()).isEmpty)
        #expect(try await ship(house(), Parcel(said: nil)).count == 2)
    }

    @Test("What an inspector does not let pass, or cannot be told apart, is withheld; the call is on the record")
    func withheld() async throws {
        for parcel in [Parcel(said: ["text": "forbidden"]), Parcel(said: ["text": "explode"]), Parcel(fails: true)] {
            let records = try await ship(house(inspectors: [WordInspector()]), parcel)
            #expect(records.map { $0["type"]?.string } == ["intent", "bodies", "outcome"])
            #expect(records[1]["bodies"] == ["withheld": true])
        }
        let records = try await ship(house(inspectors: [WordInspector()]), Parcel(said: ["text": "sesame"]))
        #expect(records[1]["bodies"] == ["text": "[redacted]"])
    }

    @Test("A session keeps its class, with its bodies, over a restart")
    func restart() async throws {
        let house = try await house()
        let caller = try house.caller("ada", "admin", class: "kept")
        try await house.gate.sessions.flush()
        let again = try await house.reopened()
        #expect(try again.gate.sessions.current(caller.session.id).sessionClass.bodies)
    }
}

import Core
import JSON
import Synchronization
import Testing

@testable import Gate

@Suite("Requests that are refused before they are actions")
struct RefusedRequestTests {
    private func code(_ house: House, _ request: ActionRequest, _ caller: Caller) async -> GatehouseError.Code? {
        do { _ = try await house.gate.submit(request, as: caller) } catch { return GatehouseError.wrapping(error).code }
        return nil
    }

    @Test("They are on the record: who, in which session, why")
    func recorded() async throws {
        let house = try await House.open(decider: AllowAll())
        let ada = try house.caller("ada", "admin")
        #expect(await code(house, ActionRequest(tool: "world.gte", target: "x"), ada) == .notFound)
        #expect(
            await code(house, ActionRequest(tool: "world.get", target: "y", arguments: ["kye": 1]), ada) == .invalid)
        await house.gate.recordRefusal(
            of: "world.get", by: ada.principal, in: nil, GatehouseError("test", .invalid, "no JSON"))
        let records = try house.records()
        #expect(records.count == 3)
        for record in records {
            #expect(record["type"] == "decision" && record["state"] == "refused" && record["principal"] == "test#ada")
            #expect(record["error"]?.string?.isEmpty == false && record["action"]?.string?.hasPrefix("act_") == true)
        }
        #expect(records[0]["tool"] == nil && records[0]["session"]?.string == ada.session.id)
        #expect(records[1]["tool"] == "world.get" && records[1]["target"] == "y")
        #expect(records[2]["error"] == "no JSON" && records[2]["session"] == nil)
        #expect(house.world.log.isEmpty)
    }

    @Test("What the inspectors do not let pass is not recorded of them")
    func inspected() async throws {
        let house = try await House.open(decider: AllowAll(), inspectors: [WordInspector()])
        let ada = try house.caller("ada", "admin")
        for word in ["sesame", "forbidden", "explode"] {
            let request = ActionRequest(tool: "world.get", target: word, arguments: ["kye": .string(word)])
            #expect(await code(house, request, ada) == .invalid)
            await house.gate.recordRefusal(
                of: "world.get", by: ada.principal, in: ada.session, GatehouseError("test", .invalid, "not \(word)"))
        }
        let records = try house.records()
        #expect(records.count == 6)
        for word in ["sesame", "forbidden", "explode"] { #expect(!records.contains { $0.text().contains(word) }) }
    }

    @Test("Nobody fills the ledger with them, and nobody's are hidden behind those of others")
    func bounded() async throws {
        let house = try await House.open(decider: AllowAll())
        let (ada, ben) = (try house.caller("ada", "admin"), try house.caller("ben", "admin"))
        for _ in 0..<500 { #expect(await code(house, ActionRequest(tool: "no.tool", target: "x"), ada) == .notFound) }
        #expect(await code(house, ActionRequest(tool: "no.tool", target: "x"), ben) == .notFound)
        let records = try house.records()
        #expect((RefusalMeter.burst + 1...RefusalMeter.burst + 3).contains(records.count))
        #expect(records.filter { $0["principal"] == "test#ben" }.count == 1)
    }

    @Test("Those that were passed over are counted, each to whom they belong")
    func meters() {
        var meters = RefusalMeters()
        let start = ContinuousClock.now
        for _ in 0..<15 { _ = meters.take("a", at: start) }
        #expect(meters.take("b", at: start) == 0)
        #expect(meters.takeRest(at: start).isEmpty)
        let rest = meters.takeRest(at: start + RefusalMeter.pace)
        #expect(rest.map(\.principalID) == ["a"] && rest.map(\.further) == [5])
        for number in 0..<2 * RefusalMeters.greatest { _ = meters.take("\(number)", at: start + RefusalMeter.pace) }
        let recorded = (0..<100).filter { meters.take("new\($0)", at: start + RefusalMeter.pace) != nil }.count
        #expect(recorded == 0, "beyond so many, they share one")
        #expect(meters.take("late", at: start + RefusalMeter.pace * 100) != nil)
    }
}

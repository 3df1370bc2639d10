import Core
import JSON
import Ledger
import Store
import TestSupport
import Testing

@testable import Gate

@Suite("Hostile and random input")
struct HostileTests {
    private func value(_ random: inout SeededRandom, depth: Int = 0) -> JSON {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return JSON(Int.random(in: -20...20, using: &random))
        case 3:
            return JSONNumber(
                spelling: ["1e999", "-0", "0.1", "123456789012345678901234567890"].randomElement(using: &random) ?? "0"
            )
            .map { .number($0) } ?? .null
        case 4: return .string(["", "a", "\u{0}", "e\u{301}", "type", "🏳️‍🌈"].randomElement(using: &random) ?? "")
        case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            var object = JSONObject()
            let keys = [
                "type", "properties", "required", "items", "enum", "additionalProperties", "minimum", "maxLength", "a",
                "b",
            ]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[keys.randomElement(using: &random) ?? ""] = value(&random, depth: depth + 1)
            }
            return .object(object)
        }
    }

    @Test("Any schema is taken or refused, and any arguments are accepted or refused by it, without a crash")
    func schemas() throws {
        var random = SeededRandom(seed: 42)
        var accepted = 0
        for _ in 0..<20_000 {
            guard let schema = try? ArgumentSchema(value(&random), of: "a.b") else { continue }
            let arguments = value(&random)
            let first = Result { try schema.check(arguments, of: "a.b") }
            let second = Result { try schema.check(arguments, of: "a.b") }
            #expect((try? first.get()) != nil || (try? second.get()) == nil)
            if case .success = first { accepted += 1 }
        }
        #expect(accepted > 100)
    }

    @Test("Whatever is submitted is answered or refused, and nothing acts without its intent")
    func submissions() async throws {
        let house = try await House.open(decider: AllowAll(), inspectors: [WordInspector()])
        let ada = try house.caller("ada", "admin")
        var random = SeededRandom(seed: 7)
        let tools = [
            "world.get", "world.set", "world.delete", "world.reveal", "", "world", "gate.key.create",
            "gate.session.end",
        ]
        for _ in 0..<300 {
            let request = ActionRequest(
                tool: tools.randomElement(using: &random) ?? "", target: value(&random).text(),
                arguments: value(&random),
                reason: value(&random).string)
            do { _ = try await house.gate.submit(request, as: ada) } catch { #expect(error is GatehouseError) }
        }
        let done = house.world.log.count { $0 != "preview" && $0 != "reconcile" }
        #expect(try house.records().count { $0["type"] == "intent" } >= done)
    }

    /// Some people vote, deny, are stopped, or time passes, in any order and with restarts: a `destroy` is performed at most once, and only
    /// when two different people who may have agreed and nobody has denied.
    @Test("No order of events performs an action twice or without its quorum", arguments: 0..<12)
    func anyOrder(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var house = try await House.open()
        let approval = try house.waiting(
            try await house.gate.submit(.delete("a"), as: house.caller("olga", "operator", "admin")))
        var agreed = Set<String>()
        var isSettled = false
        for _ in 0..<14 {
            let name = ["olga", "lee", "ann", "bob", "vera"].randomElement(using: &random) ?? ""
            let roles = name == "vera" ? "viewer" : "admin"
            switch Int.random(in: 0..<10, using: &random) {
            case 0: house = try await house.reopened()
            case 1: house.clock.advance(by: .seconds(600))
            case 2:
                if (try? await house.gate.deny(approval.id, by: house.caller(name, roles), reason: "no")) != nil {
                    isSettled = true
                }
            case 3:
                try? await house.gate.identity.kill("test#\(name)", reason: "out")
                agreed.remove("test#\(name)")
                if name == "olga" { isSettled = true }
            default:
                let now = house.clock.now()
                guard let voter = try? house.caller(name, roles) else { continue }
                let outcome = try? await house.gate.approve(approval.id, by: voter, reason: "yes")
                guard let outcome else { continue }
                #expect(!isSettled && now < approval.expires && name != "olga" && name != "vera")
                #expect(agreed.insert("test#\(name)").inserted)
                if case .performed = outcome {
                    #expect(agreed.count >= 2)
                    isSettled = true
                }
            }
        }
        let count = house.world.log.count { $0 == "delete" }
        #expect(count <= 1)
        #expect(try house.records().count { $0["type"] == "intent" } == count)
        #expect((house.world.values["a"] == nil) == (count == 1))
    }
}

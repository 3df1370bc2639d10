import JSON
import Testing

@testable import Agents

@Suite("The oracle") struct OracleTests {
    @Test func whatIsExploitedComesFirstAndOneStepMendsWhatOneChangeCan() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await repository.exploit()
        try await PatternHouse.with(repository) { house in
            let seen = try await house.output("explorer", ["path": .string(repository.root)])
            let output = try await house.output(
                "oracle",
                [
                    "findings": seen["findings"] ?? [], "map": seen["map"] ?? [:], "threats": seen["threats"] ?? [],
                    "gaps": seen["gaps"] ?? [],
                ])
            #expect(output["risk"]?["level"] == "critical")
            let ranked = output["ranked"]?.array ?? []
            #expect(ranked.first?["title"]?.string?.contains("log4j-core 2.14.1") == true)
            #expect(ranked.first?["because"]?.array?.first == "known to be exploited")
            let levels = ranked.compactMap { $0["level"]?.string.flatMap(RiskLevel.init(rawValue:)) }
            #expect(levels == levels.sorted(by: >) && levels.count == ranked.count)
            let given = Set((seen["findings"]?.array ?? []).compactMap { $0["id"]?.string })
            #expect(Set(ranked.filter { $0["kind"] == "finding" }.compactMap { $0["id"]?.string }) == given)
            let plan = output["plan"]?.array ?? []
            #expect(
                plan.first?["do"]?.string?.hasPrefix(
                    "billing/pom.xml: Upgrade org.apache.logging.log4j:log4j-core to 2.15.0") == true)
            let planned = plan.flatMap { $0["findings"]?.array ?? [] }.compactMap(\.string)
            #expect(Set(planned) == given && planned.count == given.count)
            #expect(ranked.contains { $0["kind"] == "threat" })
        }
    }

    @Test func theAssetCountsAndWhatIsNotKnownIsSaid() async throws {
        let repository = try PlantedRepository(["web/requirements.txt": Planted.requirements])
        try await repository.advise([PlantedRepository.django])
        try await PatternHouse.with(repository) { house in
            _ = try await house.output("explorer", ["path": .string(repository.root)])
            let plain = try await house.output("oracle", [:])
            let critical = try await house.output("oracle", ["asset": ["criticality": "critical"]])
            let (level, raised) = (Self.level(plain), Self.level(critical))
            #expect(level >= .medium && raised == level.raised && raised > level)
            let gaps = (plain["gaps"]?.array ?? []).compactMap { $0["about"]?.string }
            #expect(Set(["exploitation", "asset", "exposure"]).isSubset(of: gaps))
            #expect(critical["gaps"]?.array?.contains { $0["about"] == "asset" } == false)
        }
    }

    private static func level(_ output: JSON) -> RiskLevel {
        output["risk"]?["level"]?.string.flatMap(RiskLevel.init(rawValue:)) ?? .nothing
    }

    @Test func nothingOpenIsNoRisk() async throws {
        let repository = try PlantedRepository(["README.md": "hello\n"])
        try await PatternHouse.with(repository) { house in
            let output = try await house.output("oracle", ["path": .string(repository.root), "findings": []])
            #expect(output["risk"]?["level"] == "none" && output["risk"]?["score"] == 0)
            #expect(output["plan"]?.array?.isEmpty == true)
        }
    }
}

import Flow
import Gate
import JSON
import TestSupport
import Testing

@testable import Agents

@Suite("Compliance, without a model") struct ComplianceTests {
    @Test func controlsThatAreNotMetAreListedAndSomebodySigns() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await PatternHouse.with(repository) { house in
            let run = try await house.start(
                "compliance", ["path": .string(repository.root), "framework": "CIS-AWS"])
            let approval = try await house.agree()
            #expect(approval.preview.diff.contains("| CIS-AWS-3.0 | 2.1.4 | not met |"), "\(approval.preview.diff)")
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["signed"] == true)
            #expect(outputs["not_met"]?.array?.contains("2.1.4 of CIS-AWS-3.0 is not met") == true)
            let report = try #require(outputs["report"]?.string)
            let rows = report.split(separator: "\n").filter { $0.contains("| not met |") }
            #expect(!rows.isEmpty && rows.allSatisfy { $0.hasPrefix("| CIS-AWS") })
            for (path, text) in Planted.shop { #expect(try repository.tree.text(path) == text) }
        }
    }

    @Test func whatNobodySignsIsNotSigned() async throws {
        let repository = try PlantedRepository(["infra/main.tf": Planted.terraform])
        try await PatternHouse.with(repository) { house in
            let run = try await house.start("compliance", ["path": .string(repository.root)])
            try await house.refuse()
            let outputs = try #require(try await house.until(run, .succeeded).outputs)
            #expect(outputs["signed"] == false && outputs["report"]?.string?.contains("## Controls") == true)
        }
    }
}

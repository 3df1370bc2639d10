import JSON
import TestSupport
import Testing

@testable import Agents

@Suite("The explorer") struct ExplorerTests {
    @Test func itMapsWhatThereIsWithThePlaceThatShowsIt() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await PatternHouse.with(repository) { house in
            let result = try await house.run("explorer", ["path": .string(repository.root)])
            let output = try #require(result["output"])
            let map = try #require(output["map"])
            let names = (map["components"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(names.contains("aws_s3_bucket.invoices"))
            let entries = map["entry_points"]?.array ?? []
            let delete = try #require(entries.first { $0["name"] == "DELETE /orders/<id>" })
            #expect(delete["public"] == true && delete["path"] == "web/app.py" && delete["line"] == 6, "\(delete)")
            let rules = Set((output["findings"]?.array ?? []).compactMap { $0["rule"]?.string })
            #expect(
                rules.isSuperset(of: [
                    "CVE-2023-41164", "CVE-2020-8203", "CVE-2021-44228", "docker-root", "code-command-injection",
                    "aws-s3-public-acl", "gitlab-personal-token",
                ]), "\(rules.sorted())")
            #expect(output["total"]?.int == output["findings"]?.array?.count)
            #expect(output["summary"]?.string?.contains("entry points") == true)
            let evidence = (result["evidence"]?.array ?? []).compactMap { $0["tool"]?.string }
            #expect(evidence == ["scan.assess", "scan.threats"])
            // What it found names no secret.
            #expect(!output.text().contains(Planted.key))
        }
    }

    @Test func itSaysWhatChangedSinceARevision() async throws {
        let repository = try PlantedRepository(["web/app.py": Planted.app])
        try repository.tree.commit("first")
        try repository.tree.write("Dockerfile", Planted.dockerfile)
        try repository.tree.commit("second")
        try await PatternHouse.with(repository) { house in
            let changed = try #require(
                try await house.output("explorer", ["path": .string(repository.root), "since": "HEAD~1"])["changed"])
            #expect(changed["compared"] == true && changed["files"] == 1)
            #expect(changed["findings"]?.array?.isEmpty == false)
            let findings = try await house.output("explorer", ["path": .string(repository.root)])["findings"]
            let brought = Set((changed["findings"]?.array ?? []).compactMap(\.string))
            for finding in findings?.array ?? [] where brought.contains(finding["id"]?.string ?? "") {
                #expect(finding["path"] == "Dockerfile")
            }
        }
    }

    @Test func whatItMayNotDoIsAGap() async throws {
        let repository = try PlantedRepository(["Dockerfile": Planted.dockerfile])
        try await PatternHouse.with(repository, denied: ["scan.threats"]) { house in
            let output = try await house.output("explorer", ["path": .string(repository.root)])
            #expect(output["findings"]?.array?.isEmpty == false)
            #expect(output["gaps"]?.array?.contains { $0["about"] == "scan.threats" } == true)
            #expect(output["map"]?["components"]?.array?.isEmpty == true)
        }
    }

    @Test func itTellsWhatIsOnRecordWithoutLookingAgain() async throws {
        let repository = try PlantedRepository(["Dockerfile": Planted.dockerfile])
        try await PatternHouse.with(repository) { house in
            let seen = try await house.output("explorer", ["path": .string(repository.root)])
            let recalled = try await house.run("explorer", ["assessment": seen["assessment"] ?? .null])
            #expect(recalled["output"]?["findings"]?.array?.count == seen["findings"]?.array?.count)
            #expect((recalled["evidence"]?.array ?? []).compactMap { $0["tool"]?.string } == ["findings.list"])
            await #expect(throws: (any Error).self) { try await house.output("explorer", [:]) }
        }
    }
}

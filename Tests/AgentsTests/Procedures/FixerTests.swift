import JSON
import TestSupport
import Testing

@testable import Agents

@Suite("The fixer") struct FixerTests {
    @Test func itSortsWhatIsSafeFromWhatAPersonLooksAtAndWritesNothing() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await PatternHouse.with(repository) { house in
            let result = try await house.run("fixer", ["path": .string(repository.root)])
            let output = try #require(result["output"])
            func fix(_ rule: String) throws -> JSON {
                try #require((output["fixes"]?.array ?? []).first { $0["rule"]?.string == rule })
            }
            #expect(try fix("CVE-2023-41164")["safe"] == true)
            let upgraded = try fix("CVE-2020-8203")
            #expect(upgraded["safe"] == false && upgraded["proof"] == "judged")
            #expect(try fix("docker-root")["reasons"]?.array?.first?.string?.hasPrefix("it may break: ") == true)
            let secret = try fix("gitlab-personal-token")
            #expect(secret["reasons"]?.array?.contains("a secret that is taken out cannot be put back") == true)
            #expect(output["safe"] == false && result["final"] == false)
            #expect(output["apply"]?["digest"]?.string?.utf8.count == 64)
            #expect(output["change"]?["files"]?.array?.contains("web/requirements.txt") == true)
            #expect(output["diff"]?.string?.contains("+Django==4.2.5") == true)
            #expect(!output.text().contains(Planted.key))
            for (path, text) in Planted.shop { #expect(try repository.tree.text(path) == text) }
        }
    }

    @Test func whatIsProvenAndBreaksNothingIsSafe() async throws {
        let repository = try PlantedRepository(["web/requirements.txt": Planted.requirements])
        try await repository.advise([PlantedRepository.django])
        try await PatternHouse.with(repository) { house in
            let result = try await house.run("fixer", ["path": .string(repository.root)])
            #expect(result["output"]?["safe"] == true)
            // Even so it is a change, which the agent proposes and does not make.
            #expect(result["final"] == false)
            #expect(try repository.tree.text("web/requirements.txt") == Planted.requirements)
        }
    }

    @Test func anEmptyListOfFindingsIsNotAllOfThem() async throws {
        let repository = try PlantedRepository(["Dockerfile": Planted.dockerfile])
        try await PatternHouse.with(repository) { house in
            let result = try await house.run("fixer", ["path": .string(repository.root), "findings": []])
            #expect(result["output"]?["fixes"] == [] && result["output"]?["apply"] == .null)
            #expect(result["evidence"] == [] && result["final"] == true)
        }
    }

    @Test func whatDoesNotSayThatItIsSafeIsNot() {
        #expect(!SortedFix(["kind": "upgrade"]).isSafe)
        #expect(!SortedFix(["kind": "upgrade", "proof": ["kind": "guessed"], "major": false]).isSafe)
        #expect(!SortedFix(["kind": "upgrade", "proof": ["kind": "assessed"]]).isSafe)
        let two: JSON = ["run the tests", "the pool is smaller"]
        #expect(
            !SortedFix(["kind": "upgrade", "proof": ["kind": "assessed"], "major": false, "risks": two]).isSafe)
        #expect(
            !SortedFix(["kind": "configuration", "proof": ["kind": "assessed"], "major": false, "risks": ["x"]]).isSafe)
        #expect(SortedFix(["kind": "upgrade", "proof": ["kind": "assessed"], "major": false]).isSafe)
    }
}

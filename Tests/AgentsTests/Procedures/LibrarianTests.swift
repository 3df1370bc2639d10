import JSON
import Testing

@testable import Agents

@Suite("The librarian") struct LibrarianTests {
    @Test func everythingThatItSaysHasItsSourceAndAge() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await repository.exploit()
        try await PatternHouse.with(repository) { house in
            let seen = try await house.output("explorer", ["path": .string(repository.root)])
            let output = try await house.output("librarian", ["findings": seen["findings"] ?? []])
            let entries = output["entries"]?.array ?? []
            func said(_ kind: String, _ part: String) -> JSON? {
                entries.first { $0["kind"]?.string == kind && $0["says"]?.string?.contains(part) == true }
            }
            let advisory = try #require(said("advisory", "CVE-2021-44228"))
            #expect(advisory["source"]?["name"] == "GHSA-jfh8-c2jp-5v3q")
            #expect(advisory["source"]?["url"] == "https://nvd.nist.gov/vuln/detail/CVE-2021-44228")
            #expect(advisory["source"]?["as_of"]?.string?.hasPrefix("2026-06-") == true)
            let exploited = try #require(said("exploited", "2021-12-10"))
            #expect(exploited["about"] == advisory["about"])
            #expect(exploited["source"]?["as_of"] == "2026-06-01T00:00:00.000000Z")
            #expect(said("prediction", "0.94") != nil && said("fix", "2.15.0 is the first version") != nil)
            #expect(said("weakness", "CWE-798")?["source"]?["url"]?.string?.hasSuffix("/798.html") == true)
            #expect(said("control", "2.1.4 of CIS-AWS-3.0") != nil)
            for entry in entries { #expect(entry["source"]?["name"]?.string?.isEmpty == false) }
        }
    }

    @Test func whatNoSourceSaysIsAGap() async throws {
        let repository = try PlantedRepository(["web/requirements.txt": Planted.requirements])
        try await repository.advise([PlantedRepository.django])
        try await PatternHouse.with(repository) { house in
            _ = try await house.output("explorer", ["path": .string(repository.root)])
            let output = try await house.output(
                "librarian",
                [
                    "packages": [
                        "django", ["name": "left-pad", "ecosystem": "npm"], ["name": "flask", "ecosystem": "PyPI"],
                    ]
                ])
            #expect(output["entries"]?.array?.contains { $0["kind"] == "fix" } == true)
            let gaps = (output["gaps"]?.array ?? []).map {
                "\($0["about"]?.string ?? ""): \($0["reason"]?.string ?? "")"
            }
            #expect(gaps.contains("left-pad: no advisories of npm are kept, so that nothing can be said of it"))
            #expect(gaps.contains { $0.hasPrefix("flask: no open finding names it, as of the advisories of 2026-06-") })
            #expect(gaps.contains("known exploited vulnerabilities: no catalogue was imported"))
        }
    }

    @Test func aLookupThatIsRefusedIsAGap() async throws {
        let repository = try PlantedRepository(["Dockerfile": Planted.dockerfile])
        try await PatternHouse.with(repository) { house in
            let result = try await house.run(
                "librarian",
                ["lookups": [["target": "mcp:docs", "arguments": ["server": "docs", "tool": "search"]]]])
            #expect(result["output"]?["gaps"]?.array?.contains { $0["about"] == "mcp.call" } == true)
            #expect(result["evidence"]?.array?.contains { $0["tool"] == "mcp.call" && $0["error"] != nil } == true)
        }
    }
}

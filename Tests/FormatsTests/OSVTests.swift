import Core
import Formats
import JSON
import TestSupport
import Testing

@Suite struct OSVTests {
    private static func advisory(_ affected: String, _ more: String = "") throws -> OSVAdvisory {
        try OSVAdvisory(
            Array(
                """
                {"id": "X-1", "modified": "2026-01-02T03:04:05Z"\(more), "affected":
                [{"package": {"ecosystem": "PyPI", "name": "a"}, \(affected)}]}
                """.utf8))
    }

    private static func verdicts(_ affected: String, _ versions: [String]) throws -> [Bool] {
        let affected = try #require(try advisory(affected).affected.first)
        return versions.map { affected.verdict(on: $0, scheme: .pypi) == .affected }
    }

    @Test func eventsDecideInAnyOrder() throws {
        let range =
            #""ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "2.1"}, {"introduced": "2.0"}, {"introduced": "0"}, {"fixed": "1.5"}]}]"#
        #expect(
            try Self.verdicts(range, ["0.1", "1.4.9", "1.5", "1.9", "2.0rc1", "2.0", "2.0.5", "2.1"])
                == [true, true, false, false, false, true, true, false])
    }

    @Test func theLastAffectedIsAffected() throws {
        let range =
            #""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.0"}, {"last_affected": "1.2"}]}]"#
        #expect(
            try Self.verdicts(range, ["0.9", "1.0", "1.2.0", "1.2.post1", "1.3"]) == [false, true, true, false, false])
    }

    @Test func nothingIsSaidBeyondALimit() throws {
        let range = #""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"limit": "2.0"}]}]"#
        #expect(try Self.verdicts(range, ["1.9", "2.0", "3.0"]) == [true, false, false])
    }

    @Test func listedVersionsCountBesideRanges() throws {
        let range =
            #""versions": ["9.9", "0.5.0"], "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"fixed": "2"}]}]"#
        #expect(try Self.verdicts(range, ["9.9", "0.5", "1.1", "2"]) == [true, true, true, false])
    }

    @Test func rangesOfCommitsSayNothingOfVersions() throws {
        let range = #""ranges": [{"type": "GIT", "repo": "https://x", "events": [{"introduced": "0"}]}]"#
        #expect(try Self.verdicts(range, ["1.0"]) == [false])
    }

    @Test func anEcosystemWithoutOrderIsUndecided() throws {
        let range = #""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]"#
        let affected = try #require(try Self.advisory(range).affected.first)
        #expect(affected.verdict(on: "1", scheme: nil) == .undecided)
    }

    @Test func theFirstFixIsTheLeastAbove() throws {
        let range =
            #""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.5"}, {"introduced": "2.0"}, {"fixed": "2.10"}]}]"#
        let affected = try #require(try Self.advisory(range).affected.first)
        #expect(affected.firstFix(after: "1.0", scheme: .pypi) == "1.5")
        #expect(affected.firstFix(after: "2.9", scheme: .pypi) == "2.10")
        #expect(affected.firstFix(after: "3", scheme: .pypi) == nil)
    }

    @Test func whatIsNoAdvisoryIsRefused() {
        for text in ["", "[]", "{}", #"{"id": ""}"#, "{\"id\": 1}"] {
            #expect { try OSVAdvisory(Array(text.utf8)) } throws: { ($0 as? GatehouseError)?.code == .invalid }
        }
    }

    @Test func membersOfOtherTypesAreNoTrouble() throws {
        let text =
            #"{"id":"a","aliases":7,"affected":[3,{"package":[]},{"package":{"name":"x","ecosystem":"npm"},"ranges":{"a":1},"versions":[1,"2"]}],"severity":"x"}"#
        let advisory = try OSVAdvisory(Array(text.utf8))
        #expect(advisory.affected.count == 1)
        #expect(advisory.affected[0].versions == ["2"])
    }
}

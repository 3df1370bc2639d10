import JSON
import Testing

@testable import Agents

@Suite("The council") struct CouncilTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var proposal: JSON
        var result: String
        var value: String?
        /// By bench, in their order: severity, size, blast radius, proof.
        var votes: [String?]
        var testDescription: String { name }
    }

    private static func fix(
        _ severity: String = "high", kind: String = "upgrade", major: Bool = false, risks: [JSON] = [],
        proof: JSON = "assessed"
    ) -> JSON {
        [
            "kind": .string(kind), "severity": .string(severity), "major": .bool(major), "risks": .array(risks),
            "proof": proof,
        ]
    }

    private static func change(_ files: [String], lines: Int = 2) -> JSON {
        ["files": .array(files.map { .string($0) }), "added": JSON(lines), "removed": 0]
    }

    static let cases: [Case] = [
        Case(
            name: "a proven upgrade", proposal: ["fixes": [fix()], "change": change(["requirements.txt"])],
            result: "unanimous", value: "approve", votes: ["approve", "approve", "approve", "approve"]),
        Case(
            name: "one that may break",
            proposal: ["fixes": [fix(kind: "configuration", risks: ["x"])], "change": change(["Dockerfile"])],
            result: "majority", value: "approve", votes: ["approve", "approve", "approve", "revise"]),
        Case(
            name: "a secret in the pipeline",
            proposal: [
                "fixes": [fix("critical", kind: "secret", risks: ["x"])], "change": change([".github/workflows/a.yml"]),
            ], result: "split", value: nil, votes: ["approve", "approve", "refuse", "revise"]),
        Case(
            name: "little gain, much changed",
            proposal: ["fixes": [fix("low", proof: "judged")], "change": change(["infra/main.tf"], lines: 500)],
            result: "unanimous", value: "revise", votes: ["revise", "revise", "revise", "revise"]),
        Case(
            name: "more than anybody reads",
            proposal: ["fixes": [fix(proof: .null)], "change": change(["a.py"], lines: 5000)], result: "split",
            value: nil, votes: ["approve", "refuse", "approve", "refuse"]),
        Case(
            name: "what it does not mend does not count",
            proposal: [
                "fixes": [
                    ["kind": "upgrade", "major": false, "risks": [], "proof": "assessed", "findings": ["fnd_1"]]
                ],
                "findings": [
                    ["id": "fnd_1", "severity": "low"],
                    ["id": "fnd_2", "severity": "critical", "exploited_since": "2021-12-10"],
                ], "change": change(["requirements.txt"]),
            ], result: "majority", value: "approve", votes: ["revise", "approve", "approve", "approve"]),
        Case(name: "nothing to judge by", proposal: [:], result: "split", value: nil, votes: [nil, nil, nil, nil]),
        Case(
            name: "a diff whose lines look like headers",
            proposal: [
                "fixes": [fix()],
                "diff": "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n---- a/auth/login.py\n-b\n++++ b/auth/login.py\n+c\n",
            ], result: "unanimous", value: "approve", votes: ["approve", "approve", "approve", "approve"]),
        Case(
            name: "who is let in", proposal: ["fixes": [fix()], "change": change(["src/auth/session.go"])],
            result: "majority", value: "approve", votes: ["approve", "approve", "revise", "approve"]),
    ]

    @Test(arguments: cases) func benchesJudgeBlindToOneAnother(_ one: Case) async throws {
        let tally = Tally(
            ([SeverityBench(), SizeBench(), BlastBench(), ProofBench()] as [any Bench]).map {
                ($0.name, $0.opinion(on: ChangeProposal(one.proposal)))
            })
        #expect(tally.votes.map(\.opinion.verdict?.rawValue) == one.votes, "\(tally.json)")
        #expect(tally.result == one.result && tally.verdict?.rawValue == one.value)
        let dissent = tally.json["dissent"]?.array ?? []
        #expect(dissent.count == one.votes.count { one.value == nil || $0 != one.value })
    }

    @Test func aSplitIsNotFinal() async throws {
        try await PatternHouse.with(try PlantedRepository([:])) { house in
            let split = try await house.run("council", ["proposal": [:]])
            #expect(split["final"] == false && split["output"]?["value"] == .null)
            #expect(split["dissent"]?.array?.count == 4)
            let agreed = try await house.run("council", ["proposal": Self.cases[0].proposal])
            #expect(agreed["final"] == true && agreed["output"]?["value"] == "approve")
            await #expect(throws: (any Error).self) { try await house.run("council", [:]) }
        }
    }
}

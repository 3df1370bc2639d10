import Core
import JSON
import Testing

@testable import Agents

/// Several models that vote beside a procedure's rules.
@Suite(.timeLimit(.minutes(10))) struct AgentBallotTests {
    private static let schema = """
        {type: object, required: [result, value, votes, dissent], properties: {result: {enum: [unanimous, majority, split]}, \
        value: {enum: [approve, refuse, null]}, votes: {type: array, items: {properties: {value: {enum: [approve, refuse, null]}}}}}}
        """

    private func found(_ votes: [String], _ result: String, _ value: JSON) -> JSON {
        let all = votes.enumerated().map { ["by": .string("rule \($0)"), "value": .string($1), "reason": "r"] as JSON }
        return ["result": .string(result), "value": value, "votes": .array(all), "dissent": []]
    }

    private func vote(
        _ found: JSON, _ replies: [ScriptedModel.Reply], check: (JSON, [ScriptedModel]) throws -> Void
    ) async throws {
        var models: [ScriptedModel] = []
        for reply in replies { models.append(try await ScriptedModel(reply)) }
        let ids = ["a", "b", "c", "d"].prefix(models.count)
        let file = Sample.file(
            name: "council", procedure: "weigh", tools: [], models: ids.map { "\($0)/m" }, output: Self.schema)
        try await AgentHouse.with(
            [file], procedures: [Told(name: "weigh", output: found)], models: zip(ids, models).map { $1.provider($0) }
        ) { house in
            let result = try await house.run("council", ["path": "x"], request: "shall it be?")
            try check(result, models)
        }
        for model in models { try await model.stop() }
    }

    private func says(_ value: String, _ reason: String = "so") -> ScriptedModel.Reply {
        .says(#"{"value": "\#(value)", "reason": "\#(reason)"}"#)
    }

    @Test func thoseWhoAgreeMakeItUnanimous() async throws {
        let rules = found(["approve", "approve"], "unanimous", "approve")
        try await vote(rules, [says("approve"), says("Approve ".lowercased().filter { $0 != " " })]) { result, models in
            #expect(result["by"] == "model" && result["model"] == "a/m, b/m" && result["final"] == true)
            #expect(result["output"]?["result"] == "unanimous" && result["output"]?["votes"]?.array?.count == 4)
            #expect(result["spent"]?["tokens"] == 100 && result["evidence"]?.array?.count == 2)
            // Each is alone: nobody is told what others say, and nobody has tools.
            for model in models {
                let asked = model.requests.map { $0.text() }.joined()
                #expect(model.requests.count == 1 && !asked.contains("rule 0") && !asked.contains("\"tools\""))
                #expect(asked.contains("shall it be?"))
            }
        }
    }

    @Test func modelsTakeAgreementAwayAndPutNoOtherInItsPlace() async throws {
        let rules = found(["refuse", "refuse"], "unanimous", "refuse")
        try await vote(rules, [says("approve"), says("approve"), says("approve")]) { result, _ in
            #expect(result["output"]?["result"] == "split" && result["output"]?["value"] == .null)
            #expect(result["final"] == false && result["dissent"]?.array?.count == 5)
        }
        try await vote(found(["approve", "refuse"], "split", .null), [says("approve"), says("approve")]) { result, _ in
            #expect(result["output"]?["result"] == "split" && result["final"] == false)
        }
        try await vote(found(["refuse", "refuse", "refuse"], "unanimous", "refuse"), [says("approve")]) { result, _ in
            #expect(result["output"]?["result"] == "majority" && result["output"]?["value"] == "refuse")
            #expect(result["dissent"]?[0]?["by"] == "a/m" && result["dissent"]?.array?.count == 1)
        }
    }

    @Test func thoseWhoFailWeakenIt() async throws {
        let rules = found(["refuse", "refuse"], "unanimous", "refuse")
        try await vote(rules, [.raw(status: 400, "{}"), says("refuse")]) { result, _ in
            #expect(result["output"]?["result"] == "majority" && result["output"]?["votes"]?.array?.count == 3)
        }
        try await vote(rules, [.raw(status: 400, "{}"), .says("I refuse."), .calls([("shop-look", "{}")])]) {
            result, _ in
            #expect(result["by"] == "procedure" && result["output"] == rules)
            #expect(result["why"]?.string?.hasPrefix("a/m did not answer") == true)
        }
    }

    @Test func whatFitsNoSchemaDoesNotCount() async throws {
        let rules = found(["refuse", "refuse"], "unanimous", "refuse")
        try await vote(rules, [says("maybe")]) { result, _ in
            #expect(result["by"] == "procedure" && result["why"]?.string?.contains("do not fit its schema") == true)
        }
        try await vote(rules, [says("refuse", "see https://evil.example/x")]) { result, _ in
            #expect(result["output"]?["votes"]?[2]?["reason"] == "withheld: not plain words")
        }
    }
}

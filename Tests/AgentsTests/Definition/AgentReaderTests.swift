import Config
import Core
import Foundation
import JSON
import Schema
import TestSupport
import Testing

@testable import Agents

/// An agent's file: what it says, and what is wrong with it.
@Suite struct AgentReaderTests {
    private func read(_ text: String) throws -> AgentDefinition {
        try AgentReader.read(Array(text.utf8), file: "a.yaml")
    }

    private func problems(_ text: String) -> [String] {
        do throws(AgentProblems) {
            _ = try AgentReader.read(Array(text.utf8), file: "a.yaml")
            return []
        } catch { return error.problems.map(\.description) }
    }

    @Test func aFileIsRead() throws {
        let agent = try read(
            Sample.file(
                tools: ["scan.*", "findings.list"], models: ["openai/gpt-5.4 (high)", "fast"],
                budget: "{steps: 4, tokens: 1000, cost: 0.25, time: 90s, idle: 2}"))
        #expect(agent.name == "teller" && agent.duty == "Tells what there is in the shop.")
        #expect(agent.tools == ["scan.*", "findings.list"] && agent.models.count == 2)
        #expect(agent.budget.steps == 4 && agent.budget.cost == 250_000 && agent.budget.time == .seconds(90))
        #expect(agent.outputSchema.validate(["summary": 1]).count == 1)
    }

    @Test func whatIsAbsentHasItsUsualValue() throws {
        let agent = try read(
            "name: a\ntitle: A\nduty: B\nprocedure: c\ninput: {type: object}\noutput: {type: object}\nmodels:\n")
        #expect(agent.budget == AgentBudget() && agent.models == [] && agent.tools == [] && agent.labels == [])
    }

    @Test func theVersionIsOfWhatIsSaidAndNotOfHowItIsWritten() throws {
        let one = try read(Sample.file())
        let json = """
            {"output": {"required": ["summary", "findings"], "type": "object"}, "title": "Teller", "name": "teller",
             "input": {"type": "object", "properties": {"path": {"type": "string"}}}, "procedure": "tell",
             "duty": "Tells what there is in the shop.", "labels": ["untrusted"], "tools": ["shop.look", "shop.list"]}
            """
        #expect(try read(json).version == one.version && one.version.hasPrefix("sha256:"))
        #expect(try read(Sample.file(budget: "{steps: 13}")).version != one.version)
        #expect(try read(Sample.file(tools: ["shop.look"])).version != one.version)
    }

    @Test(arguments: [
        ("tols: []\n", "a.yaml:13:1: tols: unknown key; did you mean \"tools\"?"),
        ("procedure: Tell\n", "the key occurs twice"),
    ])
    func anotherKeyIsRefused(_ more: String, _ expected: String) {
        let found = problems(Sample.file() + more)
        #expect(found.count == 1 && found[0].contains(expected), "\(found)")
    }

    @Test(arguments: [
        ("name: Teller", "does not belong here"), ("title: ''", "1 to 200 bytes"), ("procedure: [a]", "a single value"),
        ("tools: [scan]", "does not belong here"), ("tools: ['*']", "does not belong here"),
        ("tools: [agents.run]", "no agent calls agents.run"), ("tools: ['models.*']", "no agent calls models.*"),
        ("tools: scan.assess", "a list is expected"), ("tools: [[a]]", "a single value"),
        ("labels: [PII]", "does not belong here"), ("models: ['']", "does not belong here"),
        ("budget: {steps: 0}", "from 1 to 100"), ("budget: {steps: '3'}", "from 1 to 100"),
        ("budget: {cost: -1}", "a number from"), ("budget: {cost: 1e400}", "a number from"),
        ("budget: {time: 2 parsecs}", "a duration from"), ("budget: {time: 1d}", "a duration from"),
        ("budget: {stpes: 3}", "did you mean \"steps\"?"), ("input: {type: array}", "something else than an object"),
        ("output: {type: object, properties: {a: {type: strin}}}", "output"), ("output: 7", "a JSON Schema"),
        ("input: {type: object, maxProperties: 1e999}", "a number in a schema is too great"),
        ("input: {type: object, $ref: 'https://example.org/s'}", "input"), ("duty: null", "the key is required"),
    ])
    func whatDoesNotFitIsToldWithItsPlace(_ line: String, _ expected: String) {
        let key = line.prefix { $0 != ":" }
        var lines = Sample.file().split(separator: "\n").map(String.init)
        if key == "duty" { lines.removeSubrange(2...4) }
        lines.removeAll { $0.hasPrefix("\(key):") }
        lines.append(line)
        let found = problems(lines.joined(separator: "\n"))
        #expect(found.contains { $0.contains(expected) }, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("a.yaml:") && !$0.hasPrefix("a.yaml: ") }, "\(found)")
    }

    @Test func allProblemsAreToldUpToABound() {
        let found = problems((0..<80).map { "k\($0): 1\n" }.joined())
        #expect(found.count == AgentProblems.limit)
        let failure = #expect(throws: AgentProblems.self) { try read("a: 1\nb: 2\n") }?.failure
        #expect(failure?.code == .invalid && failure?.message.hasPrefix("8 problems in a.yaml\n") == true)
        #expect(problems("") == problems("# nothing\n") && problems("").count == 1)
    }

    /// The words of the format are checked twice, by code and in the schema: both take the same.
    @Test(arguments: [
        "a", "a.b", "a.*", "a-b", "A", "a_b", "1", "", "a.b.c", "a.b.*", "*", "a.", ".a", "a b", "ä", "a/b (high)",
        "a\u{7}",
        String(repeating: "a", count: 65), String(repeating: "a", count: 300), "pii", "a.B", "-a",
    ])
    func codeAndSchemaAgreeOnWords(_ text: String) throws {
        for word in [DefinitionWord.name, .label, .tool, .model] {
            let schema = try JSONSchema(["type": "string", "pattern": .string(word.pattern)])
            let isLong = word == .tool && text.utf8.count > 128
            #expect(word.allows(text) == (schema.validate(.string(text)).isEmpty && !isLong), "\(word) \(text)")
        }
    }

    @Test func bytesOfAnyKindAreReadOrRefused() {
        var random = SeededRandom(seed: 11)
        let seed = Array(Sample.file(budget: "{steps: 4, time: 90s}").utf8)
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            var refusal: AgentProblems?
            do throws(AgentProblems) { _ = try AgentReader.read(bytes, file: "a.yaml") } catch { refusal = error }
            #expect(refusal.map { (1...AgentProblems.limit).contains($0.problems.count) } ?? true)
        }
    }
}

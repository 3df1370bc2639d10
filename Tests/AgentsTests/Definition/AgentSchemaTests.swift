import Config
import Foundation
import JSON
import Schema
import Testing

@testable import Agents

/// The format as JSON Schema, and what documents show of it.
@Suite struct AgentSchemaTests {
    private static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(Self.root)/\(path)", encoding: .utf8)
    }

    private func violations(_ yaml: String) throws -> [String] {
        var problems = Problems()
        let raw = YAMLReader.read(Array(yaml.utf8), file: "t", limits: ConfigLimits(), problems: &problems)
        return try JSONSchema(AgentSchema.document).validate(try #require(raw).json).map { "\($0.path) \($0.message)" }
    }

    @Test func theFileIsCurrent() throws {
        let written = AgentSchema.document.text(pretty: true) + "\n"
        #expect(try text("docs/agent.schema.json") == written, "make docs writes it")
    }

    @Test func theDocumentedExampleIsRight() throws {
        let page = try text("docs/agents.md")
        let start = try #require(page.firstRange(of: "```yaml\n")).upperBound
        let example = String(page[start..<(try #require(page[start...].firstRange(of: "```\n")).lowerBound)])
        #expect(try violations(example) == [])
        let agent = try AgentReader.read(Array(example.utf8), file: "docs/agents.md")
        #expect(agent.name == "shopkeeper" && agent.budget.idle == 2)
    }

    @Test func whatIsReadIsValid() throws {
        #expect(try violations(Sample.file(models: ["a/b"], budget: "{steps: 4, cost: 0.5, time: 90s}")) == [])
    }

    @Test(arguments: [
        "name: A", "title: ''", "tools: [scan]", "labels: [PII]", "budget: {steps: 0}", "budget: {cost: -1}",
        "budget: {time: soon}", "budget: {more: 1}", "input: {type: array}", "output: 7", "more: 1",
    ])
    func whatIsRefusedIsNotValid(_ line: String) throws {
        let key = line.prefix { $0 != ":" }
        let lines = Sample.file().split(separator: "\n").filter { !$0.hasPrefix("\(key):") } + ["\(line)"]
        let text = lines.joined(separator: "\n")
        #expect(throws: AgentProblems.self) { try AgentReader.read(Array(text.utf8), file: "t") }
        #expect(try !violations(text).isEmpty)
    }
}

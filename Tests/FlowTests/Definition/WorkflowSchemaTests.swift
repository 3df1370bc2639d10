import Config
import Flow
import Foundation
import JSON
import Schema
import Testing

/// The format as JSON Schema, and what documents show of it.
@Suite struct WorkflowSchemaTests {
    private static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(Self.root)/\(path)", encoding: .utf8)
    }

    private func violations(_ yaml: String) throws -> [String] {
        var problems = Problems()
        let raw = YAMLReader.read(Array(yaml.utf8), file: "t", limits: ConfigLimits(), problems: &problems)
        let value = try #require(raw).json
        return try JSONSchema(WorkflowSchema.document).validate(value).map { "\($0.path): \($0.message)" }
    }

    @Test func theFileIsCurrent() throws {
        #expect(
            try text("docs/workflow.schema.json") == WorkflowSchema.document.text(pretty: true) + "\n",
            "run make docs")
    }

    @Test func theDocumentedExampleIsRight() throws {
        let page = try text("docs/workflows.md")
        let start = try #require(page.firstRange(of: "```yaml\n")).upperBound
        let example = String(page[start..<(try #require(page[start...].firstRange(of: "```\n")).lowerBound)])
        #expect(try violations(example) == [])
        let flow = try workflow(example)
        #expect(flow.name == "upgrade-dependencies" && flow.steps.count == 4)
    }

    @Test func whatIsShippedIsRight() throws {
        let shipped = try text("Sources/Flow/Resources/assess-and-fix.yaml")
        #expect(try violations(shipped) == [])
        #expect(try workflow(shipped).name == "assess-and-fix")
    }

    @Test func whatIsReadIsValid() throws {
        #expect(try violations(ReaderTests.full) == [])
        #expect(try violations(GraphTests.sample) == [])
    }

    @Test(arguments: [
        "{id: x, uses: a.b, wiht: {}}", "{uses: a.b}", "{id: x}", "{id: x, uses: a.b, workflow: c}",
        "{id: x, wait_for: {time: 1s}, retry: {attempts: 2}}", "{id: x, wait_for: {time: 1s, if: 'true'}}",
        "{id: 1x, uses: a.b}", "{id: x, uses: scan}", "{id: x, uses: a.b, on_error: undoo}",
        "{id: x, uses: a.b, retry: {attempts: 0}}", "{id: x, uses: a.b, retry: {attempts: '2'}}",
        "{id: x, uses: a.b, with: [1]}", "{id: x, uses: a.b, for_each: 3}", "{id: x, uses: a.b, undo: never}",
        "{id: x, wait_for: {time: 5 parsecs 3}}", "{id: x, approval: {message: m}}", "[1]",
        "{id: x, parallel: [{id: y}]}",
    ])
    func whatIsRefusedIsNotValid(_ step: String) throws {
        let text = "name: a\nsteps:\n  - \(step)\n"
        #expect(throws: WorkflowProblems.self) { try workflow(text) }
        #expect(try !violations(text).isEmpty)
    }
}

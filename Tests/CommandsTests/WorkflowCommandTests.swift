import Foundation
import JSON
import Testing

/// `gatehouse workflow` as a person runs it, without a house.
@Suite struct WorkflowCommandTests {
    let program: Program
    init() throws { program = try Program() }

    private let good = """
        name: good
        steps:
          - {id: look, uses: scan.assess, with: {path: .}}
          - {id: agree, approval: {message: m, roles: [lead]}}
        """

    @Test func validatesFilesAndTellsWhatIsWrong() throws {
        defer { program.remove() }
        let right = try program.write("good.yaml", good)
        let wrong = try program.write("wrong.yaml", "name: a\nsteps: [{id: x, uses: a.b, wiht: {}}]\n")
        let valid = try program.run("workflow", "validate", right)
        #expect(valid.status == 0 && valid.output.isEmpty && valid.errors.contains("good is valid, 2 steps"))
        let found = try program.run("workflow", "validate", right, wrong)
        #expect(found.status == 1)
        #expect(found.errors.contains("\(wrong):2:28: steps[0].wiht: unknown key; did you mean \"with\"?"))
        let json = try JSON.parse(try program.run("workflow", "validate", "--json", right, wrong).output)
        #expect(json["files"]?[0]?["valid"] == true && json["files"]?[0]?["name"] == "good")
        #expect(json["files"]?[1]?["valid"] == false && json["files"]?[1]?["problems"]?[0]?["line"] == 2)
        #expect(json["files"]?[1]?["problems"]?[0]?["hint"] == "did you mean \"with\"?")
        #expect(try program.run("workflow", "validate", program.data + "/none.yaml").status == 2)
        #expect(try program.run("workflow", "validate").status == 2)
        let piped = try program.run("workflow", "validate", "-", input: good)
        #expect(piped.status == 0 && piped.errors.contains("good is valid"))
    }

    @Test func drawsAndPrintsTheSchema() throws {
        defer { program.remove() }
        let file = try program.write("good.yaml", good)
        let text = try program.run("workflow", "graph", file)
        #expect(text.status == 0)
        #expect(text.output == "●  look   action    scan.assess\n◆  agree  approval  lead\n", "\(text.output)")
        let mermaid = try program.run("workflow", "graph", file, "--format", "mermaid")
        #expect(mermaid.output.hasPrefix("flowchart TD\n"))
        let svg = try program.run("workflow", "graph", file, "--format", "svg", "--theme", "dark")
        #expect(svg.output.hasPrefix("<svg ") && svg.output.hasSuffix("</svg>\n"))
        #expect(try program.run("workflow", "graph", file, "--format", "png").status == 2)
        let broken = try program.run("workflow", "graph", "-", input: "name: a")
        #expect(broken.status == 1 && broken.output.isEmpty && broken.errors.contains("steps: the key is required"))
        let schema = try JSON.parse(try program.run("workflow", "schema").output)
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test func runsAreStartedFollowedAndEnded() throws {
        defer { program.remove() }
        try program.write(
            "workflows/look.yaml",
            """
            name: look
            inputs: {times: {type: number, default: 1}}
            steps:
              - {id: list, uses: findings.list, if: "${{ inputs.times > 0 }}"}
            """)
        try program.write(
            "workflows/ask.yaml",
            """
            name: ask
            steps:
              - {id: agree, title: Agree, approval: {message: Shall we?, roles: [security_lead]}}
            """)
        try program.write("workflows/broken.yaml", "name: broken\nsteps: []\n")
        let list = try program.run("workflow", "list")
        #expect(list.output.contains("assess-and-fix") && list.output.contains("look"), "\(list.output)\(list.errors)")
        let done = try program.run("workflow", "run", "look", "-i", "times=2")
        #expect(done.status == 0 && done.errors.contains("✓ list: succeeded"), "\(done.errors)")
        let wrong = try program.run("workflow", "run", "look", "-i", "times=often")
        #expect(wrong.status == 2 && wrong.errors.contains("times takes a number"), "\(wrong.errors)")
        #expect(try program.run("workflow", "run", "look", "-i", "tims=1").status == 2)
        let near = try program.run("workflow", "run", "loook")
        #expect(near.status == 2 && near.errors.contains("did you mean \"look\"?"), "\(near.errors)")
        #expect(try program.run("workflow", "run", "broken").status == 2)

        let waits = try program.run("workflow", "run", "ask", "--json")
        #expect(waits.status == 4, "\(waits.errors)")
        let run = try #require(try JSON.parse(waits.output)["run"]?.string)
        let status = try program.run("workflow", "status", run)
        #expect(status.output.contains("agree (Agree): waiting") && status.output.contains("gatehouse approve apr_"))
        #expect(try program.run("workflow", "runs").output.contains(run))
        #expect(try program.run("workflow", "runs", "--state", "succeeded").output.contains(" look "))
        let ended = try program.run("workflow", "cancel", run, "--reason", "enough")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try program.run("workflow", "status", run).output.contains("ask: cancelled"))
        #expect(try program.run("workflow", "status", "run_00000000000000000000000000").status != 0)
    }
}

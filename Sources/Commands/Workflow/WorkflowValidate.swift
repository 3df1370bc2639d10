import ArgumentParser
import Core
import Flow
import JSON

struct WorkflowValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Find what is wrong with workflows.",
        discussion: """
            Names every problem with its file, line and column, and what to do about it. Needs no running house, so that tools \
            and other workflows are not looked up: a house does that when it reads its folder. Exit code 1 when there is any.
            """)

    @Argument(help: "Files with workflows; - for standard input.") var files: [String]
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name a file to check") }
    }

    func run() throws {
        let verdicts = try files.map(Verdict.init)
        if json { Terminal.data((["files": .array(verdicts.map(\.json))] as JSON).text(pretty: true) + "\n") }
        for verdict in verdicts { verdict.say() }
        if verdicts.contains(where: { $0.problems != nil }) { throw ExitStatus.found.code }
    }

    private struct Verdict {
        let file: String
        var workflow: Workflow?
        /// Nil for a workflow that is right.
        var problems: WorkflowProblems?

        init(_ file: String) throws {
            self.file = file
            do {
                workflow = try WorkflowFile.read(file)
            } catch let found as WorkflowProblems {
                problems = found
            }
        }

        func say() {
            guard let problems else {
                let steps = workflow?.steps.count ?? 0
                return Terminal.say(
                    "\(Plain.text(file)): \(workflow?.name ?? "") is valid, \(steps) step\(steps == 1 ? "" : "s")")
            }
            for problem in problems.problems { Terminal.say(Plain.text("\(file):\(problem)")) }
            if problems.suppressed > 0 { Terminal.say("\(Plain.text(file)): and \(problems.suppressed) more") }
        }

        var json: JSON {
            let told = (problems?.problems ?? []).map { problem -> JSON in
                [
                    "line": JSON(problem.place.line), "column": JSON(problem.place.column),
                    "path": .string(problem.path), "message": .string(problem.message),
                    "hint": problem.hint.map { .string($0) } ?? .null,
                ]
            }
            return [
                "file": .string(file), "valid": .bool(problems == nil),
                "name": workflow.map { .string($0.name) } ?? .null,
                "version": workflow.map { .string($0.version) } ?? .null, "problems": .array(told),
                "further_problems": JSON(problems?.suppressed ?? 0),
            ]
        }
    }
}

import ArgumentParser
import Flow
import JSON

struct WorkflowSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of workflows, for editors.")

    func run() { Terminal.data(WorkflowSchema.document.text(pretty: true) + "\n") }
}

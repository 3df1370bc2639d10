import ArgumentParser
import Core
import JSON

struct WorkflowList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the workflows that there are.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await withHouse(house) { try await WorkflowTool(client: $0).read("list") }
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        let rows = (answer["workflows"]?.array ?? []).map { one in
            [one["name"]?.string ?? "", "\(one["steps"]?.int ?? 0)", one["title"]?.string ?? ""]
        }
        Terminal.data(Table(columns: ["WORKFLOW", "STEPS", "WHAT"], rows: rows).text)
    }
}

struct WorkflowRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "runs", abstract: "List runs, the latest first.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Only of this workflow.") var workflow: String?
    @Option(help: "Only in this state: running, waiting, stuck, succeeded, failed, …") var state: String?
    @Option(help: "At most so many, 1000 at the most.") var limit = 50

    func run() async throws {
        var arguments: JSON = ["limit": JSON(limit)]
        if let workflow { arguments["workflow"] = .string(workflow) }
        if let state { arguments["state"] = .string(state) }
        let asked = arguments
        let answer = try await withHouse(house) { try await WorkflowTool(client: $0).read("runs", asked) }
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        let runs = answer["runs"]?.array ?? []
        if runs.isEmpty { return Terminal.say("no such run") }
        Terminal.data(Table(columns: RunText.columns, rows: runs.map(RunText.row)).text)
    }
}

struct WorkflowStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show where a run and each of its steps stand.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The run (run_…).") var id: String
    @Flag(help: "What happened, entry by entry, with each step's inputs and outputs.") var journal = false

    func run() async throws {
        let asked: JSON = ["run": .string(id), "journal": .bool(journal), "limit": 1000]
        let answer = try await withHouse(house) { try await WorkflowTool(client: $0).read("status", asked) }
        if output.json || journal { return Terminal.data(answer.text(pretty: true) + "\n") }
        Terminal.data(RunText.lines(of: answer).joined(separator: "\n") + "\n")
    }
}

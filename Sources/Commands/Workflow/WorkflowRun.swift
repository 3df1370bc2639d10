import ArgumentParser
import Core
import JSON

struct WorkflowRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start a workflow, and see it through.",
        discussion: """
            Shows each step as it goes, and ends when the run is over or waits for people, a time or an event; it then goes on as \
            long as a Gatehouse runs on the data folder. Exit code 1 means that the run failed, 4 that it waits.
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The workflow's name.") var workflow: String
    @Option(name: .shortAndLong, help: "An input, as NAME=VALUE; may be repeated. JSON where the input is no text.")
    var input: [InputArgument] = []
    @Flag(name: .customLong("no-wait"), help: "Print the run's id and end.") var leaves = false

    func run() async throws {
        let (workflow, inputs, leaves, json) = (workflow, input, leaves, output.json)
        let last = try await withHouse(house) { client -> JSON in
            let tool = WorkflowTool(client: client)
            let target = "workflow:\(workflow)"
            let described = try await tool.read("list")["workflows"]?.array?.first { $0["name"]?.string == workflow }
            let given = try InputArgument.values(inputs, for: described)
            let begun = try await tool.ask("run", of: target, ["workflow": .string(workflow), "inputs": given])
            guard let run = begun["answer"]?["run"]?.string else {
                try Outcome.report(begun, json: json, done: "begun")
                return begun
            }
            if leaves { return begun["answer"] ?? [:] }
            var progress = RunProgress(isQuiet: json)
            return try await tool.follow(run) { progress.show($0) }
        }
        if json { Terminal.data(last.text(pretty: true) + "\n") }
        try RunText.end(last, json: json)
    }
}

/// `NAME=VALUE`
struct InputArgument: ExpressibleByArgument, Sendable {
    let name: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }

    /// - Parameter workflow: as `workflow.list` describes it: says which inputs are texts.
    static func values(_ inputs: [InputArgument], for workflow: JSON?) throws -> JSON {
        let kinds = Dictionary(
            (workflow?["inputs"]?.array ?? []).map { ($0["name"]?.string ?? "", $0["type"]?.string ?? "string") },
            uniquingKeysWith: { first, _ in first })
        var values = JSONObject()
        for input in inputs {
            if kinds[input.name, default: "string"] == "string" {
                values[input.name] = .string(input.value)
            } else {
                do { values[input.name] = try JSON.parse(input.value) } catch {
                    throw GatehouseError(
                        "gatehouse", .invalid,
                        "the input \(input.name) takes a \(kinds[input.name] ?? "value"), as JSON",
                        cause: error.description)
                }
            }
        }
        return .object(values)
    }
}

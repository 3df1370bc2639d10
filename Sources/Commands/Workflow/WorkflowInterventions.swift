import ArgumentParser
import Core
import JSON

struct WorkflowCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Let no further step of a run begin.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The run (run_…).") var id: String
    @Option(help: "Why; recorded.") var reason: String

    func run() async throws {
        try await intervene(house, output, "cancel", ["run": .string(id), "reason": .string(reason)])
    }
}

struct WorkflowUndo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what a run did, the last first.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The run (run_…).") var id: String
    @Option(help: "Only this step and what was done after it.") var from: String?
    @Option(help: "Why; recorded.") var reason: String

    func run() async throws {
        var arguments: JSON = ["run": .string(id), "reason": .string(reason)]
        if let from { arguments["from"] = .string(from) }
        try await intervene(house, output, "undo", arguments)
    }
}

struct WorkflowResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Say what became of a step whose outcome nobody saw.")

    enum Said: String, CaseIterable, ExpressibleByArgument {
        case happened
        case didNotHappen = "did-not-happen"
        case fail
    }

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The run (run_…).") var id: String
    @Option(name: .customLong("as"), help: "happened, did-not-happen (it is attempted again) or fail.") var said: Said
    @Option(help: "The step, where several are unknown.") var step: String?
    @Option(help: "Why you know; recorded.") var reason: String

    func run() async throws {
        var arguments: JSON = [
            "run": .string(id), "reason": .string(reason),
            "outcome": .string(said.rawValue.split(separator: "-").joined(separator: "_")),
        ]
        if let step { arguments["step"] = .string(step) }
        try await intervene(house, output, "resume", arguments)
    }
}

private func intervene(_ house: HouseOptions, _ output: OutputOptions, _ tool: String, _ arguments: JSON) async throws {
    let run = arguments["run"]?.string ?? ""
    let (answer, state) = try await withHouse(house) { client in
        let workflows = WorkflowTool(client: client)
        let answer = try await workflows.ask(tool, of: "run:\(run)", arguments)
        guard answer["answer"] != nil else { return (answer, "") }
        return (answer, try await workflows.ending(run)["state"]?.string ?? "")
    }
    if output.json { Terminal.data(answer.text(pretty: true) + "\n") }
    try Outcome.report(answer, json: output.json, done: "\(run) is \(state)")
}

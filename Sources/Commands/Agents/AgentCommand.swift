import Agents
import ArgumentParser
import Core
import JSON

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Have an agent do what it is for, with a model or without.",
        subcommands: [AgentList.self, AgentRun.self, AgentSchemaCommand.self])
}

struct AgentList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the agents that there are.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let value = try await withHouse(house) {
            try await $0.submit(["tool": "agents.list", "target": "agents", "arguments": [:]]) { _ in }
        }
        let answer = value["answer"] ?? [:]
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        let rows = (answer["agents"]?.array ?? []).map { agent in
            [agent["name"]?.string ?? "", agent["duty"]?.string ?? agent["problem"]?.string ?? ""]
        }
        Terminal.data(Table(columns: ["AGENT", "WHAT FOR"], rows: rows).text)
    }
}

struct AgentRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Have an agent work, and print what it came to.",
        discussion: "What it came to goes to stdout as JSON; who made it, by what, and what for to stderr.")
    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The agent's name.") var agent: String
    @Argument(help: "What is wanted, in words.") var request: [String] = []
    @Option(help: "A JSON object by the agent's schema of input; - for stdin.") var input: String = "{}"

    private static let greatest = 1 << 20

    func run() async throws {
        let text = input == "-" ? String(decoding: try StandardInput.read(limit: Self.greatest), as: UTF8.self) : input
        guard let object = try? JSON.parse(text), object.object != nil else {
            throw ValidationError("--input takes a JSON object")
        }
        var arguments: JSON = ["agent": .string(agent), "input": object]
        if !request.isEmpty { arguments["request"] = .string(request.joined(separator: " ")) }
        let order: JSON = ["tool": "agents.run", "target": .string("agent:\(agent)"), "arguments": arguments]
        let value = try await withHouse(house) { try await $0.submit(order) { _ in } }
        let answer = value["answer"] ?? [:]
        if output.json { return Terminal.data(answer.text(pretty: true) + "\n") }
        Terminal.data((answer["output"] ?? [:]).text(pretty: true) + "\n")
        for line in Self.lines(of: answer) { Terminal.say(Plain.text(line)) }
    }

    private static func lines(of answer: JSON) -> [String] {
        let model = answer["model"]?.string.map { " (\($0))" } ?? ""
        var lines = ["\(answer["agent"]?.string ?? "") by \(answer["by"]?.string ?? "")\(model)"]
        if let why = answer["why"]?.string { lines.append("  \(why)") }
        for call in answer["evidence"]?.array ?? [] {
            let error = call["error"]?.string.map { ": \($0)" } ?? ""
            lines.append("  \(call["tool"]?.string ?? "") \(call["action"]?.string ?? "")\(error)")
        }
        if answer["final"]?.bool == false { lines.append("  it is a proposal: somebody has to agree to it") }
        return lines
    }
}

struct AgentSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of agents, for editors.")

    func run() { Terminal.data(AgentSchema.document.text(pretty: true) + "\n") }
}

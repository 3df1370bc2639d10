import ArgumentParser
import Core
import JSON
import Web

struct MCPApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Agree to what an MCP server offers as it is, so that it can be used.",
        discussion: """
            Unless something is named, to all that nobody agreed to yet and that is not suspicious: tools, prompts, and that its \
            resources are read. What changes later is quarantined until somebody agrees again. Look at them first: gatehouse mcp status SERVER.
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The server.") var server: String
    @Option(help: "A tool; may be given several times.") var tool: [String] = []
    @Option(help: "A prompt; may be given several times.") var prompt: [String] = []
    @Flag(help: "That its resources are read.") var resources = false
    @Option(help: "What calls of a tool do, as TOOL=read, change or destroy; may be given several times.") var effect:
        [String] = []

    func run() async throws {
        var body: JSON = [:]
        if !tool.isEmpty { body["tools"] = .array(tool.map { .string($0) }) }
        if !prompt.isEmpty { body["prompts"] = .array(prompt.map { .string($0) }) }
        if resources { body["resources"] = true }
        if !effect.isEmpty { body["effects"] = .object(try effects()) }
        let path = "/api/v1/mcp/servers/\(Percent.encode(server))/approve"
        let request = body
        let value = try await withRunningHouse(house) { try await $0.post(path, request) }
        if output.json { Terminal.data(value.text(pretty: true) + "\n") }
        try Outcome.report(value, json: output.json, done: Self.done(value["answer"] ?? [:], server))
    }

    private static func done(_ answer: JSON, _ server: String) -> String {
        var parts = ["\(answer["tools"]?.array?.count ?? 0) tools of \(server) can be called"]
        if let prompts = answer["prompts"]?.array?.count, prompts > 0 { parts.append("\(prompts) prompts be used") }
        if answer["resources"]?.bool == true { parts.append("its resources be read") }
        return parts.joined(separator: ", ")
    }

    private func effects() throws -> JSONObject {
        var effects = JSONObject()
        for text in effect {
            guard let at = text.lastIndex(of: "=") else { throw ValidationError("write --effect TOOL=read") }
            effects[String(text[..<at])] = .string(String(text[text.index(after: at)...]))
        }
        return effects
    }
}

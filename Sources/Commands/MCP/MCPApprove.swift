import ArgumentParser
import Core
import JSON
import Web

struct MCPApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Agree to tools of an MCP server as they are, so that they can be called.",
        discussion: """
            Without --tool, to all that nobody agreed to yet and that are not suspicious; what changes later is quarantined until \
            somebody agrees again. Look at them first: gatehouse mcp status SERVER.
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The server.") var server: String
    @Option(help: "A tool; may be given several times.") var tool: [String] = []
    @Option(help: "What calls of a tool do, as TOOL=read, change or destroy; may be given several times.") var effect:
        [String] = []

    func run() async throws {
        var body: JSON = [:]
        if !tool.isEmpty { body["tools"] = .array(tool.map { .string($0) }) }
        if !effect.isEmpty { body["effects"] = .object(try effects()) }
        let path = "/api/v1/mcp/servers/\(Percent.encode(server))/approve"
        let request = body
        let value = try await withRunningHouse(house) { try await $0.post(path, request) }
        if output.json { Terminal.data(value.text(pretty: true) + "\n") }
        let count = value["answer"]?["tools"]?.array?.count ?? 0
        try Outcome.report(value, json: output.json, done: "\(count) tools of \(server) can be called")
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

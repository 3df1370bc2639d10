import ArgumentParser
import Core
import JSON

struct MCPUnused: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unused", abstract: "Show who may call tools of the MCP servers and has not for some time.",
        discussion: "What nobody uses can be taken off, or kept from them by policy.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "After how many days without a call.") var days = 90

    func run() async throws {
        let path = "/api/v1/mcp/unused?days=\(days)"
        let value = try await withRunningHouse(house) { try await $0.get(path) }
        if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
        let principals = value["principals"]?.array ?? []
        guard !principals.isEmpty else { return Terminal.say("nobody may call a tool that they do not call") }
        let rows = principals.map { principal in
            let names = principal["tools"]?.array?.compactMap(\.string) ?? []
            return [
                principal["name"]?.string ?? "", "\(principal["permitted"]?.int ?? 0)",
                "\(principal["unused"]?.int ?? 0)", names.prefix(6).joined(separator: ", "),
            ]
        }
        Terminal.data(Table(columns: ["WHO", "MAY CALL", "UNUSED", "AMONG THEM"], rows: rows).text)
    }
}

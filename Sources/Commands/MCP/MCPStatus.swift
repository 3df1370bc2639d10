import ArgumentParser
import Core
import JSON
import Web

struct MCPStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the MCP servers behind the gate, or the tools of one.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "A server; all of them when none is given.") var server: String?

    func run() async throws {
        let path = server.map { "/api/v1/mcp/tools?server=\(Percent.encode($0))" } ?? "/api/v1/mcp/servers"
        let value = try await withRunningHouse(house) { try await $0.get(path) }
        if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
        if server == nil {
            Self.show(servers: value["servers"]?.array ?? [])
        } else {
            Self.show(
                items: ["tool", "prompt", "resources"].flatMap { kind in
                    (value[kind == "resources" ? kind : "\(kind)s"]?.array ?? []).map { (kind, $0) }
                })
        }
    }

    private static func show(servers: [JSON]) {
        guard !servers.isEmpty else {
            return Terminal.say("no MCP server is configured; name some under mcpServers in gatehouse.yaml")
        }
        let rows = servers.map { server in
            ["name", "state", "version"].map { server[$0]?.string ?? "" }
                + ["tools", "approved", "prompts", "resources", "waiting", "quarantined", "suspicious"].map {
                    "\(server[$0]?.int ?? 0)"
                }
                + [server["problem"]?.string ?? ""]
        }
        let columns = [
            "SERVER", "STATE", "PROTOCOL", "TOOLS", "APPROVED", "PROMPTS", "RESOURCES", "WAITING", "QUARANTINED",
            "SUSPICIOUS", "PROBLEM",
        ]
        Terminal.data(Table(columns: columns, rows: rows).text)
        let waiting = servers.filter { ($0["waiting"]?.int ?? 0) > 0 }.compactMap { $0["name"]?.string }
        for name in waiting {
            Terminal.say("  next: look at what it offers and agree to it: gatehouse mcp approve \(name)")
        }
    }

    private static func show(items: [(kind: String, item: JSON)]) {
        let rows = items.map { kind, tool in
            let uses = tool["uses"]?.array ?? []
            return [
                kind, tool[kind]?.string ?? "", tool["standing"]?.string ?? "", tool["effect"]?.string ?? "",
                "\(uses.reduce(0) { $0 + ($1["calls"]?.int ?? 0) })",
                uses.compactMap { $0["last"]?.string }.max() ?? "never",
                tool["suspicions"]?.array?.compactMap { $0["kind"]?.string }.joined(separator: ", ") ?? "",
            ]
        }
        Terminal.data(
            Table(columns: ["KIND", "NAME", "STANDING", "EFFECT", "CALLS", "LAST USED", "SUSPICIOUS"], rows: rows).text)
        for (_, tool) in items {
            guard let diff = tool["diff"]?.string else { continue }
            Terminal.data("\n\(Plain.text(diff))")
        }
    }
}

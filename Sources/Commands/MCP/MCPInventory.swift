import ArgumentParser
import Core
import Federation
import JSON
import Privacy

struct MCPInventory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory",
        abstract: "Find the MCP servers that clients are set up to use, and what speaks against them.",
        discussion: """
            Reads the settings of the usual clients (Claude, Cursor, VS Code, OpenCode, Gemini, Zed and others) below a repository \
            or a home folder. Starts nothing and asks nobody. Exit code 1 when a server does not go through the gate.
            """)

    @OptionGroup var output: OutputOptions
    @Argument(help: "A repository, a folder of them, or a home folder.") var path: String = "."

    func run() async throws {
        let root = try RepositoryAddress.absolute(path)
        let report = try ServerInventory(try SecretDetector()).look(in: root)
        if output.json {
            Terminal.data(Self.json(report).text(pretty: true) + "\n")
        } else {
            Self.show(report, below: root)
        }
        if report.servers.contains(where: { !$0.isGate && $0.isEnabled }) { throw ExitStatus.found.code }
    }

    private static func json(_ report: ServerInventory.Report) -> JSON {
        [
            "servers": .array(report.servers.map(\.json)),
            "unread": .array(report.unread.map { ["file": .string($0.file), "reason": .string($0.reason)] }),
        ]
    }

    private static func show(_ report: ServerInventory.Report, below root: String) {
        for (file, reason) in report.unread { Terminal.say("could not check \(file): \(reason)") }
        guard !report.servers.isEmpty else {
            return Terminal.say("no client below \(root) is set up to use an MCP server")
        }
        let rows = report.servers.map { server in
            [
                server.name, server.client, server.isGate ? "yes" : server.isEnabled ? "no" : "no (off)",
                server.url ?? server.command.joined(separator: " "), String(server.file.dropFirst(root.count + 1)),
            ]
        }
        Terminal.data(Table(columns: ["SERVER", "CLIENT", "GATE", "WHAT", "FILE"], rows: rows).text)
        for server in report.servers where !server.risks.isEmpty {
            Terminal.data("\n\(Plain.text(server.name)) (\(server.client))\n")
            for risk in server.risks {
                Terminal.data("  \(risk.severity.rawValue): \(Plain.text(risk.text))\n    \(risk.remedy)\n")
            }
        }
    }
}

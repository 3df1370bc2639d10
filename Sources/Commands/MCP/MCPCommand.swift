import ArgumentParser

struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: "MCP servers: which there are, and what speaks against them.",
        subcommands: [MCPInventory.self])
}

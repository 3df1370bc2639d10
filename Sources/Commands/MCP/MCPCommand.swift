import ArgumentParser

struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract:
            "The MCP gateway: for editors over standard input and output; its servers, and agreeing to their tools.",
        discussion: """
            Without a subcommand it speaks MCP, so that an editor's settings need one entry: \
            {"mcpServers": {"gatehouse": {"command": "gatehouse", "args": ["mcp"]}}}
            """,
        subcommands: [
            MCPStdio.self, MCPStatus.self, MCPApprove.self, MCPUnused.self, MCPLogin.self,
            MCPLogout.self, MCPInventory.self,
        ],
        defaultSubcommand: MCPStdio.self)
}

import Gate
import JSON

/// A call of a tool of an MCP server, in the words of OpenTelemetry's conventions for MCP, from what the record says of it.
struct MCPCall: Sendable, Hashable {
    /// The action that calls tools.
    static let tool = "mcp.call"
    static let method = "tools/call"

    /// As the configuration calls it.
    let server: String
    /// Of a definition that somebody agreed to.
    let tool: String
    /// Whether the tool itself said so.
    let hasFailed: Bool

    /// Nil for another action, and for one that no server answered.
    init?(_ action: EndedAction) {
        guard action.tool == Self.tool, let server = action.facts["server"]?.string,
            let tool = action.facts["tool"]?.string
        else { return nil }
        self.server = server
        self.tool = tool
        hasFailed = action.facts["failed"]?.bool ?? false
    }
}

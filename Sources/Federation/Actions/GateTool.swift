public import Gate

/// A tool of the gate's; MCP has tools of its own.
public typealias GateTool = Tool

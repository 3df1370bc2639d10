import JSON
import MCP

/// A tool of the fixture: what is said of it and what it does.
struct EverythingTool: Sendable {
    /// What a call has at hand.
    struct Call: Sendable {
        let params: CallToolParams
        let context: RequestContext
        let changes: ChangeHub
        let sealer: StateSealer
        let tasks: TaskTable

        /// The call's state is bound to it by this.
        var digest: String { ServerRequest.callTool(params).digest }
        var identity: String { context.identity }

        func answer(_ key: String) -> JSON? { params.inputResponses?[key] }
        /// A text that the person filled in.
        func filled(_ key: String, _ field: String) -> String? { answer(key)?["content"]?[field]?.string }
    }

    let tool: Tool
    let run: @Sendable (Call) async throws -> ServerReply

    init(
        _ name: String, _ description: String, inputSchema: JSON = Samples.noArguments, outputSchema: JSON? = nil,
        _ run: @escaping @Sendable (Call) async throws -> ServerReply
    ) {
        tool = Tool(name: name, description: description, inputSchema: inputSchema, outputSchema: outputSchema)
        self.run = run
    }
}

extension ServerReply {
    static func text(_ text: String) -> ServerReply { .result(CallToolResult([.text(text)])) }
    static func content(_ content: [ContentBlock]) -> ServerReply { .result(CallToolResult(content)) }
}

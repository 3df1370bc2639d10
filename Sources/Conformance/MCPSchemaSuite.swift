import JSON
import MCP

/// Example messages of MCP's specification (`DIR/VERSION/examples/DEFINITION/*.json`), each read into the typed view or
/// the message that it is an example of, and written again: what comes out is what went in.
struct MCPSchemaSuite: ConformanceSuite {
    let name = "mcp-schema"

    func failure(of testCase: ConformanceCase) -> String? {
        let parts = testCase.place.split(separator: "/")
        // The schemas themselves lie beside the examples.
        if parts.last == "schema.json" { return testCase.json["$schema"] == nil ? "not a schema" : nil }
        guard parts.count >= 2 else { return "not an example: no folder names its definition" }
        do {
            let read = try Self.reading(String(parts[parts.count - 2]), testCase.json)
            return try read.canonicalBytes() == testCase.json.canonicalBytes() ? nil : "came out as \(read.text())"
        } catch {
            return "\(error)"
        }
    }

    /// The example as it comes out again.
    private static func reading(_ definition: String, _ json: JSON) throws -> JSON {
        if let view = views[definition] { return try view(json) }
        guard json["jsonrpc"] != nil else { return try JSON.parse(json.bytes()) }
        return try JSON.parse(try Message(parsing: json.bytes()).encoded())
    }

    private static func view<Object: MCPObject>(_: Object.Type) -> @Sendable (JSON) throws -> JSON {
        { json in try Object(json).json }
    }

    private static let views: [String: @Sendable (JSON) throws -> JSON] = [
        "AudioContent": view(ContentBlock.self), "ImageContent": view(ContentBlock.self),
        "TextContent": view(ContentBlock.self), "EmbeddedResource": view(ContentBlock.self),
        "ResourceLink": view(ContentBlock.self), "ToolUseContent": view(ContentBlock.self),
        "ToolResultContent": view(ContentBlock.self),
        "BlobResourceContents": view(ResourceContents.self), "TextResourceContents": view(ResourceContents.self),
        "CallToolRequestParams": view(CallToolParams.self), "CallToolResult": view(CallToolResult.self),
        "CancelledNotificationParams": view(CancelledParams.self),
        "ClientCapabilities": view(ClientCapabilities.self), "ServerCapabilities": view(ServerCapabilities.self),
        "CompleteRequestParams": view(CompleteParams.self), "CompleteResult": view(CompleteResult.self),
        "CreateMessageRequest": view(InputRequest.self), "CreateMessageRequestParams": view(CreateMessageParams.self),
        "CreateMessageResult": view(CreateMessageResult.self), "DiscoverResult": view(DiscoverResult.self),
        "ElicitRequest": view(InputRequest.self), "ElicitResult": view(ElicitResult.self),
        "GetPromptRequestParams": view(GetPromptParams.self), "GetPromptResult": view(GetPromptResult.self),
        "InputRequests": view(InputRequests.self), "InputRequiredResult": view(InputRequiredResult.self),
        "InputResponses": view(InputResponses.self), "ListPromptsResult": view(ListResult<Prompt>.self),
        "ListResourceTemplatesResult": view(ListResult<ResourceTemplate>.self),
        "ListResourcesResult": view(ListResult<Resource>.self), "ListToolsResult": view(ListResult<Tool>.self),
        "ListRootsRequest": view(InputRequest.self), "ListRootsResult": view(ListRootsResult.self),
        "LoggingMessageNotificationParams": view(LoggingParams.self),
        "ProgressNotificationParams": view(ProgressParams.self),
        "ReadResourceRequestParams": view(ReadResourceParams.self), "ReadResourceResult": view(ReadResourceResult.self),
        "Resource": view(Resource.self), "Root": view(Root.self), "SamplingMessage": view(SamplingMessage.self),
        "SubscriptionFilter": view(SubscriptionFilter.self), "Tool": view(Tool.self), "Prompt": view(Prompt.self),
        "ToolAnnotations": view(ToolAnnotations.self), "Implementation": view(Implementation.self),
        "RequestMetaObject": view(RequestMeta.self), "InitializeResult": view(InitializeResult.self),
        "InitializeRequestParams": view(InitializeParams.self),
    ]
}

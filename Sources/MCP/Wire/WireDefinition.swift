public import JSON

/// The definitions of the specification's schema that there are typed views of, by their names.
public enum WireDefinition {
    /// Reads an example of a definition, and gives it as it is written again. What has no view of its own is read as the
    /// message that it is, a request with its parameters; what is no message is given as it is.
    ///
    /// - Throws: what is wrong with it, with its place.
    public static func rewritten(_ json: JSON, as definition: String) throws(RPCError) -> JSON {
        if let view = views[definition] { return try view.init(json).json }
        guard json["jsonrpc"] != nil else { return json }
        let message = try Message(parsing: json.bytes())
        switch message {
        case .request(_, let method, let params): try check(requests[method], params)
        case .notification(let method, let params): try check(notifications[method], params)
        case .result(_, let result):
            guard definition.hasSuffix("Response") else { break }
            try check(views[String(definition.dropLast("Response".utf8.count))], result)
        case .error: break
        }
        do { return try JSON.parse(message.encoded()) } catch { throw .internalError("\(error)") }
    }

    private static func check(_ view: (any MCPObject.Type)?, _ json: JSON?) throws(RPCError) {
        if let view { _ = try view.init(json ?? [:]) }
    }

    private static let requests: [String: any MCPObject.Type] = [
        Method.callTool: CallToolParams.self, Method.getPrompt: GetPromptParams.self,
        Method.readResource: ReadResourceParams.self, Method.complete: CompleteParams.self,
        Method.initialize: InitializeParams.self, Method.createMessage: CreateMessageParams.self,
    ]

    private static let notifications: [String: any MCPObject.Type] = [
        Method.progress: ProgressParams.self, Method.message: LoggingParams.self,
        Method.cancelled: CancelledParams.self,
    ]

    private static let views: [String: any MCPObject.Type] = [
        "AudioContent": ContentBlock.self, "ImageContent": ContentBlock.self,
        "TextContent": ContentBlock.self, "EmbeddedResource": ContentBlock.self,
        "ResourceLink": ContentBlock.self, "ToolUseContent": ContentBlock.self,
        "ToolResultContent": ContentBlock.self,
        "BlobResourceContents": ResourceContents.self, "TextResourceContents": ResourceContents.self,
        "CallToolRequestParams": CallToolParams.self, "CallToolResult": CallToolResult.self,
        "CancelledNotificationParams": CancelledParams.self,
        "ClientCapabilities": ClientCapabilities.self, "ServerCapabilities": ServerCapabilities.self,
        "CompleteRequestParams": CompleteParams.self, "CompleteResult": CompleteResult.self,
        "CreateMessageRequest": InputRequest.self, "CreateMessageRequestParams": CreateMessageParams.self,
        "CreateMessageResult": CreateMessageResult.self, "DiscoverResult": DiscoverResult.self,
        "ElicitRequest": InputRequest.self, "ElicitResult": ElicitResult.self,
        "GetPromptRequestParams": GetPromptParams.self, "GetPromptResult": GetPromptResult.self,
        "InputRequests": InputRequests.self, "InputRequiredResult": InputRequiredResult.self,
        "InputResponses": InputResponses.self, "ListPromptsResult": ListResult<Prompt>.self,
        "ListResourceTemplatesResult": ListResult<ResourceTemplate>.self,
        "ListResourcesResult": ListResult<Resource>.self, "ListToolsResult": ListResult<Tool>.self,
        "ListRootsRequest": InputRequest.self, "ListRootsResult": ListRootsResult.self,
        "LoggingMessageNotificationParams": LoggingParams.self,
        "ProgressNotificationParams": ProgressParams.self,
        "ReadResourceRequestParams": ReadResourceParams.self, "ReadResourceResult": ReadResourceResult.self,
        "Resource": Resource.self, "Root": Root.self, "SamplingMessage": SamplingMessage.self,
        "SubscriptionFilter": SubscriptionFilter.self, "Tool": Tool.self, "Prompt": Prompt.self,
        "ToolAnnotations": ToolAnnotations.self, "Implementation": Implementation.self,
        "RequestMetaObject": RequestMeta.self, "InitializeResult": InitializeResult.self,
        "InitializeRequestParams": InitializeParams.self,
    ]
}

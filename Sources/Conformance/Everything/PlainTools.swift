import JSON
import MCP

/// Tools that answer at once, or in a while, without asking.
enum PlainTools {
    static let all: [EverythingTool] = contents + running + changing

    private static let contents: [EverythingTool] = [
        EverythingTool("test_simple_text", "Answers with a text") { _ in
            .text("This is a simple text response for testing.")
        },
        EverythingTool("test_image_content", "Answers with a picture") { _ in
            .content([.image(data: Samples.image, mimeType: "image/png")])
        },
        EverythingTool("test_audio_content", "Answers with a sound") { _ in
            .content([.audio(data: Samples.sound, mimeType: "audio/wav")])
        },
        EverythingTool("test_embedded_resource", "Answers with a resource in it") { _ in
            .content([
                .embedding(
                    ResourceContents(
                        uri: "test://embedded-resource", mimeType: "text/plain",
                        text: "This is an embedded resource content."))
            ])
        },
        EverythingTool("test_multiple_content_types", "Answers with a text, a picture and a resource") { _ in
            .content([
                .text("Multiple content types test:"), .image(data: Samples.image, mimeType: "image/png"),
                .embedding(
                    ResourceContents(
                        uri: "test://mixed-content-resource", mimeType: "application/json",
                        text: #"{"test":"data","value":123}"#)),
            ])
        },
        EverythingTool("test_error_handling", "Fails") { _ in
            .result(
                CallToolResult([.text("This tool intentionally returns an error for testing")], isError: true))
        },
        EverythingTool(
            "json_schema_2020_12_tool", "Takes arguments of a rich schema", inputSchema: Samples.richSchema
        ) { call in
            .text("JSON Schema 2020-12 tool called with: \(JSON.object(call.params.arguments).text())")
        },
        EverythingTool(
            "test_structured_content", "Answers with structured content", inputSchema: Samples.noArguments,
            outputSchema: Samples.object(["sum": ["type": "integer"]], required: ["sum"])
        ) { _ in .result(CallToolResult([.text(#"{"sum":3}"#)], structured: ["sum": 3])) },
        EverythingTool(
            "test_header_parameters", "Takes arguments that are repeated in headers",
            inputSchema: Samples.object([
                "region": ["type": "string", "x-mcp-header": "Region"],
                "count": ["type": "integer", "x-mcp-header": "Count"],
            ])
        ) { call in .text("Called with: \(JSON.object(call.params.arguments).text())") },
    ]

    private static let running: [EverythingTool] = [
        EverythingTool("test_tool_with_logging", "Logs while it runs") { call in
            for message in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
                call.context.log(.info, data: JSON(message))
                try await pause(20)
            }
            return .text("Tool with logging executed successfully")
        },
        EverythingTool("test_logging_tool", "Logs once") { call in
            call.context.log(.info, logger: "everything", data: "Diagnostic trace logging activated")
            return .text("Logging evaluated")
        },
        EverythingTool("test_tool_with_progress", "Tells how far it has come") { call in
            for step in [0.0, 50, 100] {
                call.context.progress(step, total: 100, message: "Completed step \(Int(step)) of 100")
                try await pause(20)
            }
            return .text(call.context.meta["progressToken"]?.text() ?? "no progress wanted")
        },
        EverythingTool("test_reconnection", "Lets go of the connection and answers to a client that comes back") {
            call in
            call.context.releaseConnection()
            try await pause(100)
            return .text("Reconnection test completed: the client came back for the answer.")
        },
        EverythingTool(
            "test_wait", "Waits",
            inputSchema: Samples.object(["milliseconds": ["type": "integer"]], required: ["milliseconds"])
        ) { call in
            try await pause(min(call.params.arguments["milliseconds"]?.int ?? 0, 60_000))
            return .text("Waited")
        },
        EverythingTool("test_missing_capability", "Needs a client that offers its model") { call in
            guard call.context.capabilities.hasSampling else {
                throw RPCError.missingCapability(ClientCapabilities(sampling: true), "this tool needs sampling")
            }
            return .text("Success")
        },
    ]

    private static let changing: [EverythingTool] = [
        EverythingTool("test_trigger_tool_change", "Says that the list of tools has changed") { call in
            call.changes.tell(.tools)
            return .text("Mutation triggered")
        },
        EverythingTool("test_trigger_prompt_change", "Says that the list of prompts has changed") { call in
            call.changes.tell(.prompts)
            return .text("Mutation triggered")
        },
        EverythingTool("test_trigger_resource_change", "Says that the watched resource has changed") { call in
            call.changes.tell(.resource(uri: EverythingResources.watched))
            return .text("Mutation triggered")
        },
    ]

    private static func pause(_ milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}

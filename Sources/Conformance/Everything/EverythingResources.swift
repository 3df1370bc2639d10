import JSON
import MCP

/// The resources and prompts of the fixture.
enum EverythingResources {
    static let watched = "test://watched-resource"

    static let all = [
        Resource(
            uri: "test://static-text", name: "static-text", title: "Static Text Resource",
            description: "A text for testing", mimeType: "text/plain"),
        Resource(
            uri: "test://static-binary", name: "static-binary", title: "Static Binary Resource",
            description: "A picture for testing", mimeType: "image/png"),
        Resource(
            uri: watched, name: "watched-resource", title: "Watched Resource",
            description: "A resource whose changes are told", mimeType: "text/plain"),
    ]

    static let templates = [
        ResourceTemplate(
            uriTemplate: "test://template/{id}/data", name: "template", title: "Resource Template",
            description: "A resource for each id", mimeType: "application/json")
    ]

    static func read(_ uri: String, _ version: ProtocolVersion) throws(RPCError) -> ReadResourceResult {
        ReadResourceResult([try contents(uri, version)], caching: Caching(ttl: 300_000, scope: .private))
    }

    private static func contents(_ uri: String, _ version: ProtocolVersion) throws(RPCError) -> ResourceContents {
        switch uri {
        case "test://static-text":
            return ResourceContents(
                uri: uri, mimeType: "text/plain", text: "This is the content of the static text resource.")
        case "test://static-binary": return ResourceContents(uri: uri, mimeType: "image/png", blob: Samples.image)
        case watched: return ResourceContents(uri: uri, mimeType: "text/plain", text: "Watched resource content")
        default:
            guard uri.hasPrefix("test://template/"), uri.hasSuffix("/data") else {
                throw .resourceNotFound(uri, version)
            }
            let id = String(uri.dropFirst("test://template/".count).dropLast("/data".count))
            let data: JSON = ["id": JSON(id), "templateTest": true, "data": JSON("Data for ID: \(id)")]
            return ResourceContents(uri: uri, mimeType: "application/json", text: data.text())
        }
    }
}

enum EverythingPrompts {
    static let all = [
        Prompt(name: "test_simple_prompt", title: "Simple Test Prompt", description: "A prompt without arguments"),
        Prompt(
            name: "test_prompt_with_arguments", title: "Prompt With Arguments",
            description: "A prompt with two arguments",
            arguments: [
                PromptArgument(name: "arg1", description: "The first", isRequired: true),
                PromptArgument(name: "arg2", description: "The second", isRequired: true),
            ]),
        Prompt(
            name: "test_prompt_with_embedded_resource", title: "Prompt With Embedded Resource",
            description: "A prompt with a resource in it",
            arguments: [PromptArgument(name: "resourceUri", description: "Which resource", isRequired: true)]),
        Prompt(
            name: "test_prompt_with_image", title: "Prompt With Image", description: "A prompt with a picture in it"),
        Prompt(name: "test_input_required_result_prompt", description: "A prompt that asks for its context first"),
    ]

    static func get(_ params: GetPromptParams) throws(RPCError) -> ServerReply {
        let arguments = params.arguments
        switch params.name {
        case "test_simple_prompt": return messages(.text("This is a simple prompt for testing."))
        case "test_prompt_with_arguments":
            let (first, second) = (try text("arg1", arguments), try text("arg2", arguments))
            return messages(.text("Prompt with arguments: arg1='\(first)', arg2='\(second)'"))
        case "test_prompt_with_embedded_resource":
            let contents = ResourceContents(
                uri: try text("resourceUri", arguments), mimeType: "text/plain",
                text: "Embedded resource content for testing.")
            return messages(.embedding(contents), .text("Please process the embedded resource above."))
        case "test_prompt_with_image":
            return messages(
                .image(data: Samples.image, mimeType: "image/png"), .text("Please analyze the image above."))
        case "test_input_required_result_prompt":
            guard let context = params.inputResponses?["user_context"]?["content"]?["context"]?.string else {
                let question = InputTools.question("What context should the prompt use?", "context")
                return .inputRequired(InputRequests(["user_context": question]))
            }
            return messages(.text("Prompt with context: \(context)"))
        default: throw .invalidParams("there is no prompt of this name")
        }
    }

    private static func messages(_ contents: ContentBlock...) -> ServerReply {
        .result(GetPromptResult(contents.map { PromptMessage(.user, $0) }))
    }

    private static func text(_ name: String, _ arguments: JSONObject) throws(RPCError) -> String {
        guard let text = arguments[name]?.string else { throw .invalidParams("arguments.\(name): is missing") }
        return text
    }
}

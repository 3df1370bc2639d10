public import JSON

/// A piece of what a tool answers or of a message in a prompt or a conversation.
public enum ContentBlock: MCPObject {
    case text(TextContent)
    case image(MediaContent)
    case audio(MediaContent)
    case link(Resource)
    case resource(EmbeddedResource)
    /// In sampling only: the model wants a tool to be run, and what came of it.
    case toolUse(ToolUse)
    case toolResult(ToolResult)
    /// Of a type that this protocol does not name.
    case other(JSON)

    public static let shape = Shape(
        "ContentBlock", by: "type",
        [
            "text": TextContent.self, "image": MediaContent.self, "audio": MediaContent.self,
            "resource_link": Resource.self, "resource": EmbeddedResource.self, "tool_use": ToolUse.self,
            "tool_result": ToolResult.self,
        ])

    public init(trusted json: JSON) {
        self =
            switch json["type"]?.string {
            case "text": .text(TextContent(trusted: json))
            case "image": .image(MediaContent(trusted: json))
            case "audio": .audio(MediaContent(trusted: json))
            case "resource_link": .link(Resource(trusted: json))
            case "resource": .resource(EmbeddedResource(trusted: json))
            case "tool_use": .toolUse(ToolUse(trusted: json))
            case "tool_result": .toolResult(ToolResult(trusted: json))
            default: .other(json)
            }
    }

    public var json: JSON {
        switch self {
        case .text(let content): content.json
        case .image(let content), .audio(let content): content.json
        case .link(let content): content.json
        case .resource(let content): content.json
        case .toolUse(let content): content.json
        case .toolResult(let content): content.json
        case .other(let json): json
        }
    }

    public static func text(_ text: String, annotations: Annotations? = nil) -> ContentBlock {
        .text(TextContent(trusted: .made(["type": "text", "text": JSON(text), "annotations": annotations?.json])))
    }

    /// - Parameter data: base64 (RFC 4648 section 4).
    public static func image(data: String, mimeType: String) -> ContentBlock {
        .image(MediaContent(trusted: ["type": "image", "data": JSON(data), "mimeType": JSON(mimeType)]))
    }

    /// - Parameter data: base64 (RFC 4648 section 4).
    public static func audio(data: String, mimeType: String) -> ContentBlock {
        .audio(MediaContent(trusted: ["type": "audio", "data": JSON(data), "mimeType": JSON(mimeType)]))
    }

    public static func embedding(_ contents: ResourceContents) -> ContentBlock {
        .resource(EmbeddedResource(trusted: ["type": "resource", "resource": contents.json]))
    }
}

public struct TextContent: MCPObject {
    public static let shape = Shape(
        "TextContent", .required("text", .text), .optional("annotations", .of(Annotations.self)),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public var text: String { text("text") }
}

/// An image or a sound.
public struct MediaContent: MCPObject {
    public static let shape = Shape(
        "MediaContent", .required("data", .text), .required("mimeType", .text),
        .optional("annotations", .of(Annotations.self)), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    /// Base64 (RFC 4648 section 4).
    public var data: String { text("data") }
    public var mimeType: String { text("mimeType") }
}

public struct EmbeddedResource: MCPObject {
    public static let shape = Shape(
        "EmbeddedResource", .required("resource", .of(ResourceContents.self)),
        .optional("annotations", .of(Annotations.self)), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public var contents: ResourceContents { ResourceContents(trusted: json["resource"] ?? [:]) }
}

public struct ToolUse: MCPObject {
    public static let shape = Shape(
        "ToolUseContent", .required("id", .text), .required("name", .text), .required("input", .object),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public var id: String { text("id") }
    public var name: String { text("name") }
    public var input: JSONObject { json["input"]?.object ?? [:] }
}

public struct ToolResult: MCPObject {
    public static let shape = Shape(
        "ToolResultContent", .required("toolUseId", .text), .required("content", .list(.of(ContentBlock.self))),
        .optional("isError", .bool), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public var content: [ContentBlock] { list("content") ?? [] }
    public var isError: Bool { flag("isError") ?? false }
}

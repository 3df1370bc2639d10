public import JSON

/// What a server asks its client's model.
public struct CreateMessageParams: MCPObject {
    public static let shape = Shape(
        "CreateMessageRequestParams", .required("messages", .list(.of(SamplingMessage.self))),
        .required("maxTokens", .integer), .optional("systemPrompt", .text), .optional("temperature", .number),
        .optional("stopSequences", .list(.text)), .optional("modelPreferences", .object),
        .optional("includeContext", .text), .optional("metadata", .object),
        .optional("tools", .list(.of(Tool.self))), .optional("toolChoice", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ messages: [SamplingMessage], maxTokens: Int, systemPrompt: String? = nil) {
        json = .made([
            "messages": .objects(messages), "systemPrompt": systemPrompt.map(JSON.string),
            "maxTokens": JSON(maxTokens),
        ])
    }

    public var messages: [SamplingMessage] { list("messages") ?? [] }
    public var maxTokens: Int { json["maxTokens"]?.int ?? 0 }
    public var systemPrompt: String? { json["systemPrompt"]?.string }
    public var tools: [Tool]? { list("tools") }
}

/// One message of a conversation with a model.
public struct SamplingMessage: MCPObject {
    public static let shape = Shape(
        "SamplingMessage", .required("role", .word(Role.words)),
        .required("content", .oneOrMore(.of(ContentBlock.self))), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ role: Role, _ content: ContentBlock) {
        json = ["role": JSON(role.rawValue), "content": content.json]
    }

    public var role: Role { Role(rawValue: text("role")) ?? .user }
    public var content: [ContentBlock] { ContentBlock.oneOrMore(json["content"]) }
}

/// What the model answered.
public struct CreateMessageResult: MCPObject {
    public static let shape = Shape(
        "CreateMessageResult", .required("role", .word(Role.words)), .required("model", .text),
        .required("content", .oneOrMore(.of(ContentBlock.self))), .optional("stopReason", .text),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ role: Role, _ content: ContentBlock, model: String, stopReason: String? = nil) {
        json = .made([
            "role": JSON(role.rawValue), "content": content.json, "model": JSON(model),
            "stopReason": stopReason.map(JSON.string),
        ])
    }

    public var role: Role { Role(rawValue: text("role")) ?? .assistant }
    public var content: [ContentBlock] { ContentBlock.oneOrMore(json["content"]) }
    public var model: String { text("model") }
    public var stopReason: String? { json["stopReason"]?.string }
}

extension ContentBlock {
    fileprivate static func oneOrMore(_ json: JSON?) -> [ContentBlock] {
        guard let json else { return [] }
        return json.array?.map { ContentBlock(trusted: $0) } ?? [ContentBlock(trusted: json)]
    }
}

public import JSON

/// What a server says of a prompt that it can fill in.
public struct Prompt: MCPObject {
    public static let shape = Shape(
        "Prompt", .required("name", .text), .optional("title", .text), .optional("description", .text),
        .optional("arguments", .list(.of(PromptArgument.self))), .optional("icons", .list(.of(Icon.self))),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(name: String, title: String? = nil, description: String? = nil, arguments: [PromptArgument]? = nil) {
        json = .made([
            "name": JSON(name), "title": title.map(JSON.string), "description": description.map(JSON.string),
            "arguments": .objects(arguments),
        ])
    }

    public var name: String { text("name") }
    public var title: String? { json["title"]?.string }
    public var description: String? { json["description"]?.string }
    public var arguments: [PromptArgument] { list("arguments") ?? [] }
}

public struct PromptArgument: MCPObject {
    public static let shape = Shape(
        "PromptArgument", .required("name", .text), .optional("title", .text), .optional("description", .text),
        .optional("required", .bool))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(name: String, description: String? = nil, isRequired: Bool = false) {
        json = .made([
            "name": JSON(name), "description": description.map(JSON.string), "required": JSON(isRequired),
        ])
    }

    public var name: String { text("name") }
    public var isRequired: Bool { flag("required") ?? false }
}

public struct PromptMessage: MCPObject {
    public static let shape = Shape(
        "PromptMessage", .required("role", .word(Role.words)), .required("content", .of(ContentBlock.self)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ role: Role, _ content: ContentBlock) {
        json = ["role": JSON(role.rawValue), "content": content.json]
    }

    public var role: Role { Role(rawValue: text("role")) ?? .user }
    public var content: ContentBlock { ContentBlock(trusted: json["content"] ?? [:]) }
}

public struct GetPromptResult: MCPObject {
    public static let shape = Shape(
        "GetPromptResult", .required("messages", .list(.of(PromptMessage.self))), .optional("description", .text),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ messages: [PromptMessage], description: String? = nil) {
        json = .made(["description": description.map(JSON.string), "messages": .objects(messages)])
    }

    public var messages: [PromptMessage] { list("messages") ?? [] }
    public var description: String? { json["description"]?.string }
}

public import JSON

/// The parameters of a request that may ask its client for input before it is done (`tools/call`, `prompts/get`,
/// `resources/read`).
public protocol CallParams: MCPObject {}

extension CallParams {
    /// What the client answers to the requests for input of an earlier try.
    public var inputResponses: InputResponses? { view("inputResponses") }
    /// What the earlier try gave the client to carry. The client may have changed it.
    public var requestState: String? { json["requestState"]?.string }
}

extension Shape {
    fileprivate static func call(_ name: String, _ members: Member...) -> Shape {
        Shape(
            name,
            members + [
                .optional("inputResponses", .of(InputResponses.self)), .optional("requestState", .text),
                .optional("_meta", .object),
            ])
    }
}

/// Of what is called by its name, with arguments.
public protocol NamedCallParams: CallParams {}

extension NamedCallParams {
    public init(name: String, arguments: JSONObject? = nil) {
        self.init(trusted: .made(["name": JSON(name), "arguments": arguments.map(JSON.object)]))
    }

    public var name: String { text("name") }
    public var arguments: JSONObject { json["arguments"]?.object ?? [:] }
}

public struct CallToolParams: NamedCallParams {
    public static let shape = Shape.call(
        "CallToolRequestParams", .required("name", .text), .optional("arguments", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }
}

public struct GetPromptParams: NamedCallParams {
    public static let shape = Shape.call(
        "GetPromptRequestParams", .required("name", .text), .optional("arguments", .map(.text)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }
}

public struct ReadResourceParams: CallParams {
    public static let shape = Shape.call("ReadResourceRequestParams", .required("uri", .text))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(uri: String) { json = ["uri": JSON(uri)] }

    public var uri: String { text("uri") }
}

public struct CallToolResult: MCPObject {
    public static let shape = Shape(
        "CallToolResult", .required("content", .list(.of(ContentBlock.self))), .optional("isError", .bool),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    /// - Parameter isError: the tool ran and failed; the model is to see why.
    public init(_ content: [ContentBlock], structured: JSON? = nil, isError: Bool = false) {
        json = .made([
            "content": .objects(content), "structuredContent": structured, "isError": isError ? true : nil,
        ])
    }

    public var content: [ContentBlock] { list("content") ?? [] }
    public var structuredContent: JSON? { json["structuredContent"] }
    public var isError: Bool { flag("isError") ?? false }
}

public import JSON

/// What a server says of one of its tools.
public struct Tool: MCPObject {
    public static let shape = Shape(
        "Tool", .required("name", .text), .required("inputSchema", .of(ToolSchema.self)),
        .optional("outputSchema", .object), .optional("title", .text), .optional("description", .text),
        .optional("annotations", .of(ToolAnnotations.self)), .optional("icons", .list(.of(Icon.self))),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(
        name: String, title: String? = nil, description: String? = nil, inputSchema: JSON,
        outputSchema: JSON? = nil, annotations: ToolAnnotations? = nil
    ) {
        json = .made([
            "name": JSON(name), "title": title.map(JSON.string), "description": description.map(JSON.string),
            "inputSchema": inputSchema, "outputSchema": outputSchema, "annotations": annotations?.json,
        ])
    }

    public var name: String { text("name") }
    public var title: String? { json["title"]?.string }
    public var description: String? { json["description"]?.string }
    public var inputSchema: JSON { json["inputSchema"] ?? [:] }
    public var outputSchema: JSON? { json["outputSchema"] }
    public var annotations: ToolAnnotations? { view("annotations") }
}

/// A tool's arguments are an object, whatever else its schema says.
struct ToolSchema: MCPObject {
    static let shape = Shape("inputSchema", .required("type", .word(["object"])))
    let json: JSON
    init(trusted json: JSON) { self.json = json }
}

/// What a tool's server claims that the tool does: claims, to be trusted as far as the server is.
public struct ToolAnnotations: MCPObject {
    public static let shape = Shape(
        "ToolAnnotations", .optional("title", .text), .optional("readOnlyHint", .bool),
        .optional("destructiveHint", .bool), .optional("idempotentHint", .bool), .optional("openWorldHint", .bool))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(
        title: String? = nil, readOnly: Bool? = nil, destructive: Bool? = nil, idempotent: Bool? = nil,
        openWorld: Bool? = nil
    ) {
        json = .made([
            "title": title.map(JSON.string), "readOnlyHint": readOnly.map(JSON.bool),
            "destructiveHint": destructive.map(JSON.bool), "idempotentHint": idempotent.map(JSON.bool),
            "openWorldHint": openWorld.map(JSON.bool),
        ])
    }

    public var readOnly: Bool? { flag("readOnlyHint") }
    public var destructive: Bool? { flag("destructiveHint") }
    public var idempotent: Bool? { flag("idempotentHint") }
    public var openWorld: Bool? { flag("openWorldHint") }
}

public import JSON

/// What a server says of a resource that can be read; also as a piece of content (`resource_link`).
public struct Resource: MCPObject {
    public static let shape = Shape(
        "Resource", .required("uri", .text), .required("name", .text), .optional("title", .text),
        .optional("description", .text), .optional("mimeType", .text), .optional("size", .integer),
        .optional("annotations", .of(Annotations.self)), .optional("icons", .list(.of(Icon.self))),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(
        uri: String, name: String, title: String? = nil, description: String? = nil, mimeType: String? = nil,
        annotations: Annotations? = nil
    ) {
        json = .made([
            "uri": JSON(uri), "name": JSON(name), "title": title.map(JSON.string),
            "description": description.map(JSON.string), "mimeType": mimeType.map(JSON.string),
            "annotations": annotations?.json,
        ])
    }

    public var uri: String { text("uri") }
    public var name: String { text("name") }
    public var title: String? { json["title"]?.string }
    public var description: String? { json["description"]?.string }
    public var mimeType: String? { json["mimeType"]?.string }
}

/// Resources whose addresses follow a template (RFC 6570).
public struct ResourceTemplate: MCPObject {
    public static let shape = Shape(
        "ResourceTemplate", .required("uriTemplate", .text), .required("name", .text), .optional("title", .text),
        .optional("description", .text), .optional("mimeType", .text),
        .optional("annotations", .of(Annotations.self)), .optional("icons", .list(.of(Icon.self))),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(
        uriTemplate: String, name: String, title: String? = nil, description: String? = nil, mimeType: String? = nil
    ) {
        json = .made([
            "uriTemplate": JSON(uriTemplate), "name": JSON(name), "title": title.map(JSON.string),
            "description": description.map(JSON.string), "mimeType": mimeType.map(JSON.string),
        ])
    }

    public var uriTemplate: String { text("uriTemplate") }
    public var name: String { text("name") }
    public var title: String? { json["title"]?.string }
    public var description: String? { json["description"]?.string }
    public var mimeType: String? { json["mimeType"]?.string }
}

/// What a resource holds: a text, or bytes in base64.
public struct ResourceContents: MCPObject {
    public static let shape = Shape(
        "ResourceContents", .required("uri", .text), .optional("mimeType", .text), .optional("text", .text),
        .optional("blob", .text), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(uri: String, mimeType: String? = nil, text: String) {
        json = .made(["uri": JSON(uri), "mimeType": mimeType.map(JSON.string), "text": JSON(text)])
    }

    /// - Parameter blob: base64 (RFC 4648 section 4).
    public init(uri: String, mimeType: String? = nil, blob: String) {
        json = .made(["uri": JSON(uri), "mimeType": mimeType.map(JSON.string), "blob": JSON(blob)])
    }

    public var uri: String { text("uri") }
    public var mimeType: String? { json["mimeType"]?.string }
    public var text: String? { json["text"]?.string }
    public var blob: String? { json["blob"]?.string }
}

public struct ReadResourceResult: MCPObject {
    public static let shape = Shape(
        "ReadResourceResult", .required("contents", .list(.of(ResourceContents.self))), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ contents: [ResourceContents], caching: Caching? = nil) {
        json = Caching.stating(caching, in: .made(["contents": .objects(contents)]))
    }

    public var contents: [ResourceContents] { list("contents") ?? [] }
    public var caching: Caching? { Caching(json) }
}

public import JSON

/// Who a client or a server says it is: its own word, never proof.
public struct Implementation: MCPObject {
    public static let shape = Shape(
        "Implementation", .required("name", .text), .required("version", .text), .optional("title", .text),
        .optional("description", .text), .optional("websiteUrl", .text), .optional("icons", .list(.of(Icon.self))))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(name: String, version: String, title: String? = nil, websiteURL: String? = nil) {
        json = .made([
            "name": JSON(name), "version": JSON(version), "title": title.map(JSON.string),
            "websiteUrl": websiteURL.map(JSON.string),
        ])
    }

    public var name: String { text("name") }
    public var version: String { text("version") }
    public var title: String? { json["title"]?.string }
}

/// A picture for a server, tool, prompt or resource. Its address is the peer's word: fetch nothing from it unasked.
public struct Icon: MCPObject {
    public static let shape = Shape(
        "Icon", .required("src", .text), .optional("mimeType", .text), .optional("sizes", .list(.text)),
        .optional("theme", .word(["light", "dark"])))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public var source: String { text("src") }
}

/// For whom a content or resource is, how weighty it is and when it changed.
public struct Annotations: MCPObject {
    public static let shape = Shape(
        "Annotations", .optional("audience", .list(.word(Role.words))), .optional("lastModified", .text),
        .optional("priority", .number))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(audience: [Role]? = nil, priority: Double? = nil, lastModified: String? = nil) {
        json = .made([
            "audience": .texts(audience?.map(\.rawValue)), "priority": priority.flatMap(JSON.init),
            "lastModified": lastModified.map(JSON.string),
        ])
    }

    public var audience: [Role]? { json["audience"]?.array?.compactMap { $0.string.flatMap(Role.init) } }
    /// From 0 (may be left out) to 1 (must be seen).
    public var priority: Double? { json["priority"]?.double }
}

/// Who speaks in a message of a prompt or a conversation.
public enum Role: String, Sendable, Hashable, CaseIterable {
    case user, assistant
    static let words = allCases.map(\.rawValue)
}

public import JSON

/// How long a result may be held for, and by whom (2026-07-28).
public struct Caching: Sendable, Hashable {
    public enum Scope: String, Sendable, Hashable {
        /// By the one client only.
        case `private`
        /// By anything between client and server too.
        case `public`
    }

    /// Milliseconds for which the result counts as fresh; 0 for not at all.
    public var ttl: Int
    public var scope: Scope

    public init(ttl: Int, scope: Scope) {
        self.ttl = ttl
        self.scope = scope
    }

    public static let none = Caching(ttl: 0, scope: .private)

    /// Nil where the result says nothing of it.
    public init?(_ result: JSON) {
        guard let ttl = result["ttlMs"]?.int, ttl >= 0, let scope = result["cacheScope"]?.string.flatMap(Scope.init)
        else { return nil }
        self.init(ttl: ttl, scope: scope)
    }

    static func stating(_ caching: Caching?, in result: JSON) -> JSON {
        guard let caching else { return result }
        var result = result
        result["ttlMs"] = JSON(caching.ttl)
        result["cacheScope"] = JSON(caching.scope.rawValue)
        return result
    }
}

/// What is listed: its name in a result and the request that lists it.
public protocol Listed: MCPObject {
    static var listKey: String { get }
    static var listMethod: String { get }
}

extension Tool: Listed {
    public static let listKey = "tools"
    public static let listMethod = Method.listTools
}

extension Resource: Listed {
    public static let listKey = "resources"
    public static let listMethod = Method.listResources
}

extension ResourceTemplate: Listed {
    public static let listKey = "resourceTemplates"
    public static let listMethod = Method.listResourceTemplates
}

extension Prompt: Listed {
    public static let listKey = "prompts"
    public static let listMethod = Method.listPrompts
}

/// One page of a list.
public struct ListResult<Item: Listed>: MCPObject {
    public static var shape: Shape {
        Shape(
            "List\(Item.shape.name)sResult", .required(Item.listKey, .list(.of(Item.self))),
            .optional("nextCursor", .text), .optional("_meta", .object))
    }

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ items: [Item], nextCursor: String? = nil, caching: Caching? = nil) {
        json = Caching.stating(
            caching, in: .made([Item.listKey: .objects(items), "nextCursor": nextCursor.map(JSON.string)]))
    }

    public var items: [Item] { list(Item.listKey) ?? [] }
    /// By which the next page is asked for; nil on the last.
    public var nextCursor: String? { json["nextCursor"]?.string }
    public var caching: Caching? { Caching(json) }
}

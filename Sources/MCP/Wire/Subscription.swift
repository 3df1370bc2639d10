public import JSON

/// Which changes a client wants to be told of.
public struct SubscriptionFilter: MCPObject {
    public static let shape = Shape(
        "SubscriptionFilter", .optional("toolsListChanged", .bool), .optional("promptsListChanged", .bool),
        .optional("resourcesListChanged", .bool), .optional("resourceSubscriptions", .list(.text)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(tools: Bool = false, prompts: Bool = false, resources: Bool = false, watching uris: [String] = []) {
        json = .made([
            "toolsListChanged": tools ? true : nil, "promptsListChanged": prompts ? true : nil,
            "resourcesListChanged": resources ? true : nil,
            "resourceSubscriptions": uris.isEmpty ? nil : .texts(uris),
        ])
    }

    public var tools: Bool { flag("toolsListChanged") ?? false }
    public var prompts: Bool { flag("promptsListChanged") ?? false }
    public var resources: Bool { flag("resourcesListChanged") ?? false }
    /// The resources of which updates are told.
    public var watched: [String] { json["resourceSubscriptions"]?.array?.compactMap(\.string) ?? [] }

    /// What of it a server with these capabilities honours.
    public func honoured(by capabilities: ServerCapabilities) -> SubscriptionFilter {
        SubscriptionFilter(
            tools: tools && capabilities.tellsToolChanges, prompts: prompts && capabilities.tellsPromptChanges,
            resources: resources && capabilities.tellsResourceChanges,
            watching: capabilities.watchesResources ? watched : [])
    }
}

/// Something that a client may have asked to be told of.
public enum Change: Sendable, Hashable {
    case tools, prompts, resources
    case resource(uri: String)

    public var method: String {
        switch self {
        case .tools: Method.toolsChanged
        case .prompts: Method.promptsChanged
        case .resources: Method.resourcesChanged
        case .resource: Method.resourceUpdated
        }
    }

    /// Nil for a notification that tells of no change.
    public init?(method: String, params: JSON?) {
        switch method {
        case Method.toolsChanged: self = .tools
        case Method.promptsChanged: self = .prompts
        case Method.resourcesChanged: self = .resources
        case Method.resourceUpdated:
            guard let uri = params?["uri"]?.string else { return nil }
            self = .resource(uri: uri)
        default: return nil
        }
    }

    public func isWanted(by filter: SubscriptionFilter) -> Bool {
        switch self {
        case .tools: filter.tools
        case .prompts: filter.prompts
        case .resources: filter.resources
        case .resource(let uri): filter.watched.contains(uri)
        }
    }

    /// - Parameter subscription: the id of the request to listen; nil in a session.
    public func message(subscription: RequestID? = nil) -> Message {
        let uri: JSON? = if case .resource(let uri) = self { JSON(uri) } else { nil }
        let meta: JSON? = subscription.map { [MetaKey.subscriptionID: $0.json] }
        let params = JSON.made(["_meta": meta, "uri": uri])
        return .notification(method: method, params: params.object?.isEmpty == true ? nil : params)
    }
}

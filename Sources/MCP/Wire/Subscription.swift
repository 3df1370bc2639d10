public import JSON

/// Which changes a client wants to be told of.
public struct SubscriptionFilter: MCPObject {
    public static let shape = Shape(
        "SubscriptionFilter", .optional("toolsListChanged", .bool), .optional("promptsListChanged", .bool),
        .optional("resourcesListChanged", .bool), .optional("resourceSubscriptions", .list(.text)),
        .optional("taskIds", .list(.text)))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(
        tools: Bool = false, prompts: Bool = false, resources: Bool = false, watching uris: [String] = [],
        tasks: [String] = []
    ) {
        json = .made([
            "toolsListChanged": tools ? true : nil, "promptsListChanged": prompts ? true : nil,
            "resourcesListChanged": resources ? true : nil,
            "resourceSubscriptions": uris.isEmpty ? nil : .texts(uris),
            "taskIds": tasks.isEmpty ? nil : .texts(tasks),
        ])
    }

    public var tools: Bool { flag("toolsListChanged") ?? false }
    public var prompts: Bool { flag("promptsListChanged") ?? false }
    public var resources: Bool { flag("resourcesListChanged") ?? false }
    /// The resources of which updates are told.
    public var watched: [String] { json["resourceSubscriptions"]?.array?.compactMap(\.string) ?? [] }

    /// The tasks of which it is told how they stand (``TasksExtension``).
    public var tasks: [String] { json["taskIds"]?.array?.compactMap(\.string) ?? [] }

    /// What of it a server with these capabilities honours.
    ///
    /// - Parameter tasks: those that are the client's.
    public func honoured(by capabilities: ServerCapabilities, tasks: [String] = []) -> SubscriptionFilter {
        SubscriptionFilter(
            tools: tools && capabilities.tellsToolChanges, prompts: prompts && capabilities.tellsPromptChanges,
            resources: resources && capabilities.tellsResourceChanges,
            watching: capabilities.watchesResources ? watched : [],
            tasks: capabilities.extension(TasksExtension.name) == nil ? [] : tasks)
    }
}

/// Something that a client may have asked to be told of.
public enum Change: Sendable, Hashable {
    case tools, prompts, resources
    case resource(uri: String)
    /// How a task stands now, as `tasks/get` says it.
    case task(id: String, JSON)

    public var method: String {
        switch self {
        case .tools: Method.toolsChanged
        case .prompts: Method.promptsChanged
        case .resources: Method.resourcesChanged
        case .resource: Method.resourceUpdated
        case .task: TasksExtension.changed
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
        case TasksExtension.changed:
            guard var task = params, let id = task["taskId"]?.string else { return nil }
            task["_meta"] = nil
            self = .task(id: id, task)
        default: return nil
        }
    }

    public func isWanted(by filter: SubscriptionFilter) -> Bool {
        switch self {
        case .tools: filter.tools
        case .prompts: filter.prompts
        case .resources: filter.resources
        case .resource(let uri): filter.watched.contains(uri)
        case .task(let id, _): filter.tasks.contains(id)
        }
    }

    /// - Parameter subscription: the id of the request to listen; nil in a session.
    public func message(subscription: RequestID? = nil) -> Message {
        let meta: JSON? = subscription.map { [MetaKey.subscriptionID: $0.json] }
        var params = JSON.made(["_meta": meta])
        switch self {
        case .resource(let uri): params["uri"] = JSON(uri)
        case .task(_, let task): for (key, value) in task.object ?? [:] { params[key] = value }
        case .tools, .prompts, .resources: break
        }
        return .notification(method: method, params: params.object?.isEmpty == true ? nil : params)
    }
}

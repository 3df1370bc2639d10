/// The names of requests and notifications.
public enum Method {
    public static let discover = "server/discover"
    public static let listTools = "tools/list"
    public static let callTool = "tools/call"
    public static let listResources = "resources/list"
    public static let listResourceTemplates = "resources/templates/list"
    public static let readResource = "resources/read"
    public static let listPrompts = "prompts/list"
    public static let getPrompt = "prompts/get"
    public static let complete = "completion/complete"
    public static let listen = "subscriptions/listen"

    // Before 2026-07-28.
    public static let initialize = "initialize"
    public static let ping = "ping"
    public static let subscribe = "resources/subscribe"
    public static let unsubscribe = "resources/unsubscribe"
    public static let setLevel = "logging/setLevel"

    // What a server asks of its client.
    public static let elicit = "elicitation/create"
    public static let createMessage = "sampling/createMessage"
    public static let listRoots = "roots/list"

    // Notifications.
    public static let initialized = "notifications/initialized"
    public static let cancelled = "notifications/cancelled"
    public static let progress = "notifications/progress"
    public static let message = "notifications/message"
    public static let toolsChanged = "notifications/tools/list_changed"
    public static let promptsChanged = "notifications/prompts/list_changed"
    public static let resourcesChanged = "notifications/resources/list_changed"
    public static let resourceUpdated = "notifications/resources/updated"
    public static let rootsChanged = "notifications/roots/list_changed"
    public static let acknowledged = "notifications/subscriptions/acknowledged"
    public static let elicitationComplete = "notifications/elicitation/complete"
}

/// The members of `_meta` that the protocol itself uses.
public enum MetaKey {
    public static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    public static let clientInfo = "io.modelcontextprotocol/clientInfo"
    public static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    public static let logLevel = "io.modelcontextprotocol/logLevel"
    public static let serverInfo = "io.modelcontextprotocol/serverInfo"
    public static let subscriptionID = "io.modelcontextprotocol/subscriptionId"
    public static let progressToken = "progressToken"
}

public import JSON

/// What an application implements to be a server: stateless, and in the terms of the newest protocol. Sessions of older
/// revisions are adapters around it.
public protocol MCPService: Sendable {
    /// Who serves. It is stated in every result of 2026-07-28.
    var info: Implementation { get }

    /// What is offered to the one who asks.
    func describe(_ context: RequestContext) async throws(RPCError) -> ServerDescription

    /// Answers one request. The task is cancelled when its client no longer wants the answer.
    func handle(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> ServerReply

    /// Changes as they happen, from the moment of the call, until the stream is dropped. Those that the filter does not
    /// want are left out on the way; ending the stream ends the subscription.
    func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change>

    /// Which of these tasks are the client's, and told of by ``changes(_:_:)``.
    func tasks(among ids: [String], _ context: RequestContext) -> [String]

    /// The arguments of a tool that must be repeated in headers; nil when there are none or no such tool.
    func mirroredParameters(of tool: String, _ context: RequestContext) -> MirroredParameters?
}

extension MCPService {
    public func mirroredParameters(of tool: String, _ context: RequestContext) -> MirroredParameters? { nil }

    public func tasks(among ids: [String], _ context: RequestContext) -> [String] { [] }

    public func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change> {
        AsyncStream { _ in }
    }
}

/// What a client asks.
public enum ServerRequest: Sendable, Hashable {
    case listTools(cursor: String?)
    case callTool(CallToolParams)
    case listResources(cursor: String?)
    case listResourceTemplates(cursor: String?)
    case readResource(ReadResourceParams)
    case listPrompts(cursor: String?)
    case getPrompt(GetPromptParams)
    case complete(CompleteParams)
    /// A method that is not the protocol's own: an extension's, or unknown
    /// (throw ``RPCError/methodNotFound(_:)``).
    case other(method: String, params: JSON?)
}

/// How a request is answered, errors aside.
public enum ServerReply: Sendable {
    /// The result's object. `resultType`, `_meta` and what must be said about caching are added where they are missing.
    case result(JSON)
    /// Only for ``ServerRequest/callTool(_:)``, ``ServerRequest/getPrompt(_:)`` and ``ServerRequest/readResource(_:)``:
    /// the request comes again with the answers and with the state, which must be authenticated (``StateSealer``). Ask
    /// only for what the client's capabilities serve.
    case inputRequired(InputRequests, requestState: String? = nil)
}

extension ServerReply {
    public static func result(_ result: some MCPObject) -> ServerReply { .result(result.json) }
}

public import JSON

/// How messages reach one server and come back. A transport knows nothing of what they mean.
public protocol MCPTransport: Sendable {
    typealias Receiver = @Sendable (Message) -> Void

    /// Whether arguments are repeated in headers where a tool's schema asks for it.
    var mirrorsParameters: Bool { get }

    /// Keeps up what must be kept up, and hands on what belongs to no exchange. Called once.
    ///
    /// - Throws: when the connection is over, why; `CancellationError` when it was ended from here.
    func run(_ receive: @escaping Receiver) async throws

    /// Sends a request and waits for its answer; what comes before the answer and belongs to it goes to `receive`.
    /// When the task is cancelled or the deadline passes, the server is told as far as the transport can.
    ///
    /// - Throws: ``TransportError``, `GatehouseError` (`timeout`, `unavailable`, `tooLarge`, `invalid`,
    ///   `unauthenticated`, `denied`), `CancellationError`.
    func exchange(
        _ request: OutgoingRequest, _ receive: @escaping Receiver
    ) async throws -> Result<JSON, RPCError>

    /// Sends a notification, or an answer to a request of the server's.
    func send(_ message: Message, version: ProtocolVersion) async throws

    /// A session was opened by `initialize`.
    func sessionBegan(_ version: ProtocolVersion)

    /// Tells the server that no more will come.
    func close() async
}

/// A request with what a transport may have to say of it outside of the message.
public struct OutgoingRequest: Sendable {
    public var id: RequestID
    public var method: String
    public var params: JSON
    public var version: ProtocolVersion
    /// Of `Mcp-Param-…`, before they are encoded.
    public var mirrored: [(header: String, text: String)] = []
    /// Nil for none, as for a subscription.
    public var deadline: ContinuousClock.Instant?

    var message: Message { .request(id: id, method: method, params: params) }

    /// What the request is about: the name of a tool or prompt, a resource's URI, or a task's id.
    var name: String? {
        switch method {
        case Method.callTool, Method.getPrompt: params["name"]?.string
        case Method.readResource: params["uri"]?.string
        case TasksExtension.get, TasksExtension.update, TasksExtension.cancel: params["taskId"]?.string
        default: nil
        }
    }
}

/// An answer of HTTP that is no answer of MCP.
public struct TransportError: Error, Sendable, Hashable {
    public var status: Int
    /// Whether the request named a session.
    public var hadSession: Bool
}

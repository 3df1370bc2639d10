/// Bounds on everything that a peer may send or hold. Each names the answer that it gives when passed.
public struct HTTPLimits: Sendable, Hashable {
    /// Bytes of a request body: 413.
    public var bodyBytes = 1 << 20
    /// Bytes of the body of a request to a model: 413.
    public var modelBodyBytes = 32 << 20
    /// Bytes of all header fields of a request together: 431.
    public var headerBytes = 16 << 10
    /// Header fields in a request: 431.
    public var headerCount = 64
    /// Bytes of the path and query: 414.
    public var targetBytes = 8 << 10
    /// From connecting to the end of the first request's header: 408.
    public var headerTime: Duration = .seconds(10)
    /// From the end of the header to the end of the body: 408.
    public var bodyTime: Duration = .seconds(30)
    /// From the end of an answer to the end of the next request's header: the connection is closed.
    public var idleTime: Duration = .seconds(60)
    /// Spent on answering, for routes that are not streams or actions: 504.
    public var requestTime: Duration = .seconds(30)
    /// Open at a time on one listener; further ones wait in the kernel's queue.
    public var connections = 1024
    /// Event streams open at a time: 503.
    public var streams = 128
    /// For what is in flight when the house is asked to stop; then it is cancelled and recorded as unknown.
    public var shutdownTime: Duration = .seconds(30)
    /// Nesting of arrays and objects in a request body: 400.
    public var jsonDepth = 64

    public init() {}

    func bodyBytes(of target: String) -> Int {
        let isForModels =
            ModelSurface.at(target) != nil || target.hasPrefix(CouncilRoutes.path)
            || ConversationRoutes.takesSpeech(target)
        return isForModels ? modelBodyBytes : bodyBytes
    }
}

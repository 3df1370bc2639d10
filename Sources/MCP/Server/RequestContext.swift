public import HTTPTypes
public import JSON
import Synchronization

/// Who asks, how, and how to tell them something meanwhile.
public struct RequestContext: Sendable {
    public let version: ProtocolVersion
    /// Who the client says it is.
    public let client: Implementation?
    public let capabilities: ClientCapabilities
    /// Who asks, as the front door identified it.
    public let peer: any Sendable
    /// The same as a text: whom a session or a state handle belongs to. Empty for nobody in particular.
    public let identity: String
    /// The session, before 2026-07-28.
    public let sessionID: String?
    /// The HTTP request's; empty over stdio.
    public let headers: HTTPFields
    /// The request's `_meta`.
    public let meta: JSONObject
    let outlet: Outlet?

    init(
        version: ProtocolVersion, client: Implementation?, capabilities: ClientCapabilities, caller: Caller,
        sessionID: String? = nil, meta: JSONObject = [:], outlet: Outlet? = nil
    ) {
        self.version = version
        self.client = client
        self.capabilities = capabilities
        peer = caller.peer
        identity = caller.identity
        headers = caller.headers
        self.sessionID = sessionID
        self.meta = meta
        self.outlet = outlet
    }

    /// In which trace the request stands, by its own word.
    public var trace: TraceMeta? { TraceMeta(meta) }

    /// Whether the client wants to know how far the request has come.
    public var wantsProgress: Bool { outlet?.progressToken != nil }

    /// Tells the client how far the request has come. What is no more than was told before is left out.
    public func progress(_ progress: Double, total: Double? = nil, message: String? = nil) {
        guard let outlet, let token = outlet.progressToken, outlet.advances(to: progress) else { return }
        let params = ProgressParams(token, progress: progress, total: total, message: message)
        outlet.send(.notification(method: Method.progress, params: params.json))
    }

    /// Sends a log message to a client that has asked for such, from the level that it asked for.
    public func log(_ level: LoggingLevel, logger: String? = nil, data: JSON) {
        guard let outlet, let least = outlet.logLevel, level >= least else { return }
        let params = LoggingParams(level, logger: logger, data: data)
        outlet.send(.notification(method: Method.message, params: params.json))
    }

    /// Lets go of the connection on which a session's client waits; the client comes back for the answer. Nothing
    /// happens where the protocol has no such thing (2025-11-25 has, over HTTP).
    public func releaseConnection() { outlet?.release() }
}

extension MCPLimits {
    /// What a client names a request's progress by comes back in each notification.
    func checked(_ token: ProgressToken?) throws(RPCError) -> ProgressToken? {
        if case .string(let text)? = token, text.utf8.count > idBytes {
            throw .invalidParams("progressToken is longer than \(idBytes) bytes")
        }
        return token
    }
}

/// Who sent a message, by the front door's word.
struct Caller: Sendable {
    var peer: any Sendable
    var identity: String
    var headers: HTTPFields = [:]
}

/// The way of one request's notifications to its client.
final class Outlet: Sendable {
    let progressToken: ProgressToken?
    let logLevel: LoggingLevel?
    let send: @Sendable (Message) -> Void
    let release: @Sendable () -> Void
    private let told = Mutex(-Double.infinity)

    init(
        progressToken: ProgressToken?, logLevel: LoggingLevel?, release: @escaping @Sendable () -> Void = {},
        send: @escaping @Sendable (Message) -> Void
    ) {
        self.progressToken = progressToken
        self.logLevel = logLevel
        self.release = release
        self.send = send
    }

    /// Whether this is further than what was told before; it counts as told then.
    func advances(to progress: Double) -> Bool {
        told.withLock { told in
            guard progress > told else { return false }
            told = progress
            return true
        }
    }
}

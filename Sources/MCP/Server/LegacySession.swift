import JSON
import Synchronization

/// A session of 2025-06-18 or 2025-11-25, whatever carries its messages: what it remembers between them, and the
/// methods that are about the session itself.
final class LegacySession: Sendable {
    private struct State {
        var logLevel = LoggingLevel.info
        var watched: [String] = []
    }

    let id: String?
    let version: ProtocolVersion
    let client: Implementation
    let capabilities: ClientCapabilities
    let description: ServerDescription
    let exchanges: Exchanges
    let asks: Asks
    private let limits: MCPLimits
    private let state = Mutex(State())
    private let watch = ChangeWatch()

    init(id: String?, _ opening: Opening, _ description: ServerDescription, _ limits: MCPLimits) {
        self.id = id
        version = opening.version
        client = opening.params.clientInfo
        capabilities = opening.params.capabilities
        self.description = description
        self.limits = limits
        exchanges = Exchanges(limits)
        asks = Asks(limits)
    }

    /// What an `initialize` asks for and the revision that it gets.
    struct Opening: Sendable {
        let params: InitializeParams
        let version: ProtocolVersion

        /// The session keeps it.
        private static let greatestBytes = 64 << 10

        init(_ params: JSON?) throws(RPCError) {
            self.params = try InitializeParams(params ?? [:])
            guard self.params.json.bytes().count <= Self.greatestBytes else {
                throw .invalidParams("initialize has at most \(Self.greatestBytes) bytes")
            }
            let wanted = self.params.version
            version = ProtocolVersion.supportedLegacy.contains(wanted) ? wanted : .latestLegacy
        }
    }

    var logLevel: LoggingLevel { state.withLock { $0.logLevel } }

    func context(_ caller: Caller, params: JSON?, outlet: Outlet? = nil) -> RequestContext {
        RequestContext(
            version: version, client: client, capabilities: capabilities, caller: caller, sessionID: id,
            meta: params?["_meta"]?.object ?? [:], outlet: outlet)
    }

    /// The token by which a request wants to be told of its progress.
    func progressToken(_ params: JSON?) throws(RPCError) -> ProgressToken? {
        try limits.checked(params?["_meta"]?[MetaKey.progressToken].flatMap { ProgressToken($0) })
    }

    /// Answers a method that is about the session itself; nil for any other.
    func answer(_ method: String, _ params: JSON?) throws(RPCError) -> JSON? {
        switch method {
        case Method.ping: return [:]
        case Method.setLevel where description.capabilities.hasLogging:
            guard let level = params?["level"]?.string.flatMap(LoggingLevel.init(rawValue:)) else {
                throw .invalidParams("level must be \(LoggingLevel.words.joined(separator: ", "))")
            }
            state.withLock { $0.logLevel = level }
            return [:]
        case Method.subscribe where description.capabilities.watchesResources:
            try watch(params) { watched, uri in watched.contains(uri) ? watched : watched + [uri] }
            return [:]
        case Method.unsubscribe where description.capabilities.watchesResources:
            try watch(params) { watched, uri in watched.filter { $0 != uri } }
            return [:]
        case Method.initialize: throw .invalidRequest("the session is open already")
        case Method.setLevel, Method.subscribe, Method.unsubscribe, Method.discover, Method.listen:
            throw .methodNotFound(method)
        default: return nil
        }
    }

    func receive(notification method: String, _ params: JSON?) {
        guard method == Method.cancelled, let id = params?["requestId"].flatMap({ RequestID($0) }) else { return }
        exchanges.cancel(id)
    }

    func sweep(_ now: ContinuousClock.Instant) {
        exchanges.sweep(now)
        asks.sweep(now)
    }

    func close() {
        watch.close()
        asks.close()
        exchanges.close()
    }

    // MARK: Changes

    /// Tells the client of changes from now on. Only the first call counts.
    func tellChanges<Service: MCPService>(
        from service: Service, _ caller: Caller, send: @escaping @Sendable (Message) -> Void
    ) {
        let context = context(caller, params: nil)
        watch.begin(filter) { filter in
            (service.changes(filter, context), { change in send(change.message()) })
        }
    }

    private var filter: SubscriptionFilter {
        SubscriptionFilter(tools: true, prompts: true, resources: true, watching: state.withLock { $0.watched })
            .honoured(by: description.capabilities)
    }

    private func watch(
        _ params: JSON?, _ change: @Sendable ([String], String) -> [String]
    ) throws(RPCError) {
        guard let uri = params?["uri"]?.string, uri.utf8.count <= limits.nameBytes else {
            throw .invalidParams("uri must be a text of at most \(limits.nameBytes) bytes")
        }
        let isTooMuch = state.withLock { state in
            let watched = change(state.watched, uri)
            guard watched.count <= limits.watchedResources else { return true }
            state.watched = watched
            return false
        }
        guard !isTooMuch else { throw .invalidParams("more than \(limits.watchedResources) resources are watched") }
        watch.update(filter)
    }
}

import Core
public import JSON
import Synchronization

/// A client of one server, for many callers at once over one connection.
///
/// It finds out which revision the server speaks before the first request: 2026-07-28, in which each request stands for
/// itself, or an earlier one with a session. Whichever it is, the calls are the same, and a server's questions in
/// mid-call come to the same place, `onInput`.
public final class MCPClient: Sendable {
    /// Answers a server's question: an ``ElicitResult``, a ``CreateMessageResult`` or a ``ListRootsResult``, as JSON.
    public typealias InputHandler = @Sendable (InputRequest, CallContext) async throws -> JSON
    /// Is told what a server says unasked. It must not wait.
    public typealias NotificationHandler = @Sendable (_ method: String, _ params: JSON?) -> Void
    public typealias ProgressHandler = @Sendable (ProgressParams) -> Void

    struct Call: Sendable {
        var context: CallContext
        var onProgress: ProgressHandler?
        /// What the server may ask for in its course; nil for all that the client may be asked for.
        var capabilities: ClientCapabilities?
    }

    struct State {
        var lastID: Int64 = 0
        var calls: [RequestID: Call] = [:]
        var peer: Peer?
        /// Of the tools listed so far, by name.
        var mirrored: [String: MirroredParameters] = [:]
    }

    let transport: any MCPTransport
    let info: Implementation
    let capabilities: ClientCapabilities
    let versions: [ProtocolVersion]
    let limits: MCPLimits
    let onInput: InputHandler?
    private let handsBackInput: Bool
    private let onNotification: NotificationHandler?
    let state = Mutex(State())
    private let turn = Turn()
    private let questions: AsyncStream<Question>
    private let asked: AsyncStream<Question>.Continuation

    /// - Parameters:
    ///   - capabilities: what the server may ask for; it is held to them.
    ///   - versions: that may be spoken.
    ///   - onInput: nil hands the questions of a server of 2026-07-28 to the caller, ``ClientReply/inputRequired(_:state:)``,
    ///     and refuses those of earlier ones.
    ///   - handsBackInput: hands the questions of a server of 2026-07-28 to the caller all the same.
    public init(
        transport: any MCPTransport, info: Implementation, capabilities: ClientCapabilities = .none,
        versions: [ProtocolVersion] = ProtocolVersion.supported, limits: MCPLimits = MCPLimits(),
        onInput: InputHandler? = nil, handsBackInput: Bool = false, onNotification: NotificationHandler? = nil
    ) {
        self.transport = transport
        self.info = info
        self.capabilities = capabilities
        self.versions = versions
        self.limits = limits
        self.onInput = onInput
        self.handsBackInput = handsBackInput
        self.onNotification = onNotification
        (questions, asked) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limits.inputRequests))
    }

    /// Keeps the connection. It must run for calls to be answered, and ends when the connection does or when it is
    /// cancelled; all calls under way fail then, and no others can be made.
    ///
    /// - Throws: why the connection is over.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.transport.run { self.receive($0, from: nil) } }
            group.addTask { await self.answerQuestions(self.questions) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Tells the server that no more will come; ``run()`` ends with it.
    public func close() async { await transport.close() }

    /// What the server is and offers. It is asked once.
    public func discover() async throws -> ServerDescription { try await peer().description }

    /// The revision that is spoken with the server.
    public func version() async throws -> ProtocolVersion { try await peer().version }

    /// Sends a request and waits for what comes of it.
    ///
    /// - Parameters:
    ///   - params: the members that the protocol itself wants in `_meta` are added.
    ///   - deadline: for each answer of the server's; while a person is asked for input it does not count.
    ///   - trace: in which the request stands, for the server to take part in.
    ///   - mark: the caller's own name for this call, which ``CallContext/mark`` has when the server asks something in its
    ///     course.
    ///   - capabilities: what the server may ask for in its course, where that is less than the client may be asked for.
    ///     A server of before 2026-07-28 is told of it nowhere: who answers its questions has to look.
    /// - Throws: `RPCError` as the server told it; `GatehouseError` of the domain `mcp` for what went wrong on the way;
    ///   `CancellationError`.
    public func send(
        _ method: String, _ params: JSON = [:], deadline: Duration = .seconds(60), trace: TraceMeta? = nil,
        mark: Int64? = nil, offering capabilities: ClientCapabilities? = nil, onProgress: ProgressHandler? = nil
    ) async throws -> ClientReply {
        var params = params
        if let trace {
            var meta = params["_meta"]?.object ?? [:]
            trace.write(to: &meta)
            params["_meta"] = .object(meta)
        }
        let call = Call(
            context: CallContext(method: method, mark: mark), onProgress: onProgress, capabilities: capabilities)
        for _ in 0...limits.inputRounds {
            let result = try await result(call, method, params, deadline)
            guard result["resultType"]?.string == ResultType.inputRequired else { return .result(result) }
            let required: InputRequiredResult
            do throws(RPCError) { required = try InputRequiredResult(result) } catch {
                throw MCPFailure.malformed("the server's request for input has not the form of one", error)
            }
            guard let onInput, !handsBackInput else {
                return .inputRequired(required.inputRequests, state: required.requestState)
            }
            let context = CallContext(
                method: method, name: params["name"]?.string ?? params["uri"]?.string, mark: mark)
            params["inputResponses"] = try await answers(to: required.inputRequests, context, onInput).json
            params["requestState"] = required.requestState.map(JSON.string)
        }
        throw GatehouseError("mcp", .exhausted, "the server asked for input more than \(limits.inputRounds) times")
    }

    public func callTool(
        _ name: String, _ arguments: JSONObject = [:], deadline: Duration = .seconds(60), trace: TraceMeta? = nil,
        onProgress: ProgressHandler? = nil
    ) async throws -> ClientReply {
        let params = CallToolParams(name: name, arguments: arguments).json
        return try await send(Method.callTool, params, deadline: deadline, trace: trace, onProgress: onProgress)
    }

    private func result(
        _ call: Call, _ method: String, _ params: JSON, _ deadline: Duration
    ) async throws -> JSON {
        let peer = try await peer()
        do {
            return try await exchange(method, params, peer.version, .now + deadline, call)
        } catch let error as TransportError {
            guard error.status == 404, error.hadSession else { throw error.failure }
            // The session has ended; the request was not taken, so that it can be sent in another.
            state.withLock { if $0.peer?.number == peer.number { $0.peer = nil } }
        } catch let error as RPCError where error.code == RPCError.Code.headerMismatch && method == Method.callTool {
            // The tool is not what it was when it was listed, or was never listed.
            _ = try await list(Tool.self, deadline: deadline)
        }
        let version = try await version()
        return try await told { try await exchange(method, params, version, .now + deadline, call) }
    }

    func told<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as TransportError { throw error.failure }
    }

    /// One request and its answer.
    func exchange(
        _ method: String, _ params: JSON, _ version: ProtocolVersion, _ deadline: ContinuousClock.Instant?,
        _ call: Call? = nil
    ) async throws -> JSON {
        let call = call ?? Call(context: CallContext(method: method))
        let (id, mirrored) = try begin(call, params)
        defer { state.withLock { _ = $0.calls.removeValue(forKey: id) } }
        var request = OutgoingRequest(
            id: id, method: method, params: stated(params, version, id, call),
            version: version)
        request.deadline = deadline
        request.mirrored = mirrored
        let answer = try await transport.exchange(request) { [self] in receive($0, from: id) }
        return try answer.get()
    }

    private func begin(_ call: Call, _ params: JSON) throws -> (RequestID, [(header: String, text: String)]) {
        var call = call
        call.context.name = params["name"]?.string ?? params["uri"]?.string
        return try state.withLock { state in
            guard state.calls.count < limits.callsInFlight else {
                throw GatehouseError("mcp", .exhausted, "more than \(limits.callsInFlight) calls wait for this server")
            }
            state.lastID += 1
            let id = RequestID.number(state.lastID)
            state.calls[id] = call
            guard call.context.method == Method.callTool, let name = call.context.name,
                let parameters = state.mirrored[name]
            else { return (id, []) }
            let arguments = params["arguments"] ?? [:]
            return (id, parameters.parameters.compactMap { one in one.text(in: arguments).map { (one.header, $0) } })
        }
    }

    /// What the protocol wants each request to say of itself.
    private func stated(_ params: JSON, _ version: ProtocolVersion, _ id: RequestID, _ call: Call) -> JSON {
        var meta = params["_meta"]?.object ?? [:]
        if version.isStateless {
            let own = RequestMeta(version, client: info, capabilities: call.capabilities ?? capabilities)
            for (key, value) in own.json.object ?? [:] { meta[key] = value }
        }
        if call.onProgress != nil { meta[MetaKey.progressToken] = id.json }
        guard !meta.isEmpty else { return params }
        var params = params
        params["_meta"] = .object(meta)
        return params
    }

    /// - Parameter id: of the request on whose stream it came; nil for a channel that all share.
    private func receive(_ message: Message, from id: RequestID?) {
        switch message {
        case .notification(Method.progress, let params):
            guard let params, let progress = try? ProgressParams(params) else { return }
            state.withLock { $0.calls[progress.token]?.onProgress }?(progress)
        case .notification(let method, let params): onNotification?(method, params)
        case .request(let request, let method, let params):
            let context = context(of: id)
            asked.yield(Question(id: request, method: method, params: params, context: context))
        case .result, .error: return
        }
    }

    /// On a channel that all calls share, a question belongs to the one call there is; of several it is not known to which.
    private func context(of id: RequestID?) -> CallContext {
        state.withLock { state in
            if let id { return state.calls[id]?.context ?? CallContext() }
            guard state.calls.count == 1, let only = state.calls.values.first else { return CallContext() }
            return only.context
        }
    }

    private func peer() async throws -> Peer {
        if let peer = state.withLock({ $0.peer }) { return peer }
        return try await turn.taken {
            if let peer = state.withLock({ $0.peer }) { return peer }
            try Task.checkCancellation()
            let peer = try await told { try await negotiate() }
            state.withLock { $0.peer = peer }
            return peer
        }
    }
}

extension TransportError {
    var failure: GatehouseError {
        MCPFailure.unavailable("the server answered with status \(status) and no message")
    }
}

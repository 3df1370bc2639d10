public import AsyncHTTPClient
public import Core
public import JSON
import NIOCore
import NIOHTTP1
import Synchronization
import Web

/// A server over streamable HTTP: each message is a POST of its own, answered by JSON or by a stream of events. In a
/// session there is also a stream that belongs to no request, and streams that were cut are taken up again.
public final class HTTPTransport: MCPTransport {
    struct Session: Sendable {
        var id: String?
        var version: ProtocolVersion?
    }

    public let mirrorsParameters = true

    let address: String
    let limits: MCPLimits
    let session = Mutex(Session())
    private let client: HTTPClient
    private let headers: [(name: String, value: Secret)]
    private let authorizer: (any MCPAuthorizer)?
    private let sessions: AsyncStream<ProtocolVersion>
    private let began: AsyncStream<ProtocolVersion>.Continuation
    private let closing: AsyncStream<Never>
    private let closed: AsyncStream<Never>.Continuation

    /// Times that one request is sent again with another authorization.
    private static let renewals = 3
    /// Bytes read of an answer that says only that there is none.
    private static let refusalBytes = 64 << 10
    /// For what is sent without waiting for an answer of the server's.
    private static let shortTime = Duration.seconds(30)

    /// - Parameters:
    ///   - address: of the MCP endpoint.
    ///   - client: see ``makeClient()``; it must follow no redirects, which would take credentials elsewhere.
    ///   - headers: sent with each request.
    public init(
        _ address: String, client: HTTPClient, headers: [(name: String, value: Secret)] = [],
        authorizer: (any MCPAuthorizer)? = nil, limits: MCPLimits = MCPLimits()
    ) {
        self.address = address
        self.client = client
        self.headers = headers
        self.authorizer = authorizer
        self.limits = limits
        (sessions, began) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (closing, closed) = AsyncStream.makeStream()
    }

    /// A client as transports want it, for any number of servers. Whoever makes it shuts it down.
    public static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .disabled
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func run(_ receive: @escaping Receiver) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // The stream of a session that has ended gives way to that of the next, even where it stays open.
                var listening: Task<Void, Never>?
                for await version in self.sessions {
                    listening?.cancel()
                    listening = Task { await self.listen(version, receive) }
                }
                listening?.cancel()
            }
            group.addTask { for await _ in self.closing {} }
            defer { group.cancelAll() }
            await group.next()
        }
        throw CancellationError()
    }

    public func sessionBegan(_ version: ProtocolVersion) {
        session.withLock { $0.version = version }
        began.yield(version)
    }

    public func close() async {
        if session.withLock({ $0.id }) != nil {
            // A server need not let its sessions be ended.
            _ = try? await perform(.DELETE, body: nil, extra: [], until: .now + Self.shortTime)
        }
        began.finish()
        closed.finish()
    }

    public func send(_ message: Message, version: ProtocolVersion) async throws {
        var extra: [(String, String)] = []
        if case .notification(let method, _) = message { extra.append(("mcp-method", method)) }
        let response = try await perform(.POST, body: message.encoded(), extra: extra, until: .now + Self.shortTime)
        guard (200..<300).contains(response.status.code) else {
            throw TransportError(status: Int(response.status.code), hadSession: session.withLock { $0.id } != nil)
        }
    }

    public func exchange(
        _ request: OutgoingRequest, _ receive: @escaping Receiver
    ) async throws -> Result<JSON, RPCError> {
        do {
            return try await Self.bounded(by: request.deadline) { [self] in
                let response = try await perform(
                    .POST, body: request.message.encoded(), extra: Self.headers(of: request), until: request.deadline,
                    inSession: request.method != Method.initialize)
                return try await answer(in: response, request, receive)
            }
        } catch is CancellationError {
            await abandon(request, "the caller has gone")
            throw CancellationError()
        } catch let error as GatehouseError where error.code == .timeout {
            await abandon(request, "the time is over")
            throw error
        }
    }

    /// The HTTP client's own deadline ends with the head of the answer.
    private static func bounded<Value: Sendable>(
        by deadline: ContinuousClock.Instant?, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let deadline else { return try await work() }
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(until: deadline)
                throw MCPFailure.late()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// In a session, that the connection has ended does not say that the answer is not wanted.
    private func abandon(_ request: OutgoingRequest, _ reason: String) async {
        guard !request.version.isStateless, request.method != Method.initialize else { return }
        let message = Message.notification(
            method: Method.cancelled, params: CancelledParams(request.id, reason: reason).json)
        let version = request.version
        // The caller's task is cancelled, and what it sends would be too: this is sent by another, which ends by its
        // own deadline.
        Task { @concurrent [self] in try? await send(message, version: version) }
    }

    private func answer(
        in response: HTTPClientResponse, _ request: OutgoingRequest, _ receive: @escaping Receiver
    ) async throws -> Result<JSON, RPCError> {
        guard (200..<300).contains(response.status.code) else {
            return .failure(try await refusal(response, of: request))
        }
        if request.method == Method.initialize {
            let id = response.headers.first(name: "mcp-session-id")
            session.withLock { $0.id = id }
        }
        let type = response.headers.first(name: "content-type").flatMap { HeaderValue($0) }?.word
        switch type {
        case "application/json":
            let bytes = try await Self.collect(response.body, limit: limits.messageBytes) { [limits] in
                MCPFailure.tooLarge(limits)
            }
            return try Self.answer(try parsed(bytes), to: request.id)
        case "text/event-stream":
            var events = EventExchange(self, request, receive)
            return try await events.answer(response)
        default:
            throw MCPFailure.malformed("the server answered with \(type ?? "no type of content"), which is no message")
        }
    }

    func parsed(_ bytes: [UInt8]) throws -> Message {
        do throws(RPCError) {
            return try Message(parsing: bytes, limits: limits)
        } catch {
            throw MCPFailure.malformed("the server sent what is no message", error)
        }
    }

    private static func answer(_ message: Message, to id: RequestID) throws -> Result<JSON, RPCError> {
        switch message {
        case .result(id, let result): return .success(result)
        case .error(id, let error), .error(nil, let error): return .failure(error)
        default: throw MCPFailure.malformed("the server answered another request than the one it was sent")
        }
    }

    /// An error of MCP in the body of a refusal; throws ``TransportError`` where there is none.
    private func refusal(_ response: HTTPClientResponse, of request: OutgoingRequest) async throws -> RPCError {
        let error = TransportError(
            status: Int(response.status.code),
            hadSession: request.method != Method.initialize && session.withLock { $0.id } != nil)
        let bytes = try await Self.collect(response.body, limit: Self.refusalBytes) { error }
        guard let message = try? Message(parsing: bytes, limits: limits) else { throw error }
        // A session that is gone is told in several ways, of which the status is the one that is agreed on.
        if error.status == 404, error.hadSession, !request.version.isStateless { throw error }
        guard case .error(let id, let refusal) = message, id == nil || id == request.id else { throw error }
        return refusal
    }

    /// Sends one request of HTTP, again with another authorization where the server wants one.
    ///
    /// - Parameter inSession: whether it belongs to the session there is; what opens one belongs to none.
    func perform(
        _ method: HTTPMethod, body: [UInt8]?, extra: [(String, String)], until deadline: ContinuousClock.Instant?,
        inSession: Bool = true
    ) async throws -> HTTPClientResponse {
        var round = 0
        while true {
            let response = try await once(
                method, body, extra, deadline, inSession ? session.withLock { $0 } : Session())
            let status = Int(response.status.code)
            guard status == 401 || status == 403 else { return response }
            let challenges = response.headers["www-authenticate"]
            round += 1
            guard let authorizer, round <= Self.renewals,
                try await authorizer.renew(status: status, challenges: challenges)
            else { throw Self.unauthorized(status) }
        }
    }

    private func once(
        _ method: HTTPMethod, _ body: [UInt8]?, _ extra: [(String, String)], _ deadline: ContinuousClock.Instant?,
        _ session: Session
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address)
        request.method = method
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value.expose()) }
        request.headers.replaceOrAdd(
            name: "accept", value: method == .GET ? "text/event-stream" : "application/json, text/event-stream")
        for (name, value) in try await authorizer?.headers(method: method.rawValue, address: address) ?? [] {
            request.headers.replaceOrAdd(name: name, value: value.expose())
        }
        if let id = session.id { request.headers.replaceOrAdd(name: "mcp-session-id", value: id) }
        if let version = session.version {
            request.headers.replaceOrAdd(name: "mcp-protocol-version", value: version.rawValue)
        }
        for (name, value) in extra { request.headers.replaceOrAdd(name: name, value: value) }
        if let body {
            request.headers.replaceOrAdd(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await Self.translated { try await client.execute(request, deadline: Self.limit(deadline)) }
        if let nonce = response.headers.first(name: "dpop-nonce") { authorizer?.note(nonce: nonce) }
        return response
    }

    private static func limit(_ deadline: ContinuousClock.Instant?) -> NIODeadline {
        guard let deadline else { return .distantFuture }
        let left = max(.zero, deadline - .now)
        return .now()
            + .nanoseconds(left.components.seconds * 1_000_000_000 + left.components.attoseconds / 1_000_000_000)
    }

    private static func unauthorized(_ status: Int) -> GatehouseError {
        status == 401
            ? GatehouseError("mcp", .unauthenticated, "the server wants an authorization", hint: "sign in to it first")
            : GatehouseError("mcp", .denied, "the server does not allow this with the authorization it was sent")
    }

    /// What the newest revision wants repeated in headers. Sessions know none but take no harm from them.
    private static func headers(of request: OutgoingRequest) -> [(String, String)] {
        guard request.version.isStateless else { return [] }
        var headers = [("mcp-protocol-version", request.version.rawValue), ("mcp-method", request.method)]
        if let name = request.name { headers.append(("mcp-name", HeaderText.encode(name))) }
        headers += request.mirrored.map { ($0.header, HeaderText.encode($0.text)) }
        return headers
    }

    static func collect(
        _ body: HTTPClientResponse.Body, limit: Int, tooLong: () -> any Error
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await read(body) { piece in
            bytes += piece.readableBytesView
            guard bytes.count <= limit else { throw tooLong() }
            return true
        }
        return bytes
    }

    /// - Parameter take: returns whether to go on.
    static func read(_ body: HTTPClientResponse.Body, _ take: (ByteBuffer) throws -> Bool) async throws {
        try await translated {
            for try await piece in body where !(try take(piece)) { return }
        }
    }

    /// The errors of the HTTP client as those of this room.
    static func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as HTTPClientError {
            switch error {
            case .cancelled: throw CancellationError()
            case .deadlineExceeded, .readTimeout: throw MCPFailure.late()
            default: throw MCPFailure.unavailable("the server cannot be reached", cause: "\(error)")
            }
        } catch let error
            where !(error is CancellationError || error is GatehouseError || error is TransportError)
        {
            throw MCPFailure.unavailable("the server cannot be reached", cause: String("\(error)".prefix(300)))
        }
    }
}

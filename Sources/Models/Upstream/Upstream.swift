import AsyncHTTPClient
public import Core
import NIOCore
import NIOHTTP1
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What goes to a provider.
public struct UpstreamRequest: Sendable {
    /// From ``Provider/address(of:)``.
    public var address: String
    /// The client's; those that ``HeaderRules`` lets pass are sent.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// Of ours, never the client's.
    public var traceparent: String?

    public init(
        address: String, headers: [(name: String, value: String)] = [], body: [UInt8], traceparent: String? = nil
    ) {
        self.address = address
        self.headers = headers
        self.body = body
        self.traceparent = traceparent
    }
}

/// Calls one provider: sends what may be sent, as who it is sent, and bounds everything that comes back.
public final class Upstream: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Of an answer's body, as it comes.
        public var answerBytes: Int

        public init(answerBytes: Int = 256 << 20) { self.answerBytes = answerBytes }
    }

    public let provider: Provider
    private let limits: Limits
    private let clock: any WallClock
    private let ticker = Ticker()
    /// Made for the first call.
    private let client = Mutex<Client>(.none)

    private enum Client: Sendable {
        case none
        case ready(HTTPClient)
        case shutDown
    }

    public init(provider: Provider, limits: Limits = Limits(), clock: any WallClock = SystemWallClock()) {
        self.provider = provider
        self.limits = limits
        self.clock = clock
    }

    /// What was not shut down closes its connections by itself, once the last call has let go of it.
    deinit {
        if case .ready(let ready) = client.withLock({ $0 }) { _ = ready.shutdown() }
    }

    private static func makeClient(for provider: Provider) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .nanoseconds(provider.timeouts.connect.microseconds * 1000)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = provider.limits.concurrent
        // Another candidate is tried instead: a provider that is away is to be known at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .disabled
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Whether no call is under way.
    var isIdle: Bool { ticker.isEmpty }

    /// Closes its connections; it makes no others after that.
    public func shutdown() async throws {
        let ready = client.withLock { client -> HTTPClient? in
            defer { client = .shutDown }
            if case .ready(let ready) = client { return ready }
            return nil
        }
        try await ready?.shutdown()
    }

    private func readyClient() throws -> HTTPClient {
        try client.withLock { client in
            switch client {
            case .ready(let ready): return ready
            case .shutDown: throw CancellationError()
            case .none:
                let made = Self.makeClient(for: provider)
                client = .ready(made)
                return made
            }
        }
    }

    /// Sends the request and hands the answer over while it comes. When `use` returns, throws or is cancelled, the
    /// call upstream ends with it.
    ///
    /// Throws ``UpstreamFailure`` for what the provider does, also for a status other than 2xx that calls for a
    /// retry; other statuses are answers. Throws what `use` throws as it is.
    /// - Parameter limit: for the whole call, where it is shorter than the provider's own.
    public func call<Value: Sendable>(
        _ request: UpstreamRequest, within limit: Duration? = nil,
        _ use: @escaping @Sendable (UpstreamAnswer) async throws -> Value
    ) async throws -> Value {
        var timeouts = provider.timeouts
        if let limit { timeouts.whole = min(timeouts.whole, limit) }
        let watch = Watch(timeouts: timeouts)
        return try await watch.keep(by: ticker) { try await self.perform(request, watch, use) }
    }

    private func perform<Value: Sendable>(
        _ request: UpstreamRequest, _ watch: Watch, _ use: @Sendable (UpstreamAnswer) async throws -> Value
    ) async throws -> Value {
        let response: HTTPClientResponse
        do {
            response = try await readyClient().execute(outgoing(request), deadline: .distantFuture)
        } catch { throw UpstreamErrors.beforeAnswer(error) }
        watch.headCame()
        let answer = UpstreamAnswer(response, watch, limit: limits.answerBytes)
        let failure = UpstreamFailure.status(answer.status, retryAfter: answer.retryAfter)
        if failure.isRetryable { throw failure }
        return try await use(answer)
    }

    private func outgoing(_ request: UpstreamRequest) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.address)
        outgoing.method = .POST
        var headers = request.headers.filter { HeaderRules.passesToProvider($0.name) }
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            headers.append(("content-type", "application/json"))
        }
        if let traceparent = request.traceparent { headers.append(("traceparent", traceparent)) }
        headers += authentication(of: request)
        outgoing.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        return outgoing
    }

    private func authentication(of request: UpstreamRequest) -> [(name: String, value: String)] {
        switch provider.auth {
        case .none: return []
        case .bearer(let key): return [("authorization", "Bearer \(key.expose())")]
        case .header(let name, let key): return [(name, key.expose())]
        case .sigV4(let credentials, let region, let service):
            let (host, path) = Self.parts(of: request.address)
            let signed = SigV4.Request(method: "POST", path: path, headers: [("host", host)], body: request.body)
            return SigV4.headers(signing: signed, credentials, region: region, service: service, at: clock.now())
        }
    }

    /// Host and path of an absolute address without a query.
    static func parts(of address: String) -> (host: String, path: String) {
        let rest = address.split(separator: "//", maxSplits: 1).last ?? ""
        guard let slash = rest.firstIndex(of: "/") else { return (String(rest), "/") }
        return (String(rest[..<slash]), String(rest[slash...]))
    }
}

/// Says what kind of failure an error of the HTTP client is.
enum UpstreamErrors {
    static func beforeAnswer(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError: error
        case let error as HTTPClientError where error == .cancelled: CancellationError()
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            UpstreamFailure.reset(String(describing: error))
        case let error as IOError where error.errnoCode == ECONNRESET || error.errnoCode == EPIPE:
            UpstreamFailure.reset(String(describing: error))
        default: UpstreamFailure.connect(String(describing: error))
        }
    }

    static func whileAnswering(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError, is UpstreamFailure: error
        case let error as HTTPClientError where error == .cancelled: CancellationError()
        default: UpstreamFailure.reset(String(describing: error))
        }
    }
}

import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One HTTP/1.1 listener with the house's guards on every connection.
struct Listener: Sendable {
    typealias Responder = @Sendable (Request, Peer, Wire?) async -> Response

    enum Address: Sendable, Hashable {
        case tcp(host: String, port: Int)
        case unixSocket(path: String)

        var isUnixSocket: Bool { if case .unixSocket = self { true } else { false } }
    }

    let address: Address
    let limits: HTTPLimits
    let refusals: Counter
    let logger: Logger
    let responder: Responder

    /// - Parameter bound: told the address once connections are taken; a port of 0 has become a real one.
    func service(bound: @escaping @Sendable (SocketAddress?) -> Void) -> any Service {
        let channel = GuardedChannel(
            isUnixSocket: address.isUnixSocket, limits: limits, refusals: refusals, responder: responder)
        let bind: BindAddress =
            switch address {
            case .tcp(let host, let port): .hostname(host, port: port)
            case .unixSocket(let path): .unixDomainSocket(path: path)
            }
        let configuration = ServerConfiguration(
            address: bind, serverName: nil,
            availableConnectionsDelegate: MaximumAvailableConnections(limits.connections))
        return channel.server(
            configuration: configuration,
            onServerRunning: { channel in
                if case .unixSocket(let path) = address { chmod(path, 0o600) }
                bound(channel.localAddress)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }
}

/// Hummingbird's HTTP/1 channel with ``ConnectionGuard`` in it, and with the peer's identity beside each request.
private struct GuardedChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let inner: HTTP1Channel.Value
        let peer: Peer
        let departure: Departure
        var channel: any Channel { inner.channel }
    }

    let isUnixSocket: Bool
    let limits: HTTPLimits
    let refusals: Counter
    let responder: Listener.Responder

    private var configuration: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes + limits.targetBytes,
                maxHeaderFieldCount: limits.headerCount + 1))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let http = HTTP1Channel(responder: { _, _, _ in }, configuration: configuration)
        return http.setup(channel: channel, logger: logger).flatMap { inner in
            do {
                let pipeline = channel.pipeline.syncOperations
                let departure = Departure()
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(
                    ConnectionGuard(limits: limits, refusals: refusals, departure: departure),
                    position: .after(decoder))
                let network = Peer.network(address: channel.remoteAddress?.ipAddress ?? "")
                let peer = isUnixSocket ? Peer.ofUnixSocket(channel) : channel.eventLoop.makeSucceededFuture(network)
                return peer.map { Value(inner: inner, peer: $0, departure: departure) }
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
    }

    func handle(value: Value, logger: Logger) async {
        let (peer, departure) = (value.peer, value.departure)
        let responder = responder
        let http = HTTP1Channel(
            responder: { request, writer, _ in
                let path = request.head.path ?? ""
                guard ModelSurface.at(path) != nil || path == MCPRoutes.path else {
                    let response = await responder(request, peer, nil)
                    return try await writer.write(response: response.head, body: response.body)
                }
                try await Self.answerEarly(request, peer, departure, writer, responder)
            }, configuration: configuration)
        await http.handle(value: value.inner, logger: logger)
    }

    /// The answer may begin while it is made. Where the peer has gone, the making of it is cancelled.
    private static func answerEarly(
        _ request: Request, _ peer: Peer, _ departure: Departure, _ writer: consuming ResponseWriter,
        _ responder: @escaping Listener.Responder
    ) async throws {
        let wire = Wire(writer)
        let response = await departure.cancelling { await responder(request, peer, wire) }
        guard wire.hasBegun else { return try await wire.send(response) }
        // What was cut short must not look complete.
        try Task.checkCancellation()
        try await wire.end()
    }
}

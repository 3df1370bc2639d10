import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A real server that answers as it is told, however badly, and keeps all that came.
final class FakeServer: Sendable {
    enum Reply: Sendable {
        case answer(Int, body: String = "{}", headers: [(String, String)] = [])
        /// Says nothing, ever.
        case hang
        /// A status, and a body that never ends.
        case flood(Int)
        /// Breaks the connection before a word.
        case reset
        /// Breaks it within the body.
        case breakOff(Int)
    }

    struct Arrival: Sendable {
        let method: String
        let path: String
        let headers: HTTPHeaders
        let body: [UInt8]
        let time: ContinuousClock.Instant
        var json: JSON { (try? JSON.parse(body)) ?? .null }
    }

    typealias Script = @Sendable (_ number: Int, _ arrival: Arrival) -> Reply

    private final class Kept: Sendable {
        let arrivals = Mutex<[Arrival]>([])
        let script: Mutex<Script>
        init(_ script: @escaping Script) { self.script = Mutex(script) }
    }

    private let channel: any Channel
    private let kept: Kept

    init(_ script: @escaping Script = { _, _ in .answer(200) }) async throws {
        let kept = Kept(script)
        self.kept = kept
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(Player(kept))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var arrivals: [Arrival] { kept.arrivals.withLock { $0 } }
    func answers(_ script: @escaping Script) { kept.script.withLock { $0 = script } }
    func stop() async throws { try await channel.close() }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let kept: Kept
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ kept: Kept) { self.kept = kept }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body.clear()
            case .body(var piece): body.writeBuffer(&piece)
            case .end: if let head { arrived(head, context) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func arrived(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
            let arrival = Arrival(
                method: head.method.rawValue, path: head.uri, headers: head.headers,
                body: Array(body.readableBytesView), time: .now)
            let number = kept.arrivals.withLock { arrivals in
                arrivals.append(arrival)
                return arrivals.count
            }
            switch kept.script.withLock({ $0 })(number, arrival) {
            case .hang: return
            case .reset: reset(context)
            case .flood(let status):
                send(status, [("content-length", "\(1 << 40)")], context)
                flood(context)
            case .breakOff(let status):
                send(status, [("content-length", "1000")], context)
                context.writeAndFlush(
                    wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{\"key\":")))), promise: nil)
                reset(context)
            case .answer(let status, let text, let headers):
                send(status, headers + [("content-length", "\(text.utf8.count)")], context)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        private func reset(_ context: ChannelHandlerContext) {
            let provider = context.channel as? any SocketOptionProvider
            _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            context.close(promise: nil)
        }

        /// Writes as long as somebody reads.
        private func flood(_ context: ChannelHandlerContext) {
            let loop = context.loopBound
            let piece = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: 0x78, count: 1 << 16)))
            context.writeAndFlush(wrapOutboundOut(piece)).assumeIsolated().whenSuccess { [self] in flood(loop.value) }
        }

        private func send(_ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status),
                headers: HTTPHeaders(headers + [("content-type", "application/json")]))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }
    }
}

/// Waits until something holds, and never for a time.
func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
    for _ in 0..<12_000 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it took too long: \(what)")
}

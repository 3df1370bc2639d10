public import JSON
public import NIOCore
public import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A real server on a port of this machine that answers as it is told, however badly, and keeps all that came.
public final class TestServer: Sendable {
    public enum Reply: Sendable {
        case answer(Int, body: String = "{}", headers: [(String, String)] = [])
        /// Says nothing, ever.
        case hang
        /// Says nothing for so long, and breaks then.
        case slow(TimeAmount)
        /// A status, and a body that never ends.
        case flood(Int)
        /// A status, and spaces without a length or an end.
        case endless(Int)
        /// A status and the beginning of a body, and nothing more.
        case drip(Int)
        /// Breaks the connection before a word.
        case reset
        /// Breaks it within the body.
        case breakOff(Int)
    }

    public struct Arrival: Sendable {
        public let method: String
        public let path: String
        public let headers: HTTPHeaders
        public let body: [UInt8]
        public let time: ContinuousClock.Instant
        public var json: JSON { (try? JSON.parse(body)) ?? .null }
    }

    /// - Parameter number: of all that came, from one.
    public typealias Script = @Sendable (_ number: Int, _ arrival: Arrival) -> Reply

    private final class Kept: Sendable {
        let arrivals = Mutex<[Arrival]>([])
        let script: Mutex<Script>
        init(_ script: @escaping Script) { self.script = Mutex(script) }
    }

    private let channel: any Channel
    private let kept: Kept

    public init(_ script: @escaping Script = { _, _ in .answer(200) }) async throws {
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

    public var port: Int { channel.localAddress?.port ?? 0 }
    public var address: String { "http://127.0.0.1:\(port)" }
    public var arrivals: [Arrival] { kept.arrivals.withLock { $0 } }
    public func answers(_ script: @escaping Script) { kept.script.withLock { $0 = script } }
    public func stop() async throws { try await channel.close() }

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
            case .slow(let time):
                let bound = context.loopBound
                context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
            case .reset: reset(context)
            case .flood(let status):
                begin(status, [("content-length", "\(1 << 40)")], context)
                flood(context, with: UInt8(ascii: "x"))
            case .endless(let status):
                begin(status, [], context)
                flood(context, with: UInt8(ascii: " "))
            case .drip(let status): begin(status, body: "{", of: 100_000, context)
            case .breakOff(let status):
                begin(status, body: "{\"key\":", of: 1000, context)
                reset(context)
            case .answer(let status, let text, let headers):
                begin(status, headers + [("content-length", "\(text.utf8.count)")], context)
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
        private func flood(_ context: ChannelHandlerContext, with byte: UInt8) {
            let loop = context.loopBound
            let piece = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: byte, count: 1 << 16)))
            context.writeAndFlush(wrapOutboundOut(piece)).assumeIsolated().whenSuccess { [self] in
                flood(loop.value, with: byte)
            }
        }

        /// Less than the whole body.
        private func begin(_ status: Int, body: String, of length: Int, _ context: ChannelHandlerContext) {
            begin(status, [("content-length", "\(length)")], context)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }

        private func begin(_ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status),
                headers: HTTPHeaders(headers + [("content-type", "application/json")]))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }
    }
}

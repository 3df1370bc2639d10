import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A collector as a real server, which answers as it is told and keeps all that came.
final class Collector: Sendable {
    enum Reply: Sendable {
        case answer(Int, body: String = "{}", headers: [(String, String)] = [])
        /// Says nothing, ever.
        case hang
        /// Begins to answer, and never ends.
        case drip
        /// Breaks the connection.
        case reset
    }

    struct Arrival: Sendable {
        let path: String
        let headers: HTTPHeaders
        let body: [UInt8]
        let time: ContinuousClock.Instant
        var json: JSON { (try? JSON.parse(body)) ?? .null }
    }

    typealias Script = @Sendable (_ number: Int, _ path: String) -> Reply

    private let channel: any Channel
    private let kept: Kept

    private final class Kept: Sendable {
        let arrivals = Mutex<[Arrival]>([])
        let script: Mutex<Script>
        init(_ script: @escaping Script) { self.script = Mutex(script) }
    }

    init(_ script: @escaping Script = { _, _ in .answer(200) }) async throws {
        let kept = Kept(script)
        self.kept = kept
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
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
    func arrivals(_ path: String) -> [Arrival] { arrivals.filter { $0.path == path } }
    func answers(_ script: @escaping Script) { kept.script.withLock { $0 = script } }
    func stop() async throws { try await channel.close() }

    /// All spans that were taken, in the order in which they came.
    var spans: [Span] {
        arrivals("/v1/traces").flatMap { arrival in
            (arrival.json["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array ?? []).map { Span(json: $0) }
        }
    }

    /// Of the newest export, by name.
    var metrics: [String: JSON] {
        let metrics = arrivals("/v1/metrics").last?.json["resourceMetrics"]?[0]?["scopeMetrics"]?[0]?["metrics"]
        return Dictionary((metrics?.array ?? []).map { ($0["name"]?.string ?? "", $0) }) { first, _ in first }
    }

    struct Span: Sendable {
        let json: JSON
        var name: String { json["name"]?.string ?? "" }
        subscript(name: String) -> JSON? {
            let value = json["attributes"]?.array?.first { $0["key"]?.string == name }?["value"]?.object?.first?.value
            return value?["values"].map { values in .array(values.array?.compactMap { $0["stringValue"] } ?? []) }
                ?? value
        }
    }

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
            let number = kept.arrivals.withLock { arrivals in
                arrivals.append(
                    Arrival(path: head.uri, headers: head.headers, body: Array(body.readableBytesView), time: .now))
                return arrivals.count { $0.path == head.uri }
            }
            switch kept.script.withLock({ $0 })(number, head.uri) {
            case .hang: return
            case .reset:
                let provider = context.channel as? any SocketOptionProvider
                _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            case .drip:
                send(200, [("content-length", "100000")], context)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{")))), promise: nil)
            case .answer(let status, let text, let headers):
                send(status, headers + [("content-length", "\(text.utf8.count)")], context)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        private func send(_ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status),
                headers: HTTPHeaders(headers + [("content-type", "application/json")]))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }
    }
}

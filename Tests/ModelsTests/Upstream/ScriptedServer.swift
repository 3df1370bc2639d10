import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A server that reads one request a connection and answers with bytes as scripted.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        case send(String)
        case bytes([UInt8])
        /// Sends what it makes of the request.
        case reply(@Sendable (String) -> String)
        /// Sends zeros as fast as the reader takes them.
        case flood(Int)
        /// Goes on when it holds.
        case when(@Sendable () -> Bool)
        /// Does nothing more until the client goes away.
        case stall
        case close
        /// Closes so that the client sees a reset.
        case reset
    }

    private let channel: any Channel
    let log: Log

    /// What came, and how many clients went away before the script's end.
    final class Log: Sendable {
        let requests = Mutex<[String]>([])
        let goneClients = Mutex(0)
        let flooded = Mutex(0)
    }

    init(_ script: [Step]) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Player(script, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var address: String { "http://127.0.0.1:\(port)/v1/chat/completions" }
    var baseURL: String { "http://127.0.0.1:\(port)/v1" }
    /// All that ever came.
    var received: String { log.requests.withLock { $0.joined() } }

    func stop() async throws { try await channel.close() }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private var script: ArraySlice<Step>
        private let log: Log
        private var text = ""
        private var isStarted = false
        private var floodLeft = 0

        init(_ script: [Step], _ log: Log) {
            self.script = script[...]
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            // A TLS hello: answered as a server without TLS does.
            if text.utf8.first == 0x16 {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 400 No\r\n\r\n")), promise: nil)
                return context.close(promise: nil)
            }
            guard !isStarted, isWhole else { return }
            isStarted = true
            log.requests.withLock { $0.append(text) }
            play(context)
        }

        /// The head, and as much of a body as it announces.
        private var isWhole: Bool {
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return false }
            let fields = parts[0].lowercased().split(separator: "\r\n")
            let length = fields.first { $0.hasPrefix("content-length:") }.flatMap {
                Int($0.dropFirst(15).filter(\.isNumber))
            }
            return parts[1].utf8.count >= length ?? 0
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { flood(context) }

        func channelInactive(context: ChannelHandlerContext) {
            if !script.isEmpty || floodLeft > 0 { log.goneClients.withLock { $0 += 1 } }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func play(_ context: ChannelHandlerContext) {
            while let step = script.first {
                switch step {
                case .send(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                case .reply(let make):
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: make(text))), promise: nil)
                case .bytes(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
                case .flood(let count):
                    script.removeFirst()
                    floodLeft = count
                    return flood(context)
                case .when(let holds):
                    guard holds() else { return playLater(context) }
                case .stall: return
                case .close: context.close(promise: nil)
                case .reset:
                    let provider = context.channel as? any SocketOptionProvider
                    _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                    context.close(promise: nil)
                }
                script.removeFirst()
            }
        }

        private func playLater(_ context: ChannelHandlerContext) {
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(5)) { self.play(context) }
        }

        private func flood(_ context: ChannelHandlerContext) {
            while floodLeft > 0, context.channel.isWritable {
                let size = min(floodLeft, 64 << 10)
                floodLeft -= size
                log.flooded.withLock { $0 += size }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(repeating: 0x20, count: size)), promise: nil)
            }
        }
    }
}

import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server with OpenAI's API, on a port of this machine, that answers as a script says: also as no provider should.
/// The first part of a path tells for which agent a house asks.
final class ScriptedUpstream: Sendable {
    struct Request: Sendable {
        let agent: String
        /// How many the agent's model was asked before.
        let turn: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]
        let body: JSON
    }

    enum Reply: Sendable {
        case message(JSON)
        case raw(status: UInt, String)
        /// Spaces, for as long as they are taken.
        case endless
        /// Nothing until the client goes away.
        case silence

        static func says(_ text: String) -> Reply { .message(["role": "assistant", "content": .string(text)]) }

        static func calls(_ name: String, _ arguments: JSON) -> Reply {
            let call: JSON = [
                "id": "c", "type": "function",
                "function": ["name": .string(name), "arguments": .string(arguments.text())],
            ]
            return .message(["role": "assistant", "content": .null, "tool_calls": [call]])
        }
    }

    typealias Script = @Sendable (Request) -> Reply

    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    private init(_ channel: any Channel, _ log: Log) { (self.channel, self.log) = (channel, log) }

    /// One for as long as the work takes.
    static func with<Value>(_ script: @escaping Script, _ work: (ScriptedUpstream) async throws -> Value) async throws
        -> Value
    {
        let log = Log()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Player(script, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Value, any Error>
        do { result = .success(try await work(ScriptedUpstream(channel, log))) } catch { result = .failure(error) }
        try await channel.close()
        return try result.get()
    }

    var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// What it was asked, in order.
    var requests: [Request] { log.requests.withLock { $0 } }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let script: Script
        private let log: Log
        private var head: HTTPRequestHead?
        private var bytes: [UInt8] = []

        init(_ script: @escaping Script, _ log: Log) { (self.script, self.log) = (script, log) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, bytes) = (head, [])
            case .body(let part): bytes += part.readableBytesView
            case .end: answer(script(noted()), context)
            }
        }

        private func noted() -> Request {
            let agent = head?.uri.split(separator: "/").first.map(String.init) ?? ""
            return log.requests.withLock { requests in
                let request = Request(
                    agent: agent, turn: requests.count { $0.agent == agent }, headers: head?.headers ?? [:],
                    bytes: bytes, body: (try? JSON.parse(bytes)) ?? .null)
                requests.append(request)
                return request
            }
        }

        private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .message(let message): send(200, Self.completion(message).text(), context)
            case .raw(let status, let text): send(status, text, context)
            case .endless:
                context.write(wrapOutboundOut(.head(Self.head(200))), promise: nil)
                flood(context)
            case .silence: break
            }
        }

        private static func completion(_ message: JSON) -> JSON {
            [
                "id": "c", "object": "chat.completion", "created": 1, "model": "m",
                "choices": [["index": 0, "message": message, "finish_reason": "stop"]],
                "usage": ["prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320],
            ]
        }

        private static func head(_ status: UInt) -> HTTPResponseHead {
            HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: Int(status)),
                headers: ["content-type": "application/json"])
        }

        private func send(_ status: UInt, _ text: String, _ context: ChannelHandlerContext) {
            context.write(wrapOutboundOut(.head(Self.head(status))), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        /// The next piece once this one is taken: nothing piles up.
        private func flood(_ context: ChannelHandlerContext) {
            let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: 64 << 10)
            let loop = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece)))).whenSuccess {
                loop.value.0.flood(loop.value.1)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

import JSON
import Models
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A provider with OpenAI's API that answers as scripted, also as no provider should.
final class ScriptedModel: Sendable {
    enum Reply: Sendable {
        case says(String)
        case calls([(name: String, arguments: String)])
        /// The message of a chat completion, as it stands.
        case message(JSON)
        case raw(status: Int, String)
        /// A body of so many bytes, which is no JSON.
        case flood(Int)
        /// Nothing until the client goes away.
        case silence
        case hangUp
    }

    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[JSON]>([])
    }

    /// - Parameter script: the reply to each request, which it is given with its number, from 0.
    init(_ script: @escaping @Sendable (Int, JSON) -> Reply) async throws {
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Player(script, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// The same replies in turn, the last of them again and again.
    convenience init(_ replies: Reply...) async throws { try await self.init(replies) }

    convenience init(_ replies: [Reply]) async throws {
        try await self.init { turn, _ in replies[min(turn, replies.count - 1)] }
    }

    /// What it was asked, in order.
    var requests: [JSON] { log.requests.withLock { $0 } }

    func provider(_ id: String = "a") -> Provider {
        Provider(
            id: id, baseURL: "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1", dialect: .openAI, auth: .none)
    }

    func stop() async throws { try await channel.close() }

    /// Models for as long as the work takes.
    static func with<Value>(
        _ scripts: [Reply]..., work: ([ScriptedModel]) async throws -> Value
    ) async throws -> Value {
        var models: [ScriptedModel] = []
        for script in scripts { models.append(try await ScriptedModel(script)) }
        let result: Result<Value, any Error>
        do { result = .success(try await work(models)) } catch { result = .failure(error) }
        for model in models { try await model.stop() }
        return try result.get()
    }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: @Sendable (Int, JSON) -> Reply
        private let log: Log
        private var bytes: [UInt8] = []
        private var isAnswered = false

        init(_ script: @escaping @Sendable (Int, JSON) -> Reply, _ log: Log) {
            (self.script, self.log) = (script, log)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += unwrapInboundIn(data).readableBytesView
            guard !isAnswered, let body = body, let request = try? JSON.parse(Array(body)) else { return }
            isAnswered = true
            let turn = log.requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            answer(script(turn, request), context)
        }

        /// What follows the head, once all that it announces is here.
        private var body: ArraySlice<UInt8>? {
            let mark = Array("\r\n\r\n".utf8)
            guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return nil }
            let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
            let line = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            guard let length = line.flatMap({ Int($0.dropFirst(15).filter(\.isNumber)) }) else { return nil }
            return bytes.count - end - 4 >= length ? bytes[(end + 4)...] : nil
        }

        private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .says(let text): send(200, Self.completion(["role": "assistant", "content": .string(text)]), context)
            case .calls(let calls):
                let written: [JSON] = calls.enumerated().map { index, call in
                    [
                        "id": .string("c\(index)"), "type": "function",
                        "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                    ]
                }
                let message: JSON = ["role": "assistant", "content": .null, "tool_calls": .array(written)]
                send(200, Self.completion(message), context)
            case .message(let message): send(200, Self.completion(message), context)
            case .raw(let status, let text): send(status, text, context)
            case .flood(let count): send(200, String(repeating: " ", count: count), context)
            case .silence: break
            case .hangUp: context.close(promise: nil)
            }
        }

        private static func completion(_ message: JSON) -> String {
            let completion: JSON = [
                "id": "c", "object": "chat.completion", "created": 1, "model": "m",
                "choices": [["index": 0, "message": message, "finish_reason": "stop"]],
                "usage": ["prompt_tokens": 30, "completion_tokens": 20, "total_tokens": 50],
            ]
            return completion.text()
        }

        private func send(_ status: Int, _ text: String, _ context: ChannelHandlerContext) {
            let head =
                "HTTP/1.1 \(status) Said\r\ncontent-type: application/json\r\ncontent-length: \(text.utf8.count)\r\n"
                + "connection: close\r\n\r\n"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head + text)), promise: nil)
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

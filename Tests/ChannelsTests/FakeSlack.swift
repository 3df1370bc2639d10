import Core
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

/// A real server that does what Slack's Web API is documented to do with messages (chat.postMessage, chat.update,
/// chat.postEphemeral), unless a test makes it nasty.
final class FakeSlack: Sendable {
    enum Nastiness: Sendable {
        case answer(Int, String, [(String, String)])
        case reset
        /// Says nothing for so long, and breaks then.
        case slow(TimeAmount)
    }

    struct Call: Sendable {
        let method: String
        let authorization: String
        let body: JSON
        let raw: [UInt8]
        let signature: String?
    }

    struct Message: Sendable {
        let room: String
        let thread: String?
        var content: JSON
        var edits = 0

        var text: String { content["text"]?.string ?? "" }
        /// All that people see of it.
        var shown: String { content["blocks"]?.text() ?? "" }
        /// By their action.
        var buttons: [String: String] {
            let actions = (content["blocks"]?.array ?? []).filter { $0["type"] == "actions" }
            let elements = actions.flatMap { $0["elements"]?.array ?? [] }
            return Dictionary(
                elements.compactMap { element in
                    element["action_id"]?.string.flatMap { id in element["value"]?.string.map { (id, $0) } }
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    struct Kept: Sendable {
        var calls: [Call] = []
        var messages: [String: Message] = [:]
        var order: [String] = []
        var whispers: [(user: String, content: JSON)] = []
    }

    typealias Script = @Sendable (_ number: Int, _ call: Call) -> Nastiness?

    private final class Shared: Sendable {
        let kept = Mutex(Kept())
        let script: Mutex<Script>
        init(_ script: @escaping Script) { self.script = Mutex(script) }
    }

    private let channel: any Channel
    private let shared: Shared

    init(_ script: @escaping Script = { _, _ in nil }) async throws {
        let shared = Shared(script)
        self.shared = shared
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(Player(shared))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var kept: Kept { shared.kept.withLock { $0 } }
    var calls: [Call] { kept.calls }
    /// In the order in which they were posted, as they stand now.
    var messages: [Message] { shared.kept.withLock { kept in kept.order.compactMap { kept.messages[$0] } } }
    var whispers: [(user: String, content: JSON)] { kept.whispers }
    func behaves(_ script: @escaping Script) { shared.script.withLock { $0 = script } }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let shared: Shared
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ shared: Shared) { self.shared = shared }

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
            let raw = Array(body.readableBytesView)
            let call = Call(
                method: String(head.uri.dropFirst()), authorization: head.headers.first(name: "authorization") ?? "",
                body: (try? JSON.parse(raw)) ?? .null, raw: raw,
                signature: head.headers.first(name: "x-gatehouse-signature"))
            let number = shared.kept.withLock { kept in
                kept.calls.append(call)
                return kept.calls.count
            }
            switch shared.script.withLock({ $0 })(number, call) {
            case .answer(let status, let text, let headers): send(status, text, headers, context)
            case .reset:
                let provider = context.channel as? any SocketOptionProvider
                _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            case .slow(let time):
                let bound = context.loopBound
                context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
            case nil: send(200, perform(call).text(), [], context)
            }
        }

        private func perform(_ call: Call) -> JSON {
            shared.kept.withLock { kept in
                guard call.authorization == "Bearer \(ChannelHouse.token)" else {
                    return ["ok": false, "error": "invalid_auth"]
                }
                let room = call.body["channel"]?.string ?? ""
                switch call.method {
                case "chat.postMessage":
                    let time = "1700000100.\(String(100_000 + kept.order.count))"
                    kept.order.append(time)
                    kept.messages[time] = Message(
                        room: room, thread: call.body["thread_ts"]?.string, content: call.body)
                    return ["ok": true, "channel": .string(room), "ts": .string(time), "message": [:]]
                case "chat.update":
                    guard let time = call.body["ts"]?.string, kept.messages[time]?.room == room else {
                        return ["ok": false, "error": "message_not_found"]
                    }
                    kept.messages[time]?.content = call.body
                    kept.messages[time]?.edits += 1
                    return ["ok": true, "channel": .string(room), "ts": .string(time)]
                case "chat.postEphemeral":
                    kept.whispers.append((call.body["user"]?.string ?? "", call.body))
                    return ["ok": true, "message_ts": "1700000200.000001"]
                default: return ["ok": true]
                }
            }
        }

        private func send(
            _ status: Int, _ text: String, _ headers: [(String, String)], _ context: ChannelHandlerContext
        ) {
            let all = headers + [("content-length", "\(text.utf8.count)"), ("content-type", "application/json")]
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(all))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

/// Waits until something holds, and never for a time.
func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
    for _ in 0..<6_000 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it took too long: \(what)")
}

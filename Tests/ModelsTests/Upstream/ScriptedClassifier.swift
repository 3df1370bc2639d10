import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Models
@testable import Privacy

/// A server with the interface of Presidio's analyzer that knows a few names by heart.
final class ScriptedClassifier: Sendable {
    private let channel: any Channel
    let requests: Requests

    final class Requests: Sendable {
        let bodies = Mutex<[JSON]>([])
        let heads = Mutex<[HTTPRequestHead]>([])
    }

    /// - Parameter names: what is found, by the words that are.
    init(_ names: [String: String]) async throws {
        let requests = Requests()
        self.requests = requests
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(names, requests))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/analyze" }
    /// The texts that it was asked about.
    var texts: [String] { requests.bodies.withLock { $0.compactMap { $0["text"]?.string } } }

    func settings(answers: Bool = false) -> ClassifierSettings {
        var settings = ClassifierSettings(PresidioExchange(id: "external.scripted"), url: url)
        settings.answers = answers
        return settings
    }

    func stop() async throws { try await channel.close() }

    /// All places of the names, counted in code points.
    static func answer(_ text: String, _ names: [String: String]) -> JSON {
        let scalars = Array(text.unicodeScalars)
        var found: [JSON] = []
        for (name, type) in names.sorted(by: { $0.key < $1.key }) {
            let wanted = Array(name.unicodeScalars)
            for start in scalars.indices where scalars[start...].starts(with: wanted) {
                found.append([
                    "entity_type": .string(type), "start": JSON(start), "end": JSON(start + wanted.count),
                    "score": 0.85,
                    "analysis_explanation": .null,
                ])
            }
        }
        return .array(found)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let names: [String: String]
        private let requests: Requests
        private var body: [UInt8] = []

        init(_ names: [String: String], _ requests: Requests) {
            self.names = names
            self.requests = requests
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                requests.heads.withLock { $0.append(head) }
                body = []
            case .body(let part): body += part.readableBytesView
            case .end: respond(context)
            }
        }

        private func respond(_ context: ChannelHandlerContext) {
            let request = (try? JSON.parse(body)) ?? .null
            requests.bodies.withLock { $0.append(request) }
            let answer = ScriptedClassifier.answer(request["text"]?.string ?? "", names).bytes()
            let headers = HTTPHeaders([("content-type", "application/json"), ("content-length", "\(answer.count)")])
            context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok, headers: headers))), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A provider of transcriptions that hears what a recording has between "SAY " and a line's end; what has none it refuses.
struct SpeechUpstream: Sendable {
    let port: Int

    static func with(_ work: @Sendable (SpeechUpstream) async throws -> Void) async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do { try await work(SpeechUpstream(port: channel.localAddress?.port ?? 0)) } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private var body: [UInt8] = []

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head: body = []
            case .body(let buffer): body += buffer.readableBytesView
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            let told = String(decoding: body, as: UTF8.self).components(separatedBy: "SAY ").dropFirst().first
            let words = told?.prefix { $0 != "\r\n" && $0 != "\n" }
            let text = words.map { "{\"text\": \"\($0)\"}" } ?? "{\"error\": {\"message\": \"nothing can be heard\"}}"
            var head = HTTPResponseHead(version: .http1_1, status: words == nil ? .badRequest : .ok)
            head.headers.add(name: "content-type", value: "application/json")
            head.headers.add(name: "content-length", value: "\(text.utf8.count)")
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

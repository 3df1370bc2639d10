import Core
import Dialects
import NIOCore
import NIOHTTP1

/// Stands right behind the HTTP/1 decoder of a connection. Refuses what the decoder lets pass but what another party on
/// the way could read differently (RFC 9112, section 11.2), bounds sizes, and ends connections that are slow to ask.
///
/// A refusal is one JSON error and the end of the connection: after it, no byte of the peer can be trusted to start a
/// request.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: HTTPLimits
    private let refusals: Counter
    /// Requests whose answer has not ended: more than one when the peer pipelines.
    private var open = 0
    private var bodyBytes = 0
    private var bodyLimit = 0
    /// Of the request that is read.
    private var surface: Surface?
    private var bodyEnded = true
    /// Between the head and the end of an answer, where no other answer fits in.
    private var answering = false
    private var refused = false
    private var deadline: Scheduled<Void>?

    /// Told when the peer has nothing more to say while it waits for an answer.
    private let departure: Departure

    init(limits: HTTPLimits, refusals: Counter, departure: Departure) {
        self.departure = departure
        self.limits = limits
        self.refusals = refusals
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expectHead(context, within: limits.headerTime, answer: true) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expectHead(context, within: limits.headerTime, answer: true)
        context.fireChannelActive()
    }

    /// A peer that closes its side while an answer is under way has gone: no client that still reads does so.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { departure.happened() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        departure.happened()
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if refused { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            surface = ModelSurface.at(head.uri)
            if let refusal = RequestRules.refusal(of: head, limits: limits) { return refuse(context, refusal) }
            begin(context, head)
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            if bodyBytes > bodyLimit { return refuse(context, .bodyTooLarge(bodyLimit)) }
        case .end(let trailers):
            if let trailers, !trailers.isEmpty { return refuse(context, .trailers) }
            bodyEnded = true
            deadline?.cancel()
            waitWhenIdle(context)
        }
        context.fireChannelRead(data)
    }

    private func begin(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        open += 1
        bodyBytes = 0
        bodyLimit = limits.bodyBytes(of: head.uri)
        bodyEnded = false
        schedule(context, after: limits.bodyTime) { $0.refuse($1, .slowBody) }
        guard head.headers["expect"].first?.lowercased() == "100-continue", open == 1 else { return }
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if refused {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head: answering = true
        case .body: break
        case .end:
            answering = false
            open -= 1
            waitWhenIdle(context)
        }
        context.write(data, promise: promise)
    }

    private func waitWhenIdle(_ context: ChannelHandlerContext) {
        if open == 0, bodyEnded { expectHead(context, within: limits.idleTime, answer: false) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(context, .unreadable(error))
    }

    private func expectHead(_ context: ChannelHandlerContext, within time: Duration, answer: Bool) {
        schedule(context, after: time) { guardian, context in
            if answer { guardian.refuse(context, .slowHead) } else { context.close(promise: nil) }
        }
    }

    private func schedule(
        _ context: ChannelHandlerContext, after time: Duration,
        _ action: @escaping (ConnectionGuard, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        let loop = context.eventLoop.assumeIsolated()
        deadline = loop.scheduleTask(in: TimeAmount(time)) { [weak self] in
            if let self { action(self, context) }
        }
    }

    /// Answers where an answer can still be understood, tells the reader of a half-arrived body that it is not whole,
    /// and closes.
    private func refuse(_ context: ChannelHandlerContext, _ refusal: Refusal) {
        guard !refused else { return }
        refused = true
        deadline?.cancel()
        refusals.add(1, [refusal.error.code.rawValue])
        let channel = context.channel
        guard !answering, open <= (bodyEnded ? 0 : 1) else {
            context.fireErrorCaught(refusal.error)
            return channel.close(promise: nil)
        }
        let (head, body) = refusal.response(allocator: channel.allocator, surface: surface)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let done = context.eventLoop.makePromise(of: Void.self)
        done.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        context.fireErrorCaught(refusal.error)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

import Core
import NIOCore
import NIOPosix
import NIOSSL

/// Hands mails to servers, each over a connection of its own, bounded in time.
struct SMTPClient: Sendable {
    private static let connectTime = TimeAmount.seconds(5)

    let clock: any WallClock

    func send(_ mail: MailMessage, to server: MailServer, within time: Duration) async -> Verdict {
        do {
            return Verdict(try await converse(mail, server, .microseconds(max(1, time.microseconds))))
        } catch let error as GatehouseError {
            return .tryAgain(why: error.message)
        } catch {
            return .tryAgain(why: "the mail server cannot be reached: \(PlainText.cut("\(error)", to: 200))")
        }
    }

    private func converse(
        _ mail: MailMessage, _ server: MailServer, _ time: TimeAmount
    ) async throws -> SMTPConversation.Outcome {
        let tls = server.security == .none ? nil : try NIOSSLContext(configuration: Self.tlsConfiguration(server))
        let conversation = SMTPConversation(mail, server, at: clock.now())
        let group = MultiThreadedEventLoopGroup.singleton.next()
        let outcome = group.makePromise(of: SMTPConversation.Outcome.self)
        let bootstrap = ClientBootstrap(group: group).connectTimeout(Self.connectTime).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if server.security == .implicit, let tls {
                    try channel.pipeline.syncOperations.addHandler(Self.handler(tls, server.host))
                }
                try channel.pipeline.syncOperations.addHandler(
                    SMTPHandler(conversation, outcome, time) { context in
                        guard let tls else { return }
                        try context.pipeline.syncOperations.addHandler(Self.handler(tls, server.host), position: .first)
                    })
            }
        }
        do {
            _ = try await bootstrap.connect(host: server.host, port: server.port).get()
        } catch {
            // A connection that was made ends with the conversation; one that was not has nobody to end it.
            outcome.fail(error)
        }
        return try await outcome.futureResult.get()
    }

    /// A certificate is for the name, or else for the address that was connected to.
    private static func handler(_ tls: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: tls, serverHostname: AddressRanges.isAddress(host) ? nil : host)
    }

    private static func tlsConfiguration(_ server: MailServer) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = server.trustFile { configuration.trustRoots = .file(file) }
        return configuration
    }
}

/// Carries a conversation over its connection, on the connection's own event loop: nothing is read between the moment a
/// server agrees to secure it and the moment it is.
private final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var conversation: SMTPConversation
    private var parser = SMTPReplyParser()
    private var outcome: EventLoopPromise<SMTPConversation.Outcome>?
    private let time: TimeAmount
    private let secure: (ChannelHandlerContext) throws -> Void
    private var deadline: Scheduled<Void>?

    init(
        _ conversation: SMTPConversation, _ outcome: EventLoopPromise<SMTPConversation.Outcome>, _ time: TimeAmount,
        secure: @escaping (ChannelHandlerContext) throws -> Void
    ) {
        self.conversation = conversation
        self.outcome = outcome
        self.time = time
        self.secure = secure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loop = context.loopBound
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            fail(GatehouseError("integrations", .timeout, "the mail server was not done in time"), loop.value)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard outcome != nil else { return }
        do {
            let replies = try parser.push(unwrapInboundIn(data).readableBytesView)
            // It answers one command at a time; what comes beside could have been put there (RFC 3207, 6).
            guard replies.count <= 1, replies.isEmpty || parser.isEmpty else { throw Self.unasked }
            guard let reply = replies.first else { return }
            var action = conversation.received(reply)
            if action == .startTLS {
                try secure(context)
                action = conversation.secured()
            }
            perform(action, context)
        } catch { fail(error, context) }
    }

    private func perform(_ action: SMTPConversation.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .send(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .startTLS: fail(Self.unasked, context)
        case .finish(let result):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "QUIT\r\n")), promise: nil)
            end(context)?.succeed(result)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(GatehouseError("integrations", .unavailable, "the mail server closed the connection"), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error, context) }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) { end(context)?.fail(error) }

    /// Closing may tell of itself at once, so that the promise is taken before.
    /// - Returns: the promise, the first time.
    private func end(_ context: ChannelHandlerContext) -> EventLoopPromise<SMTPConversation.Outcome>? {
        let promise = outcome
        outcome = nil
        deadline?.cancel()
        context.close(promise: nil)
        return promise
    }

    private static let unasked = GatehouseError(
        "integrations", .invalid, "the mail server said what it was not asked for")
}

extension SMTPConversation {
    init(_ mail: MailMessage, _ server: MailServer, at time: Timestamp) {
        let security: Security =
            switch server.security {
            case .starttls: .starttls
            case .implicit: .implicit
            case .none: .none
            }
        var login: Login?
        if let user = server.user, let password = server.password { login = Login(user: user, password: password) }
        self.init(
            Envelope(from: mail.from.address, to: mail.to.map(\.address)) { mail.bytes(at: time, allows8bit: $0) },
            security: security, login: login, clientName: server.clientName)
    }
}

extension Verdict {
    fileprivate init(_ outcome: SMTPConversation.Outcome) {
        switch outcome {
        case .delivered: self = .delivered(nil)
        case .tryAgain(let why): self = .tryAgain(why: why)
        case .refused(let why): self = .refused(why: why)
        }
    }
}

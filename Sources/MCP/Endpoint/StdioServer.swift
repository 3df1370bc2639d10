import Core
import JSON
import Synchronization

/// An application as an MCP server over a pair of byte streams, one message a line (stdio): requests of 2026-07-28, and
/// a session once its client has opened one by `initialize`.
public struct StdioServer<Service: MCPService>: Sendable {
    private let answerer: Answerer<Service>
    private let limits: MCPLimits
    private let caller: Caller
    private let wire: MessageStream
    private let exchanges: Exchanges
    private let subscriptions: Subscriptions
    private let session = SessionHolder()

    /// - Parameters: `peer` and `identity` as in ``StreamableEndpoint/respond(_:body:peer:identity:)``.
    public init(_ service: Service, limits: MCPLimits = MCPLimits(), peer: any Sendable, identity: String) {
        answerer = Answerer(service: service, limits: limits)
        self.limits = limits
        caller = Caller(peer: peer, identity: identity)
        wire = MessageStream(log: limits.unkeptLog)
        exchanges = Exchanges(limits)
        subscriptions = Subscriptions(limits)
    }

    /// Serves until the input ends, a write fails, or the task is cancelled. It can run once.
    ///
    /// - Parameters:
    ///   - input: pieces of bytes, cut anywhere.
    ///   - output: writes all of the bytes; it is called by one task only.
    public func run<Input: AsyncSequence & Sendable>(
        input: Input, output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async where Input.Element == [UInt8] {
        let ticker = Ticker(tick: .milliseconds(500))
        let look = ticker.add { now in
            exchanges.sweep(now)
            session.current?.sweep(now)
        }
        defer { ticker.remove(look) }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await write(output)
                return false
            }
            group.addTask {
                await read(input)
                return true
            }
            let inputHasEnded = await group.next() ?? false
            await close(waiting: inputHasEnded)
            if !inputHasEnded { group.cancelAll() }
        }
    }

    /// - Parameter isWaiting: whether what is being answered has a moment yet.
    private func close(waiting isWaiting: Bool) async {
        subscriptions.close()
        let end = ContinuousClock.now + .seconds(2)
        while isWaiting, ContinuousClock.now < end, !(exchanges.isEmpty && session.current?.exchanges.isEmpty ?? true) {
            try? await Task.sleep(for: .milliseconds(5))
        }
        session.current?.close()
        exchanges.close()
        wire.finish()
    }

    private func write(_ output: @Sendable ([UInt8]) async throws -> Void) async {
        let reader = wire.takeOver(isReturning: false)
        var number = 0
        while true {
            switch await wire.read(after: number, as: reader) {
            case .entries(let entries):
                number = entries.last?.number ?? number
                var lines: [UInt8] = []
                lines.reserveCapacity(entries.reduce(0) { $0 + $1.bytes.count + 1 })
                for entry in entries {
                    lines += entry.bytes
                    lines.append(0x0A)
                }
                do { try await output(lines) } catch { return }
            case .comment: continue
            case .relieved, .end: return
            }
        }
    }

    private func read<Input: AsyncSequence & Sendable>(_ input: Input) async where Input.Element == [UInt8] {
        var lines = LineReader(greatest: limits.messageBytes)
        do {
            for try await bytes in input {
                for line in lines.add(bytes) {
                    await receive(line)
                    // A client that does not read is not read from.
                    await wire.waitForRoom(limits.messageBytes)
                }
            }
        } catch {}  // the input has failed, which ends it
    }

    private func receive(_ line: LineReader.Line) async {
        guard case .line(let bytes) = line else {
            return wire.send(
                .error(id: nil, .invalidRequest("a message has at most \(limits.messageBytes) bytes")))
        }
        do throws(RPCError) {
            switch try Message(parsing: bytes, limits: limits) {
            case .request(let id, let method, let params): await receive(id, method, params)
            case .notification(let method, let params): receive(notification: method, params)
            case .result(let id, let result): _ = session.current?.asks.answer(id, .success(result))
            case .error(let id, let error): _ = session.current?.asks.answer(id, .failure(error))
            }
        } catch {
            wire.send(.error(id: Message.id(inRefused: bytes, limits), error))
        }
    }

    private func receive(notification method: String, _ params: JSON?) {
        if method == Method.cancelled, let id = params?["requestId"].flatMap({ RequestID($0) }) {
            exchanges.cancel(id)
        }
        if method == Method.initialized {
            session.current?.tellChanges(from: answerer.service, caller, send: wire.send)
        }
        session.current?.receive(notification: method, params)
    }

    private func receive(_ id: RequestID, _ method: String, _ params: JSON?) async {
        do throws(RPCError) {
            if params?["_meta"]?[MetaKey.protocolVersion] != nil {
                try serve(id, method, params, try ModernRules.meta(of: params))
            } else if let session = session.current {
                try serve(id, method, params, in: session)
            } else if method == Method.initialize {
                try await open(id, params)
            } else if method == Method.ping {
                wire.send(.result(id: id, [:]))
            } else {
                throw .invalidParams("_meta: is missing; or open a session by initialize")
            }
        } catch {
            wire.send(.error(id: id, error))
        }
    }

    // MARK: Sessions

    private func open(_ id: RequestID, _ params: JSON?) async throws(RPCError) {
        let opening = try LegacySession.Opening(params)
        let context = RequestContext(
            version: opening.version, client: opening.params.clientInfo, capabilities: opening.params.capabilities,
            caller: caller)
        let description = try await answerer.service.describe(context)
        session.current = LegacySession(id: nil, opening, description, limits)
        wire.send(.result(id: id, InitializeResult(opening.version, description).json))
    }

    private func serve(
        _ id: RequestID, _ method: String, _ params: JSON?, in session: LegacySession
    ) throws(RPCError) {
        if let result = try session.answer(method, params) { return wire.send(.result(id: id, result)) }
        let request = try ServerRequest(method: method, params: params, limits: limits)
        let calls = CancellableSend(wire)
        let outlet = Outlet(
            progressToken: try session.progressToken(params),
            logLevel: session.description.capabilities.hasLogging ? session.logLevel : nil, send: calls.send)
        let context = session.context(caller, params: params, outlet: outlet)
        try session.exchanges.begin(id, end: { calls.end($0.map { .error(id: id, $0) }) }) { [answerer] in
            calls.end(await answerer.message(id, request, context, session, send: calls.send))
        }
    }

    // MARK: 2026-07-28

    private func serve(
        _ id: RequestID, _ method: String, _ params: JSON?, _ meta: RequestMeta
    ) throws(RPCError) {
        guard !ModernRules.isRemoved(method) else { throw .methodNotFound(method) }
        let calls = CancellableSend(wire)
        let outlet = Outlet(
            progressToken: try limits.checked(meta.progressToken), logLevel: meta.logLevel, send: calls.send)
        let context = RequestContext(
            version: meta.version, client: meta.client, capabilities: meta.capabilities, caller: caller,
            meta: meta.json.object ?? [:], outlet: outlet)
        if method == Method.listen { return try listen(id, params, context, calls) }
        let request = try ServerRequest(method: method, params: params, limits: limits)
        try exchanges.begin(id, end: { calls.end($0.map { .error(id: id, $0) }) }) { [answerer] in
            calls.end(Message(id, await answerer.result(request, context)))
        }
    }

    private func listen(
        _ id: RequestID, _ params: JSON?, _ context: RequestContext, _ calls: CancellableSend
    ) throws(RPCError) {
        let filter = try subscriptions.filter(params, context)
        let number = try subscriptions.add { [answerer] in
            calls.end(.result(id: id, Subscriptions.ending(id, by: answerer.service.info)))
        }
        do {
            try exchanges.begin(id, end: { calls.end($0.map { .error(id: id, $0) }) }) { [answerer, subscriptions] in
                defer { subscriptions.remove(number) }
                do throws(RPCError) {
                    calls.end(
                        .result(
                            id: id,
                            try await subscriptions.serve(
                                id, filter, from: answerer.service, context, send: calls.send)))
                } catch {
                    calls.end(.error(id: id, error))
                }
            }
        } catch {
            subscriptions.remove(number)
            throw error
        }
    }
}

/// The session of the connection, once there is one.
private final class SessionHolder: Sendable {
    private let held = Mutex<LegacySession?>(nil)

    var current: LegacySession? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

/// One request's way to the wire that it shares with others: it ends with the answer, or when the request is given up.
private final class CancellableSend: Sendable {
    private let wire: MessageStream
    private let isOver = Mutex(false)

    init(_ wire: MessageStream) { self.wire = wire }

    func send(_ message: Message) {
        isOver.withLock { isOver in if !isOver { wire.send(message) } }
    }

    func end(_ message: Message?) {
        isOver.withLock { over in
            guard !over else { return }
            over = true
            if let message { wire.send(message) }
        }
    }
}

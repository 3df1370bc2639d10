import Core
public import HTTPTypes
import JSON

/// An application as an MCP endpoint over HTTP ("streamable HTTP"): 2026-07-28, and sessions of 2025-11-25 and
/// 2025-06-18 beside it. It takes requests and gives answers; the HTTP library is outside.
public struct StreamableEndpoint<Service: MCPService>: Sendable {
    let answerer: Answerer<Service>
    let limits: MCPLimits
    let hosts: EndpointHosts
    let sessions: SessionTable
    let subscriptions: Subscriptions
    let ticker: Ticker

    /// - Parameter hosts: which `Host` and `Origin` are let in.
    public init(_ service: Service, limits: MCPLimits = MCPLimits(), hosts: EndpointHosts = .checkedBefore) {
        answerer = Answerer(service: service, limits: limits)
        self.limits = limits
        self.hosts = hosts
        ticker = Ticker(tick: .milliseconds(500))
        sessions = SessionTable(limits, ticker)
        subscriptions = Subscriptions(limits)
    }

    var service: Service { answerer.service }

    /// - Parameters:
    ///   - body: whole; more than ``MCPLimits/messageBytes`` is refused.
    ///   - peer: who asks, for the application.
    ///   - identity: who asks, as a text that is the same whenever they come: sessions belong to it, and nobody else
    ///     can use or see them.
    public func respond(
        _ head: HTTPRequest, body: [UInt8], peer: any Sendable, identity: String
    ) async -> EndpointAnswer {
        if let refusal = hosts.refusal(head) { return refusal }
        let caller = Caller(peer: peer, identity: identity, headers: head.headerFields)
        switch head.method {
        case .post: return await post(head, body, caller)
        case .get: return get(head, caller)
        case .delete: return delete(head, caller)
        default: return Self.notAllowed
        }
    }

    /// Ends all sessions and subscriptions, and tells those who are still there.
    public func close() {
        subscriptions.close()
        sessions.close()
    }

    /// How many sessions are open.
    public var sessionCount: Int { sessions.count }

    static var notAllowed: EndpointAnswer {
        .refusal(
            .methodNotAllowed, RPCError(code: RPCError.Code.refused, message: "send messages by POST"),
            headers: [.allow: "POST, GET, DELETE"])
    }

    private func post(_ head: HTTPRequest, _ body: [UInt8], _ caller: Caller) async -> EndpointAnswer {
        if let refusal = PostRules.refusal(head, bodyBytes: body.count, limits) { return refusal }
        let message: Message
        do {
            message = try Message(parsing: body, limits: limits)
        } catch {
            return .refusal(.badRequest, error, id: Message.id(inRefused: body, limits))
        }
        switch message {
        case .request(let id, let method, let params):
            return isLegacy(method, params, caller.headers)
                ? await legacyRequest(id, method, params, caller) : await modernRequest(id, method, params, caller)
        case .notification(let method, let params): return legacyNotification(method, params, caller)
        case .result(let id, let result): return legacyAnswer(id, .success(result), caller)
        case .error(let id, let error): return legacyAnswer(id, .failure(error), caller)
        }
    }

    /// Whether a request is of a session or opens one. What states a version in `_meta` is not.
    private func isLegacy(_ method: String, _ params: JSON?, _ headers: HTTPFields) -> Bool {
        if params?["_meta"]?[MetaKey.protocolVersion] != nil { return false }
        guard let text = headers[FieldName.protocolVersion] else { return true }
        let version = ProtocolVersion(rawValue: text)
        if ProtocolVersion.supportedLegacy.contains(version) { return true }
        return version != .v2026_07_28 && (method == Method.initialize || headers[FieldName.sessionID] != nil)
    }

    func events(
        _ stream: MessageStream, after number: Int? = nil, framing: EventFraming = .plain
    ) -> EndpointAnswer {
        .events(
            EventBody(stream, after: number, framing: framing, keepAlive: limits.keepAlive, ticker: ticker))
    }
}

import HTTPTypes
import JSON

/// Sessions of 2025-06-18 and 2025-11-25 over HTTP.
extension StreamableEndpoint {
    func legacyRequest(
        _ id: RequestID, _ method: String, _ params: JSON?, _ caller: Caller
    ) async -> EndpointAnswer {
        if method == Method.initialize, caller.headers[FieldName.sessionID] == nil {
            return await open(id, params, caller)
        }
        switch session(caller) {
        case .failure(let refusal): return refusal.answer(id)
        case .success(let session):
            do throws(RPCError) {
                if let result = try session.core.answer(method, params) { return .message(.result(id: id, result)) }
                let request = try ServerRequest(method: method, params: params, limits: limits)
                return try await run(id, request, params, session, caller)
            } catch {
                return .message(.error(id: id, error))
            }
        }
    }

    private func open(_ id: RequestID, _ params: JSON?, _ caller: Caller) async -> EndpointAnswer {
        do throws(RPCError) {
            let opening = try LegacySession.Opening(params)
            let name = SessionID.make()
            let context = RequestContext(
                version: opening.version, client: opening.params.clientInfo,
                capabilities: opening.params.capabilities, caller: caller, sessionID: name)
            let description = try await service.describe(context)
            let core = LegacySession(id: name, opening, description, limits)
            try sessions.insert(HTTPSession(id: name, identity: caller.identity, core: core, limits))
            let result = InitializeResult(opening.version, description).json
            var answer = EndpointAnswer.message(.result(id: id, result))
            answer.headers[FieldName.sessionID] = name
            return answer
        } catch {
            return .refusal(.badRequest, error, id: id)
        }
    }

    /// A request outlives the connection that brought it: its client may come back for the answer.
    private func run(
        _ id: RequestID, _ request: ServerRequest, _ params: JSON?, _ session: HTTPSession, _ caller: Caller
    ) async throws(RPCError) -> EndpointAnswer {
        let core = session.core
        let progressToken = try core.progressToken(params)
        let stream = try session.openStream()
        let outlet = Outlet(
            progressToken: progressToken,
            logLevel: core.description.capabilities.hasLogging ? core.logLevel : nil,
            release: { if core.version >= .v2025_11_25 { stream.release() } }, send: stream.send)
        let context = core.context(caller, params: params, outlet: outlet)
        do {
            try core.exchanges.begin(id, end: { stream.finish($0.map { .error(id: id, $0) }) }) { [answerer] in
                stream.finish(await answerer.message(id, request, context, core, send: stream.send))
            }
        } catch {
            session.dropStream(stream)
            throw error
        }
        switch await stream.outcome() {
        case .several: return events(stream, framing: session.framing(stream))
        case .only(let bytes):
            session.dropStream(stream)
            return .json(bytes)
        }
    }

    func legacyNotification(_ method: String, _ params: JSON?, _ caller: Caller) -> EndpointAnswer {
        // Without a session there is nothing to notify of: 2026-07-28 has no notification of a client's over HTTP.
        guard caller.headers[FieldName.sessionID] != nil else { return .accepted }
        switch session(caller) {
        case .failure(let refusal): return refusal.answer(nil)
        case .success(let session):
            session.core.receive(notification: method, params)
            return .accepted
        }
    }

    func legacyAnswer(_ id: RequestID?, _ answer: Result<JSON, RPCError>, _ caller: Caller) -> EndpointAnswer {
        switch session(caller) {
        case .failure(let refusal): return refusal.answer(nil)
        case .success(let session):
            guard session.core.asks.answer(id, answer) else {
                return .refusal(.badRequest, .invalidRequest("this answers nothing that was asked"))
            }
            return .accepted
        }
    }

    /// Opens the stream for what belongs to no request, or takes up one that was cut.
    func get(_ head: HTTPRequest, _ caller: Caller) -> EndpointAnswer {
        guard caller.headers[FieldName.sessionID] != nil else { return Self.notAllowed }
        guard PostRules.accepts(head, "text/event-stream") else {
            return PostRules.refused(.notAcceptable, "Accept must have text/event-stream")
        }
        switch session(caller) {
        case .failure(let refusal): return refusal.answer(nil)
        case .success(let session):
            if let last = caller.headers[FieldName.lastEventID] { return resume(session, last) }
            session.core.tellChanges(from: service, caller, send: session.standalone.send)
            return events(session.standalone, framing: session.framing(session.standalone))
        }
    }

    private func resume(_ session: HTTPSession, _ last: String) -> EndpointAnswer {
        guard let (number, after) = EventFraming.parse(last), let stream = session.stream(number),
            stream.canResume(after: after)
        else { return PostRules.refused(.badRequest, "the events after this one are not held, or no longer") }
        return events(stream, after: after, framing: session.framing(stream))
    }

    func delete(_ head: HTTPRequest, _ caller: Caller) -> EndpointAnswer {
        guard caller.headers[FieldName.sessionID] != nil else { return Self.notAllowed }
        switch session(caller) {
        case .failure(let refusal): return refusal.answer(nil)
        case .success(let session):
            sessions.remove(session)
            return EndpointAnswer(status: .noContent, headers: [:], body: .none)
        }
    }

    private func session(_ caller: Caller) -> Result<HTTPSession, SessionRefusal> {
        if let version = caller.headers[FieldName.protocolVersion],
            !ProtocolVersion.supportedLegacy.contains(ProtocolVersion(rawValue: version))
        {
            return .failure(SessionRefusal(status: .badRequest, error: .unsupportedVersion(version)))
        }
        guard let id = caller.headers[FieldName.sessionID] else {
            let error = RPCError(
                code: RPCError.Code.refused,
                message: "no session: open one by initialize and send its Mcp-Session-Id, or state a version in _meta")
            return .failure(SessionRefusal(status: .badRequest, error: error))
        }
        guard let session = sessions.find(id, identity: caller.identity) else {
            let error = RPCError(code: RPCError.Code.sessionNotFound, message: "there is no such session, or no longer")
            return .failure(SessionRefusal(status: .notFound, error: error))
        }
        return .success(session)
    }
}

private struct SessionRefusal: Error {
    let status: HTTPResponse.Status
    let error: RPCError

    func answer(_ id: RequestID?) -> EndpointAnswer { .refusal(status, error, id: id) }
}

extension Answerer {
    /// The answer to a request of a session, whose client is asked for input as the request goes on.
    func message(
        _ id: RequestID, _ request: ServerRequest, _ context: RequestContext, _ session: LegacySession,
        send: @escaping @Sendable (Message) -> Void
    ) async -> Message {
        do throws(RPCError) {
            let result = try await answer(request, context) { wanted throws(RPCError) in
                try await session.asks.ask(wanted, version: session.version, send: send)
            }
            return .result(id: id, result)
        } catch {
            return .error(id: id, error)
        }
    }
}

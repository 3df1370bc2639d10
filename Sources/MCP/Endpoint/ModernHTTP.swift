import HTTPTypes
import JSON

/// Requests of 2026-07-28, each by itself.
extension StreamableEndpoint {
    func modernRequest(
        _ id: RequestID, _ method: String, _ params: JSON?, _ caller: Caller
    ) async -> EndpointAnswer {
        do throws(RPCError) {
            let meta = try ModernRules.meta(of: method, params, caller.headers)
            _ = try limits.checked(meta.progressToken)
            guard !ModernRules.isRemoved(method) else { throw .methodNotFound(method) }
            if method == Method.listen { return try await listen(id, params, meta, caller) }
            let request = try ServerRequest(method: method, params: params, limits: limits)
            if case .callTool(let call) = request {
                let context = context(meta, caller)
                if let mirrored = service.mirroredParameters(of: call.name, context) {
                    try ModernRules.checkMirrored(mirrored, call, caller.headers)
                }
            }
            return meta.progressToken == nil && meta.logLevel == nil
                ? Self.answer(id, await answerer.result(request, context(meta, caller)))
                : await stream(id, request, meta, caller)
        } catch {
            return .refusal(error.code == RPCError.Code.methodNotFound ? .notFound : .badRequest, error, id: id)
        }
    }

    func context(_ meta: RequestMeta, _ caller: Caller, _ outlet: Outlet? = nil) -> RequestContext {
        RequestContext(
            version: meta.version, client: meta.client, capabilities: meta.capabilities, caller: caller,
            meta: meta.json.object ?? [:], outlet: outlet)
    }

    /// A request that may be told of meanwhile. The client's going away cancels it.
    private func stream(
        _ id: RequestID, _ request: ServerRequest, _ meta: RequestMeta, _ caller: Caller
    ) async -> EndpointAnswer {
        let stream = MessageStream(log: limits.unkeptLog)
        let outlet = Outlet(progressToken: meta.progressToken, logLevel: meta.logLevel, send: stream.send)
        let context = context(meta, caller, outlet)
        // The connection that waits for the answer owns the task: it is cancelled when the connection goes.
        let task = Task { @concurrent in
            let result = await self.answerer.result(request, context)
            stream.finish(Message(id, result))
            return result
        }
        stream.onAbandon { task.cancel() }
        let outcome = await withTaskCancellationHandler {
            await stream.outcome()
        } onCancel: {
            task.cancel()
        }
        switch outcome {
        case .only: return Self.answer(id, await task.value)
        case .several: return events(stream)
        }
    }

    private static func answer(_ id: RequestID, _ result: Result<JSON, RPCError>) -> EndpointAnswer {
        let status: HTTPResponse.Status =
            switch result {
            case .success: .ok
            case .failure(let error): error.modernStatus
            }
        return .message(Message(id, result), status: status)
    }
}

extension RPCError {
    /// Which errors of the application's the HTTP status says too (2026-07-28); others are answers like any.
    fileprivate var modernStatus: HTTPResponse.Status {
        switch code {
        case Code.methodNotFound: .notFound
        case Code.headerMismatch, Code.missingCapability, Code.unsupportedVersion: .badRequest
        default: .ok
        }
    }
}

extension Message {
    init(_ id: RequestID, _ result: Result<JSON, RPCError>) {
        switch result {
        case .success(let result): self = .result(id: id, result)
        case .failure(let error): self = .error(id: id, error)
        }
    }
}

extension MCPLimits {
    /// For messages that nobody comes back for.
    var unkeptLog: MessageLog {
        MessageLog(keepsRead: false, greatestCount: pendingNotifications, greatestBytes: 2 * messageBytes)
    }

    /// For messages that a client may come back for.
    var keptLog: MessageLog {
        MessageLog(keepsRead: true, greatestCount: storedEvents, greatestBytes: storedEventBytes)
    }
}

import JSON

/// Sends the requests for input to the client of a session and collects its answers.
typealias AskClient = @Sendable (InputRequests) async throws(RPCError) -> InputResponses

/// Answers requests through the application, whichever way they came.
struct Answerer<Service: MCPService>: Sendable {
    let service: Service
    let limits: MCPLimits

    /// - Parameter ask: how a session's client is asked for input in mid-call; nil where the client is told to try
    ///   again with it.
    /// - Returns: the result's object as the client's revision wants it.
    func answer(
        _ request: ServerRequest, _ context: RequestContext, ask: AskClient? = nil
    ) async throws(RPCError) -> JSON {
        guard let ask else { return try await answerOnce(request, context) }
        var request = request
        for round in 0..<limits.inputRounds {
            switch try await service.handle(request, context) {
            case .result(let result): return ResultStamp.legacy(result)
            case .inputRequired(let wanted, let state):
                try check(wanted, state, request, context)
                if wanted.count == 0 { try? await Task.sleep(for: .milliseconds(50 << min(round, 6))) }
                let responses = wanted.count == 0 ? InputResponses([]) : try await ask(wanted)
                request = request.retried(responses, requestState: state) ?? request
            }
        }
        throw .internalError("the request has asked for input \(limits.inputRounds) times, and is given up")
    }

    /// The answer to a request of 2026-07-28.
    func result(_ request: ServerRequest, _ context: RequestContext) async -> Result<JSON, RPCError> {
        do throws(RPCError) {
            guard case .other(Method.discover, _) = request else {
                return .success(try await answer(request, context))
            }
            let description = try await service.describe(context)
            return .success(
                ResultStamp.modern(DiscoverResult(description).json, of: Method.discover, by: description.info))
        } catch {
            return .failure(error)
        }
    }

    private func answerOnce(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> JSON {
        switch try await service.handle(request, context) {
        case .result(let result): return ResultStamp.modern(result, of: request.method, by: service.info)
        case .inputRequired(let wanted, let state):
            try check(wanted, state, request, context)
            let result = InputRequiredResult(wanted.count == 0 ? nil : wanted, requestState: state)
            return ResultStamp.modern(result.json, of: request.method, by: service.info)
        }
    }

    /// Holds the application to the protocol: it may ask only where and for what the client can be asked.
    private func check(
        _ wanted: InputRequests, _ state: String?, _ request: ServerRequest, _ context: RequestContext
    ) throws(RPCError) {
        guard request.callParams != nil, wanted.count > 0 || state != nil, wanted.count <= limits.inputRequests,
            (state?.utf8.count ?? 0) <= limits.stateBytes
        else { throw .internalError("the server asks for input where it may not") }
        for (_, request) in wanted.requests where !request.isServed(by: context.capabilities) {
            throw .unserved(request, context.version)
        }
    }
}

extension RPCError {
    fileprivate static func unserved(_ request: InputRequest, _ version: ProtocolVersion) -> RPCError {
        let message = "this needs \(request.method), which the client has not declared that it can do"
        return version.isStateless
            ? .missingCapability(request.requiredCapabilities, message) : .invalidRequest(message)
    }
}

import JSON
import Synchronization

/// What a server has asked the client of a session and waits to be answered.
final class Asks: Sendable {
    private struct Ask {
        let deadline: ContinuousClock.Instant
        let answer: CheckedContinuation<Result<JSON, RPCError>, Never>
        /// Tells the client that the answer is no longer wanted.
        let withdraw: @Sendable () -> Void
    }

    private struct State {
        var asks: [Int64: Ask] = [:]
        var nextID: Int64 = 1
        var isClosed = false
    }

    private let limits: MCPLimits
    private let state = Mutex(State())

    init(_ limits: MCPLimits) { self.limits = limits }

    /// Sends all requests, then waits for all answers.
    /// - Parameter send: towards the client.
    func ask(
        _ wanted: InputRequests, version: ProtocolVersion, send: @escaping @Sendable (Message) -> Void
    ) async throws(RPCError) -> InputResponses {
        let requests = wanted.requests
        let answers = await withTaskGroup(of: (Int, Result<JSON, RPCError>).self) { group in
            for (place, (_, request)) in requests.enumerated() {
                group.addTask { (place, await self.ask(request.inSession(version), send)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var responses: [(key: String, result: JSON)] = []
        for (place, (key, request)) in requests.enumerated() {
            switch answers[place] {
            case .success(let result): responses.append((key, result))
            case .failure(let error):
                throw RPCError(
                    code: error.code, message: "the client did not serve \(request.method): \(error.message)")
            case nil: throw .internalError()
            }
        }
        return InputResponses(responses)
    }

    private func ask(_ request: InputRequest, _ send: @escaping @Sendable (Message) -> Void) async
        -> Result<JSON, RPCError>
    {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                let isOpen = state.withLock { state in
                    guard !state.isClosed, !Task.isCancelled else { return false }
                    state.asks[id] = Ask(deadline: .now + limits.inputWait, answer: answer) {
                        send(.notification(method: Method.cancelled, params: CancelledParams(.number(id)).json))
                    }
                    return true
                }
                guard isOpen else { return answer.resume(returning: .failure(.internalError("cancelled"))) }
                send(.request(id: .number(id), method: request.method, params: request.params))
            }
        } onCancel: {
            settle(id, .failure(.internalError("cancelled")), withdrawing: true)
        }
    }

    /// - Returns: false when nothing of the kind was ever asked. An answer that comes late or twice is dropped.
    func answer(_ id: RequestID?, _ answer: Result<JSON, RPCError>) -> Bool {
        guard case .number(let number)? = id, number > 0, number < state.withLock({ $0.nextID }) else { return false }
        settle(number, answer, withdrawing: false)
        return true
    }

    func sweep(_ now: ContinuousClock.Instant) {
        for id in state.withLock({ $0.asks.filter { now >= $0.value.deadline }.map(\.key) }) {
            settle(id, .failure(.internalError("no answer in time")), withdrawing: true)
        }
    }

    func close() {
        let ids = state.withLock { state in
            state.isClosed = true
            return Array(state.asks.keys)
        }
        for id in ids { settle(id, .failure(.internalError("the session is closed")), withdrawing: false) }
    }

    private func settle(_ id: Int64, _ answer: Result<JSON, RPCError>, withdrawing: Bool) {
        guard let ask = state.withLock({ $0.asks.removeValue(forKey: id) }) else { return }
        if withdrawing { ask.withdraw() }
        ask.answer.resume(returning: answer)
    }
}

extension InputRequest {
    /// As a session of this revision spells it: forms had no mode before 2025-11-25, and pages an id in it.
    fileprivate func inSession(_ version: ProtocolVersion) -> InputRequest {
        guard method == Method.elicit, var params else { return self }
        if kind == .url {
            if params["elicitationId"] == nil { params["elicitationId"] = JSON(SessionID.make()) }
        } else if version < .v2025_11_25 {
            params["mode"] = nil
        }
        return InputRequest(method: method, params: params)
    }
}

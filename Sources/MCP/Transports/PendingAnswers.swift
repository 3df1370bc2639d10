import Core
import JSON
import Synchronization

/// The requests on one shared channel that wait for their answers.
final class PendingAnswers: Sendable {
    typealias Answer = Result<JSON, RPCError>

    private struct Waiting {
        let continuation: CheckedContinuation<Answer, any Error>
        let deadline: ContinuousClock.Instant?
    }

    private struct State {
        var waiting: [RequestID: Waiting] = [:]
        var end: (any Error)?
        var look: UInt64?
    }

    private let state = Mutex(State())
    private let ticker = Ticker()
    /// Called for a request that is given up before its answer has come.
    private let giveUp: @Sendable (RequestID, _ reason: String) -> Void

    init(giveUp: @escaping @Sendable (RequestID, String) -> Void) { self.giveUp = giveUp }

    /// - Parameter send: is called once the answer can be received.
    func wait(
        for id: RequestID, until deadline: ContinuousClock.Instant?, send: @Sendable () throws -> Void
    ) async throws -> Answer {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do {
                    try add(id, Waiting(continuation: continuation, deadline: deadline))
                } catch {
                    return continuation.resume(throwing: error)
                }
                do { try send() } catch { fail(id, error) }
                // Whoever was cancelled before it was added was not found by the handler.
                if Task.isCancelled { abandon(id) }
            }
        } onCancel: {
            abandon(id)
        }
    }

    private func add(_ id: RequestID, _ entry: Waiting) throws {
        try state.withLock { state in
            if let end = state.end { throw end }
            state.waiting[id] = entry
            guard state.look == nil else { return }
            state.look = ticker.add { [weak self] now in self?.sweep(now) }
        }
    }

    /// False when nobody waits for it: it came late, twice, or to no question.
    @discardableResult
    func answer(_ id: RequestID, _ answer: Answer) -> Bool {
        guard let entry = remove(id) else { return false }
        entry.continuation.resume(returning: answer)
        return true
    }

    func fail(_ id: RequestID, _ error: any Error) { remove(id)?.continuation.resume(throwing: error) }

    private func abandon(_ id: RequestID) {
        guard let entry = remove(id) else { return }
        giveUp(id, "the caller has gone")
        entry.continuation.resume(throwing: CancellationError())
    }

    /// Those who wait now; others may come.
    func failAll(_ error: any Error) {
        let all = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.continuation)
        }
        for continuation in all { continuation.resume(throwing: error) }
    }

    /// Nothing can be asked from now on.
    func end(_ error: any Error) {
        let look = state.withLock { state in
            if state.end == nil { state.end = error }
            defer { state.look = nil }
            return state.look
        }
        if let look { ticker.remove(look) }
        failAll(error)
    }

    var ids: [RequestID] { state.withLock { Array($0.waiting.keys) } }

    private func remove(_ id: RequestID) -> Waiting? { state.withLock { $0.waiting.removeValue(forKey: id) } }

    private func sweep(_ now: ContinuousClock.Instant) {
        let (overdue, look) = state.withLock { state in
            let overdue = state.waiting.filter { $0.value.deadline.map { now >= $0 } ?? false }
            for id in overdue.keys { state.waiting[id] = nil }
            guard state.waiting.isEmpty else { return (overdue, UInt64?.none) }
            defer { state.look = nil }
            return (overdue, state.look)
        }
        if let look { ticker.remove(look) }
        for (id, entry) in overdue {
            giveUp(id, "the time is over")
            entry.continuation.resume(throwing: MCPFailure.late())
        }
    }
}

/// The failures that callers of a server see, beside those that the server tells itself.
enum MCPFailure {
    static func late() -> GatehouseError {
        GatehouseError("mcp", .timeout, "the server did not answer in time", hint: "the call was cancelled")
    }

    static func unavailable(_ what: String, cause: String? = nil) -> GatehouseError {
        GatehouseError("mcp", .unavailable, what, cause: cause)
    }

    static func tooLarge(_ limits: MCPLimits) -> GatehouseError {
        GatehouseError("mcp", .tooLarge, "the server's answer has more than \(limits.messageBytes) bytes")
    }

    static func malformed(_ what: String, _ error: RPCError? = nil) -> GatehouseError {
        GatehouseError("mcp", .invalid, what, cause: error?.message)
    }
}

import Synchronization

/// The requests of one session or connection that are being answered, each by a task of its own.
final class Exchanges: Sendable {
    private struct Exchange {
        /// Tells it from a later one with the same id.
        let number: Int
        var task: Task<Void, Never>?
        var isGivenUp = false
        let deadline: ContinuousClock.Instant?
        let end: @Sendable (RPCError?) -> Void
    }

    private struct State {
        var exchanges: [RequestID: Exchange] = [:]
        var next = 0
        var isClosed = false
    }

    private let limits: MCPLimits
    private let state = Mutex(State())

    init(_ limits: MCPLimits) { self.limits = limits }

    /// - Parameters:
    ///   - end: called when the exchange is given up, with what its client is told; nil when it wants to hear nothing.
    ///   - work: answers; its task is cancelled when the exchange is given up.
    /// - Throws: when the id is in use or too much is under way.
    func begin(
        _ id: RequestID, end: @escaping @Sendable (RPCError?) -> Void, _ work: @escaping @Sendable () async -> Void
    ) throws(RPCError) {
        let (number, refusal) = state.withLock { state -> (Int, RPCError?) in
            if state.isClosed { return (0, .invalidRequest("the session is closed")) }
            if state.exchanges[id] != nil { return (0, .invalidRequest("the id \(id) is in use")) }
            guard state.exchanges.count < limits.requestsInFlight else {
                return (0, .invalidRequest("more than \(limits.requestsInFlight) requests at once"))
            }
            state.next += 1
            state.exchanges[id] = Exchange(
                number: state.next, deadline: limits.requestTime.map { .now + $0 }, end: end)
            return (state.next, nil)
        }
        if let refusal { throw refusal }
        // The exchange holds the task, and ends it at the latest when the session is closed.
        let task = Task { @concurrent [self] in
            await work()
            state.withLock { _ = $0.exchanges.removeValue(forKey: id) }
        }
        let isGivenUp = state.withLock { state in
            guard state.exchanges[id]?.number == number else { return false }
            state.exchanges[id]?.task = task
            return state.exchanges[id]?.isGivenUp ?? false
        }
        if isGivenUp { task.cancel() }
    }

    var isEmpty: Bool { state.withLock { $0.exchanges.isEmpty } }

    /// The client no longer wants the answer.
    func cancel(_ id: RequestID) { give(up: { $0 == id ? .some(nil) : .none }) }

    /// Nothing may be begun from now on.
    func close() {
        state.withLock { $0.isClosed = true }
        give(up: { _ in .some(nil) })
    }

    /// Gives up what has taken too long.
    func sweep(_ now: ContinuousClock.Instant) {
        let overdue = state.withLock { state in
            Set(state.exchanges.filter { $0.value.deadline.map { now >= $0 } ?? false }.keys)
        }
        guard !overdue.isEmpty else { return }
        give(up: { overdue.contains($0) ? .some(.internalError("the request took too long")) : .none })
    }

    private func give(up which: (RequestID) -> RPCError??) {
        let given = state.withLock { state -> [(Exchange, RPCError?)] in
            for id in state.exchanges.keys where which(id) != nil { state.exchanges[id]?.isGivenUp = true }
            return state.exchanges.compactMap { id, exchange in which(id).map { (exchange, $0) } }
        }
        for (exchange, error) in given {
            exchange.end(error)
            exchange.task?.cancel()
        }
    }
}

import Core
import Synchronization

/// What is to be written to one pipe: many put in, one takes out all that there is.
final class Outbox: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var taker: CheckedContinuation<[UInt8]?, Never>?
    }

    private let state = Mutex(State())
    private let greatest: Int

    /// - Parameter greatest: bytes that may wait; a server that does not read is found out by it.
    init(greatest: Int) { self.greatest = greatest }

    func put(_ line: [UInt8]) throws(GatehouseError) {
        let outcome = state.withLock {
            state -> Result<(CheckedContinuation<[UInt8]?, Never>, [UInt8])?, GatehouseError> in
            guard !state.isClosed else { return .failure(MCPFailure.unavailable("the connection is closed")) }
            guard state.bytes.count + line.count <= greatest else {
                return .failure(MCPFailure.unavailable("the server does not read what it is sent"))
            }
            state.bytes += line
            state.bytes.append(0x0A)
            guard let taker = state.taker.take() else { return .success(nil) }
            defer { state.bytes = [] }
            return .success((taker, state.bytes))
        }
        if let (taker, bytes) = try outcome.get() { taker.resume(returning: bytes) }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            return state.taker.take()
        }?.resume(returning: nil)
    }

    /// Waits for something; nil when closed and empty, or cancelled.
    func take() async -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { taker in
                let now = state.withLock { state -> [UInt8]?? in
                    if !state.bytes.isEmpty {
                        defer { state.bytes = [] }
                        return .some(state.bytes)
                    }
                    if state.isClosed || Task.isCancelled { return .some(nil) }
                    state.taker = taker
                    return .none
                }
                if let now { taker.resume(returning: now) }
            }
        } onCancel: {
            close()
        }
    }
}

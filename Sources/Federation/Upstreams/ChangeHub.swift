import MCP
import Synchronization

/// Tells those who wait that something has changed. What nobody has taken yet is not told twice in a row; of very much at once
/// the oldest gives way.
final class ChangeHub: Sendable {
    private struct State {
        var next = 0
        var waiting: [Int: (filter: Filter, continuation: AsyncStream<Change>.Continuation)] = [:]
        var isOver = false
    }

    typealias Filter = @Sendable (Change) -> Bool

    private static let mostUntaken = 256
    private let state = Mutex(State())

    func subscribe(_ filter: @escaping Filter) -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream<Change>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.mostUntaken))
        let id = state.withLock { state -> Int? in
            guard !state.isOver else { return nil }
            state.next += 1
            state.waiting[state.next] = (filter, continuation)
            return state.next
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { _ = $0.waiting.removeValue(forKey: id) }
        }
        return stream
    }

    func tell(_ changes: Change...) {
        let waiting = state.withLock { Array($0.waiting.values) }
        for (filter, continuation) in waiting {
            for change in changes where filter(change) { continuation.yield(change) }
        }
    }

    func finish() {
        let waiting = state.withLock { state in
            state.isOver = true
            return Array(state.waiting.values)
        }
        for (_, continuation) in waiting { continuation.finish() }
    }
}

import Synchronization

/// Tells those who wait that something has changed. Several changes that nobody has looked at yet are one.
final class ChangeHub: Sendable {
    enum Subject: Sendable, Hashable { case catalogue, settings }

    private struct State {
        var next = 0
        var waiting: [Int: (subject: Subject, continuation: AsyncStream<Void>.Continuation)] = [:]
        var isOver = false
    }

    private let state = Mutex(State())

    func subscribe(to subject: Subject = .catalogue) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state -> Int? in
            guard !state.isOver else { return nil }
            state.next += 1
            state.waiting[state.next] = (subject, continuation)
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

    func tell(_ subject: Subject = .catalogue) {
        for waiting in state.withLock({ Array($0.waiting.values) }) where waiting.subject == subject {
            waiting.continuation.yield()
        }
    }

    func finish() {
        let waiting = state.withLock { state in
            state.isOver = true
            return Array(state.waiting.values)
        }
        for waiting in waiting { waiting.continuation.finish() }
    }
}

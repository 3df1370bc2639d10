import Synchronization

/// Follows the changes that a session is told of, by a filter that may change meanwhile.
final class ChangeWatch: Sendable {
    typealias Source = @Sendable (SubscriptionFilter) -> (AsyncStream<Change>, tell: @Sendable (Change) -> Void)

    private struct State {
        var source: Source?
        var task: Task<Void, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Only the first call counts.
    func begin(_ filter: SubscriptionFilter, _ source: @escaping Source) {
        let isFirst = state.withLock { state in
            defer { state.source = state.source ?? source }
            return state.source == nil
        }
        if isFirst { update(filter) }
    }

    func update(_ filter: SubscriptionFilter) {
        guard let source = state.withLock({ $0.isClosed ? nil : $0.source }) else { return }
        let (changes, tell) = source(filter)
        let task = Task { @concurrent in
            for await change in changes where change.isWanted(by: filter) {
                if Task.isCancelled { return }
                tell(change)
            }
        }
        // The new one listens already when the old one stops: nothing falls between.
        state.withLock { state -> Task<Void, Never>? in
            guard !state.isClosed else { return task }
            defer { state.task = task }
            return state.task
        }?.cancel()
    }

    func close() {
        state.withLock { state -> Task<Void, Never>? in
            state.isClosed = true
            return state.task.take()
        }?.cancel()
    }
}

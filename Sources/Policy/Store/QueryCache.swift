internal import Rego
internal import Synchronization

/// Compiled queries by their text; of too many, the one that was not asked for longest goes.
final class QueryCache: Sendable {
    private struct Entry {
        var query: PreparedQuery
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var clock: UInt64 = 0
    }

    /// Longer texts are compiled each time, so that the cache stays small.
    private static let longestText = 16 << 10
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { state.withLock { $0.entries.count } }

    /// Two callers at once may both compile; that is cheaper than one waiting for the other's query.
    func query(_ key: String, make: () throws -> PreparedQuery) rethrows -> PreparedQuery {
        if let known = find(key) { return known }
        let query = try make()
        if key.utf8.count <= Self.longestText { keep(query, for: key) }
        return query
    }

    private func find(_ key: String) -> PreparedQuery? {
        state.withLock { state in
            state.clock += 1
            guard let found = state.entries[key]?.query else { return nil }
            state.entries[key]?.lastUse = state.clock
            return found
        }
    }

    func keep(_ query: PreparedQuery, for key: String) {
        state.withLock { state in
            state.clock += 1
            state.entries[key] = Entry(query: query, lastUse: state.clock)
            guard state.entries.count > capacity else { return }
            if let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.entries[oldest.key] = nil
            }
        }
    }
}

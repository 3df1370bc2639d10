import Synchronization

/// Spans on their way to the collector, in the order in which they ended, within a bound: the oldest make way.
final class SpanQueue: Sendable {
    enum Put: Sendable, Hashable {
        case kept
        /// Enough wait for an export now.
        case keptAndFull
        /// So many made way.
        case dropped(Int)
    }

    /// Spans of one export.
    static let batch = 512

    private struct State {
        var spans: [FinishedSpan] = []
        /// Of `spans`, those before have left.
        var head = 0
        var capacity = 0

        var count: Int { spans.count - head }

        mutating func leave(_ number: Int) {
            head += number
            if head == spans.count {
                spans.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024, head * 2 >= spans.count {
                spans.removeFirst(head)
                head = 0
            }
        }

        mutating func shrink() -> Int {
            let excess = max(0, count - capacity)
            if excess > 0 { leave(excess) }
            return excess
        }
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func put(_ span: FinishedSpan) -> Put {
        state.withLock { state in
            state.spans.append(span)
            let excess = state.shrink()
            if excess > 0 { return .dropped(excess) }
            return state.count == min(Self.batch, state.capacity) ? .keptAndFull : .kept
        }
    }

    /// The oldest, at most ``batch``; empty where there are none.
    func take() -> [FinishedSpan] {
        state.withLock { state in
            let batch = Array(state.spans[state.head...].prefix(Self.batch))
            state.leave(batch.count)
            return batch
        }
    }

    /// Puts back what could not be sent, as the oldest.
    /// - Returns: how many made way.
    func giveBack(_ batch: [FinishedSpan]) -> Int {
        state.withLock { state in
            state.spans.replaceSubrange(..<state.head, with: batch)
            state.head = 0
            return state.shrink()
        }
    }

    /// - Returns: how many made way.
    func resize(to capacity: Int) -> Int {
        state.withLock { state in
            state.capacity = capacity
            return state.shrink()
        }
    }
}

import Gate
import Synchronization

/// Draws the ids of traces and spans: splitmix64 from a random start, since they have to differ and to hide nothing.
final class SpanIDs: Sendable {
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
    private let state: Atomic<UInt64>

    init() {
        var random = SystemRandomNumberGenerator()
        state = Atomic(random.next())
    }

    func traceID() -> TraceContext.TraceID { TraceContext.TraceID(high: next(), low: spanID()) }

    /// Never zero.
    func spanID() -> UInt64 {
        while true {
            let id = next()
            if id != 0 { return id }
        }
    }

    private func next() -> UInt64 {
        var mixed = state.wrappingAdd(Self.step, ordering: .relaxed).newValue
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Keeps a share of traces, by their ids, so that all who see a trace decide alike.
struct TraceSampler: Sendable {
    /// Of the 63 low bits, those below are kept.
    private let bound: UInt64

    init(share: Double) { bound = share >= 1 ? 1 << 63 : UInt64(max(0, share) * 0x1p63) }

    func keeps(_ id: TraceContext.TraceID) -> Bool { id.low & (1 << 63 - 1) < bound }
}

/// The spans of actions that wait for people, so that what comes after is of the same trace. In memory only,
/// and forgotten when there are too many.
final class WaitingSpans: Sendable {
    private static let greatestNumber = 4096
    private let spans = Mutex<[String: TraceContext]>([:])
    private let isEmpty = Atomic(true)

    func put(_ span: TraceContext, of actionID: String) {
        spans.withLock { spans in
            if spans.count >= Self.greatestNumber { spans = [:] }
            spans[actionID] = span
            isEmpty.store(false, ordering: .relaxed)
        }
    }

    func take(_ actionID: String) -> TraceContext? {
        guard !isEmpty.load(ordering: .relaxed) else { return nil }
        return spans.withLock { spans in
            defer { isEmpty.store(spans.isEmpty, ordering: .relaxed) }
            return spans.removeValue(forKey: actionID)
        }
    }
}

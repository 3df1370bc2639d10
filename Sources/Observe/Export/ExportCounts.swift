import Synchronization

/// How exports are doing.
public final class ExportCounts: Sendable {
    public enum Signal: String, Sendable, Hashable, CaseIterable {
        case traces, metrics
    }

    /// Of spans, or points of metrics.
    public struct Standing: Sendable, Hashable {
        public var sent = 0
        /// Made way for newer ones, or were left at the end.
        public var dropped = 0
        /// The collector did not want them.
        public var rejected = 0
        /// Exports that failed, and were or will be tried again.
        public var failures = 0
    }

    private let standings = Mutex<[Signal: Standing]>([:])

    public func standing(of signal: Signal) -> Standing { standings.withLock { $0[signal] ?? Standing() } }

    func dropped(_ spans: Int) {
        guard spans > 0 else { return }
        change(.traces) { $0.dropped += spans }
    }

    func ended(_ outcome: SendOutcome, of count: Int, _ signal: ExportCounts.Signal) {
        change(signal) { standing in
            switch outcome {
            case .stored(let rejected):
                let rejected = min(max(0, rejected), count)
                standing.sent += count - rejected
                standing.rejected += rejected
            case .refused: standing.rejected += count
            case .failed: standing.failures += 1
            }
        }
    }

    private func change(_ signal: Signal, _ work: (inout Standing) -> Void) {
        standings.withLock { work(&$0[signal, default: Standing()]) }
    }
}

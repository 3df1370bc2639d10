import Core
import Logging
import Synchronization

/// Says in the log what goes wrong with exports: each kind of thing at most once a minute, and never what was sent.
final class ExportLog: Sendable {
    private static let interval = Duration.seconds(60)

    private struct State {
        var told: [String: ContinuousClock.Instant] = [:]
        var dropped = 0
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(_ logger: Logger) { self.logger = logger }

    func failed(_ signal: ExportCounts.Signal, _ why: String) {
        guard mayTell("failed \(signal)") else { return }
        logger.warning(
            "telemetry could not be sent; it is tried again",
            metadata: ["signal": "\(signal)", "why": .string(String(why.prefix(200)))])
    }

    func refused(_ signal: ExportCounts.Signal, _ status: Int) {
        guard mayTell("refused \(signal)") else { return }
        logger.warning(
            "the collector refuses telemetry", metadata: ["signal": "\(signal)", "status": "\(status)"])
    }

    /// How many spans were lost since this was said last.
    /// - Parameter isLast: whether there is no later time to say it.
    func tell(_ counts: ExportCounts, isLast: Bool = false) {
        let dropped = counts.standing(of: .traces).dropped
        guard dropped > state.withLock({ $0.dropped }), isLast || mayTell("dropped") else { return }
        let before = state.withLock { state in
            defer { state.dropped = dropped }
            return state.dropped
        }
        logger.warning("spans were dropped", metadata: ["spans": "\(dropped - before)"])
    }

    private func mayTell(_ what: String) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            if let last = state.told[what], now - last < Self.interval { return false }
            state.told[what] = now
            return true
        }
    }
}

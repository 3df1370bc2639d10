import Core

/// Sends requests of either signal, counts what becomes of them, and says in the log what goes wrong.
struct SignalSender: Sendable {
    let client: CollectorClient
    let counts: ExportCounts
    let log: ExportLog
    let ending: Ending

    /// - Parameter count: of the spans or points in it.
    func send(
        _ body: [UInt8], of count: Int, _ signal: ExportCounts.Signal, to collector: TelemetrySettings.Collector
    ) async -> SendOutcome {
        let path = "/v1/\(signal.rawValue)"
        let outcome = await client.send(body, to: path, of: collector, within: ending.timeLeft)
        counts.ended(outcome, of: count, signal)
        switch outcome {
        case .stored: break
        case .refused(let status): log.refused(signal, status)
        case .failed(let why, _): log.failed(signal, why)
        }
        return outcome
    }
}

import Core

/// Sends metrics.
struct MetricFeed: Sendable {
    private let telemetry: Telemetry
    private let client: CollectorClient
    private let log: ExportLog
    private let ending: Ending

    init(_ telemetry: Telemetry, _ client: CollectorClient, _ log: ExportLog, _ ending: Ending) {
        self.telemetry = telemetry
        self.client = client
        self.log = log
        self.ending = ending
    }

    /// Until the end, and then once more.
    func run() async {
        var pause = RetryPause()
        while ending.isFar {
            guard let setup = telemetry.setup else {
                await telemetry.changed.metrics.wait(for: .seconds(3600))
                continue
            }
            await telemetry.changed.metrics.wait(for: setup.collector.interval)
            guard ending.isFar, let setup = telemetry.setup else { continue }
            guard case .failed(_, let asked) = await send(setup) else {
                pause.succeeded()
                continue
            }
            await telemetry.changed.metrics.wait(for: pause.failed(asked: asked, jitter: .random(in: 0...1)))
        }
        if let setup = telemetry.setup { await send(setup) }
    }

    /// - Returns: nil where there is nothing to show.
    @concurrent @discardableResult
    private func send(_ setup: Telemetry.Setup) async -> SendOutcome? {
        let snapshot = telemetry.metrics.snapshot()
        guard !snapshot.metrics.isEmpty else { return nil }
        let body = OTLPMetrics.request(snapshot, telemetry.resource, setup.settings.resource)
        let outcome = await client.send(body, to: "/v1/metrics", of: setup.collector, within: ending.timeLeft)
        telemetry.counts.ended(outcome, of: snapshot.points, .metrics)
        switch outcome {
        case .stored: break
        case .refused(let status): log.refused(.metrics, status)
        case .failed(let why, _): log.failed(.metrics, why)
        }
        return outcome
    }
}

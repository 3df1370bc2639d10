import Core

/// Sends metrics.
struct MetricFeed: Sendable {
    let telemetry: Telemetry
    let sender: SignalSender

    /// Until the end, and then once more.
    func run() async {
        var pause = RetryPause()
        var wait: Duration?
        while sender.ending.isFar {
            guard let setup = telemetry.setup else {
                await telemetry.changed.metrics.wait(for: .seconds(3600))
                continue
            }
            await telemetry.changed.metrics.wait(for: wait ?? setup.collector.interval)
            guard sender.ending.isFar, let setup = telemetry.setup else { continue }
            if case .failed(_, let asked) = await send(setup) {
                wait = pause.failed(asked: asked, jitter: .random(in: 0...1))
            } else {
                pause.succeeded()
                wait = nil
            }
        }
        if let setup = telemetry.setup { await send(setup) }
    }

    /// - Returns: nil where there is nothing to show.
    @concurrent @discardableResult
    private func send(_ setup: Telemetry.Setup) async -> SendOutcome? {
        let snapshot = telemetry.metrics.snapshot()
        guard !snapshot.metrics.isEmpty else { return nil }
        let body = OTLPMetrics.request(snapshot, telemetry.resource, setup.settings.resource)
        return await sender.send(body, of: snapshot.points, .metrics, to: setup.collector)
    }
}

import Core

/// Sends spans.
struct SpanFeed: Sendable {
    let telemetry: Telemetry
    let sender: SignalSender

    /// Until the end, and then what is left, for as long as that goes well.
    func run() async {
        var pause = RetryPause()
        while sender.ending.isFar {
            guard let setup = telemetry.setup else {
                await telemetry.changed.spans.wait(for: .seconds(3600))
                continue
            }
            let wait: Duration
            if case .failed(_, let asked) = await sendAll(setup) {
                wait = pause.failed(asked: asked, jitter: .random(in: 0...1))
            } else {
                pause.succeeded()
                wait = setup.collector.interval
            }
            sender.log.tell(telemetry.counts)
            await rest(wait, isPause: pause.isPausing, setup)
        }
        if let setup = telemetry.setup { _ = await sendAll(setup) }
    }

    /// A pause after a failure is kept, whatever comes in, unless the settings change.
    private func rest(_ time: Duration, isPause: Bool, _ setup: Telemetry.Setup) async {
        let end = ContinuousClock.now + time
        while sender.ending.isFar, ContinuousClock.now < end {
            await telemetry.changed.spans.wait(for: end - .now)
            if !isPause || telemetry.setup?.collector != setup.collector { return }
        }
    }

    /// All that waits, until an export fails.
    /// - Returns: of the last export; nil where nothing waited.
    private func sendAll(_ setup: Telemetry.Setup) async -> SendOutcome? {
        var last: SendOutcome?
        while !Task.isCancelled {
            let batch = telemetry.spans.take()
            if batch.isEmpty { break }
            last = await send(batch, setup)
            if case .failed = last { break }
        }
        return last
    }

    @concurrent
    private func send(_ batch: [FinishedSpan], _ setup: Telemetry.Setup) async -> SendOutcome {
        let body = OTLPTraces.request(batch, telemetry.resource, setup.settings.resource)
        let outcome = await sender.send(body, of: batch.count, .traces, to: setup.collector)
        if case .failed = outcome { telemetry.counts.dropped(telemetry.spans.giveBack(batch)) }
        return outcome
    }
}

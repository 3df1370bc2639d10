import Core

/// Sends spans.
struct SpanFeed: Sendable {
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

    /// Until the end, and then what is left, for as long as that goes well.
    func run() async {
        var pause = RetryPause()
        while ending.isFar {
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
            log.tell(telemetry.counts)
            await rest(wait, isPause: pause.isPausing, setup)
        }
        if let setup = telemetry.setup { _ = await sendAll(setup) }
    }

    /// A pause after a failure is kept, whatever comes in, unless the settings change.
    private func rest(_ time: Duration, isPause: Bool, _ setup: Telemetry.Setup) async {
        let end = ContinuousClock.now + time
        while ending.isFar, ContinuousClock.now < end {
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
        let outcome = await client.send(body, to: "/v1/traces", of: setup.collector, within: ending.timeLeft)
        telemetry.counts.ended(outcome, of: batch.count, .traces)
        switch outcome {
        case .stored: break
        case .refused(let status): log.refused(.traces, status)
        case .failed(let why, _):
            log.failed(.traces, why)
            telemetry.counts.dropped(telemetry.spans.giveBack(batch))
        }
        return outcome
    }
}

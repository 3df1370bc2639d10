import Core
import Dialects
import Gate
import JSON

/// One call, from its route to the last byte of the answer: candidates are tried in turn until one begins to answer.
struct ModelPassage: Sendable {
    let gateway: ModelGateway
    let setup: ModelSetup
    let call: ModelCall
    private let candidates: [Candidate]
    /// That tells which questions are alike; nil where none is asked.
    let comparer: Candidate?
    let meter: CallMeter
    /// Where the answer is kept; nil where it is not.
    private var slot: AnswerCache.Slot?

    init(
        _ gateway: ModelGateway, _ setup: ModelSetup, _ call: ModelCall, _ candidates: [Candidate],
        comparer: Candidate? = nil
    ) {
        self.gateway = gateway
        self.setup = setup
        self.call = call
        self.candidates = candidates
        self.comparer = comparer
        meter = CallMeter(call.request, keepsTexts: (try? call.ready().keepsBodies) ?? false)
    }

    /// - Throws: `ActionFailure`, with what was used until then.
    func run(in context: ActionContext) async throws -> Answer {
        do {
            var ready = try call.ready()
            ready.traceparent = context.trace?.traceparent
            let route = try route(in: context, ready)
            if let slot = slot(in: context, route, ready) {
                try await answer(by: slot, in: context, route, ready)
            } else {
                try await pursue(route, ready)
            }
        } catch {
            let told = Self.told(error)
            let report = finished(told)
            if meter.hasBegun, call.request.isStreamed, told.code != .cancelled {
                try? await call.sink.write(DialectError(told, surface: call.request.surface).streamEvent)
            }
            throw ActionFailure(told, usage: report.usage, facts: facts(of: report))
        }
        let report = finished(nil)
        return Answer(
            ["status": report.status.map { JSON($0) } ?? .null], usage: report.usage, facts: facts(of: report),
            labels: meter.tally.sum.found.labels)
    }

    /// By what is kept for this request or one that is like it, else by a provider whose answer is kept.
    private func answer(
        by slot: AnswerCache.Slot, in context: ActionContext, _ route: Route, _ ready: ModelCall.Ready
    ) async throws {
        if let kept = slot.find() { return try await replay(kept, ready) }
        var passage = self
        passage.slot = slot
        if let rule = setup.settings.likeness, let likeness = try await likeness(in: context, route, ready) {
            if let (kept, cosine) = slot.find(like: likeness, atLeast: rule.least) {
                return try await replay(kept, ready, likeness: cosine)
            }
            passage.slot?.likeness = likeness
        }
        try await passage.pursue(route, ready)
    }

    private func finished(_ failure: GatehouseError?) -> ModelReport {
        var report = meter.report(failure: failure)
        if let ready = try? call.ready() { report.foundInRequest = ready.found }
        if let copy = meter.copy { call.keep(copy) }
        gateway.observe(report)
        call.observe?(report)
        return report
    }

    private func facts(of report: ModelReport) -> JSON { report.facts(prices: setup.settings.prices.version) }

    private static func told(_ error: any Error) -> GatehouseError {
        switch error {
        case let error as GatehouseError: error
        case is ClientGone, is CancellationError:
            GatehouseError("models", .cancelled, "the client went away before the answer was complete")
        default:
            GatehouseError(
                "models", .internal, "the call failed here", cause: String(describing: type(of: error)))
        }
    }

    // MARK: Candidates

    /// `untrusted` says who wrote a text and not what it holds: no clearance is needed for it, nor for what is taken
    /// out.
    private func route(in context: ActionContext, _ ready: ModelCall.Ready) throws(GatehouseError) -> Route {
        let now = ContinuousClock.now
        let request = RouteRequest(
            models: try able(ready).map(\.model),
            labels: context.labels.subtracting(gateway.privacy.concealed.union([.untrusted])),
            estimatedInput: call.request.countedBytes,
            greatestOutput: call.request.greatestOutput ?? ModelsTool.usualOutput, stickiness: context.session.id)
        guard !candidates.isEmpty else {
            throw GatehouseError(
                "models", .denied, "policy lets none of the model's providers take the request",
                hint: "name a model of another provider")
        }
        return try setup.router.route(request) { model in
            let limits = setup.router.providers[model.provider]?.limits ?? ProviderLimits()
            return gateway.health.state(of: model, limits, at: now)
        }
    }

    /// Those to whose API the request can be carried over.
    /// - Throws: `unsupported`, with what cannot be carried over to the first, when there are none.
    private func able(_ ready: ModelCall.Ready) throws(GatehouseError) -> [Candidate] {
        var able: [Candidate] = []
        var refusal: GatehouseError?
        for candidate in candidates {
            do {
                if candidate.mayRefuse { _ = try candidate.outgoing(call, ready) }
                able.append(candidate)
            } catch { refusal = refusal ?? error }
        }
        if able.isEmpty, let refusal { throw refusal }
        return able
    }

    private func pursue(_ route: Route, _ ready: ModelCall.Ready) async throws {
        let health = gateway.health
        health.requested()
        var failover = Failover(route)
        var step = failover.start()
        if let hedge = hedge(route) {
            let hedged = try await ask(failover.current, or: hedge.model, after: hedge.after, ready)
            step = tell(&failover, hedged.failure)
            // The other had its turn already.
            if let second = hedged.second, case .attempt(hedge.model, _) = step { step = tell(&failover, second) }
        }
        while case .attempt(let model, let delay) = step {
            if delay > .zero { try await Task.sleep(for: delay) }
            do {
                try await attempt(model, ready, meter)
                step = tell(&failover, nil)
            } catch let failure as UpstreamFailure {
                step = tell(&failover, failure)
            }
        }
        switch step {
        case .giveUp(let error), .breakOff(let error): throw error
        case .attempt, .answer, .done: return
        }
    }

    /// - Parameter failure: nil where the attempt was completed.
    private func tell(_ failover: inout Failover, _ failure: UpstreamFailure?) -> Failover.Action {
        guard let failure else { return failover.handle(.completed) { false } }
        if meter.hasBegun { _ = failover.handle(.firstByteSent) { false } }
        return failover.handle(.failed(failure), mayRetry: gateway.health.mayRetry)
    }

    /// - Parameter entry: nil where no other attempt is under way.
    func attempt(
        _ model: ModelName, _ ready: ModelCall.Ready, _ meter: CallMeter, _ entry: HedgeRace.Entry? = nil
    ) async throws {
        let health = gateway.health
        guard let candidate = candidate(model),
            let upstream = setup.upstreams[candidate.provider.id]
        else { throw GatehouseError("models", .internal, "\(model) was routed to and is no candidate") }
        let request = try candidate.outgoing(call, ready)
        guard health.begin(model, candidate.provider.limits, at: .now) else {
            throw UpstreamFailure.status(503, retryAfter: nil)
        }
        let (begun, counted) = (ContinuousClock.now, meter.tally.sum.bytes)
        meter.begin(model, requestBytes: call.request.countedBytes)
        let relay = relay(candidate, ready, meter, entry)
        defer {
            meter.endAttempt(
                price: setup.settings.prices.price(of: model) ?? .free, alreadyCounted: counted,
                isLost: entry?.isLost ?? false)
        }
        do {
            let firstByte = try await upstream.call(request) { answer in
                let waited = ContinuousClock.now - begun
                try await relay.relay(answer)
                return waited
            }
            health.ended(model, .answered(firstByte: firstByte), at: .now)
        } catch {
            let failure = error as? UpstreamFailure
            health.ended(model, failure.map { .failed($0) } ?? .withdrawn, at: .now)
            throw error
        }
    }

    func candidate(_ model: ModelName) -> Candidate? { candidates.first { $0.model == model } }

    func relay(
        _ candidate: Candidate, _ ready: ModelCall.Ready, _ meter: CallMeter, _ entry: HedgeRace.Entry?
    ) -> AnswerRelay {
        AnswerRelay(
            call: call, candidate: candidate, meter: meter, vault: ready.vault, privacy: gateway.privacy, entry: entry,
            slot: slot, created: Int(gateway.clock.now().seconds))
    }
}

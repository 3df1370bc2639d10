import Core
import Dialects

extension ModelPassage {
    /// What came of asking two.
    struct Hedged: Sendable {
        /// Nil where one answered.
        var failure: UpstreamFailure?
        /// Of the other, where both were asked and both failed.
        var second: UpstreamFailure?
    }

    /// The model that would be asked beside the first, and when: of another provider, and as cleared as the first.
    func hedge(_ route: Route) -> (model: ModelName, after: Duration)? {
        guard route.candidates.count > 1, let after = setup.settings.hedge.delay(for: call.request.model),
            let other = route.candidates.first(where: { $0.provider != route.candidates[0].provider })
        else { return nil }
        return (other, after)
    }

    /// Asks the first, and the other as well when nothing came in time. Whichever has something for the client first
    /// answers; the other is cancelled and paid for.
    /// - Throws: what is no failure of a provider.
    func ask(
        _ first: ModelName, or other: ModelName, after delay: Duration, _ ready: ModelCall.Ready
    ) async throws -> Hedged {
        let race = HedgeRace()
        let beside = meter.beside()
        let health = gateway.health
        let ends = await race.run(after: delay, mayRetry: health.mayRetry) { entry in
            try await attempt(first, ready, meter, entry)
        } _: { entry in
            try await attempt(other, ready, beside, entry)
        }
        if race.isHedged {
            meter.absorb(beside, asked: race.winner == .second ? first : other, isAnswer: race.winner == .second)
        }
        guard let error = race.winner == .second ? ends.second : ends.first else { return Hedged() }
        guard let failure = error as? UpstreamFailure else { throw error }
        guard race.winner == nil, race.isHedged else { return Hedged(failure: failure) }
        return Hedged(failure: failure, second: ends.second as? UpstreamFailure)
    }
}

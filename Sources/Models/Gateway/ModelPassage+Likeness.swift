import Core
import Dialects
import Gate

extension ModelPassage {
    /// Longer is not waited for a comparison: the question is asked then.
    private static let patience = Duration.seconds(3)

    /// What the question is like, told by the model that is configured for it. Nil where there is none, where it may not
    /// have the question, and where it does not answer in time: comparing is no reason to fail.
    func likeness(in context: ActionContext, _ route: Route, _ ready: ModelCall.Ready) async throws -> Likeness? {
        guard let comparer, let question = Question(call.request, ready),
            let body = try? call.request.rewritten(texts: [(question.position, question.numbers)]),
            mayCompare(comparer, in: context),
            let vector = try await vector(of: question, by: comparer, ready)
        else { return nil }
        let family = AnswerCache.Key(
            context, call.request.surface, [comparer.model] + route.candidates, headers: ready.headers, body: body)
        return Likeness(family: family, vector: vector)
    }

    private func mayCompare(_ comparer: Candidate, in context: ActionContext) -> Bool {
        let labels = context.labels.subtracting(gateway.privacy.concealed.union([.untrusted]))
        return comparer.provider.clearance.missing(of: labels).isEmpty
    }

    private func vector(
        of question: Question, by comparer: Candidate, _ ready: ModelCall.Ready
    ) async throws -> [Float]? {
        let (model, health) = (comparer.model, gateway.health)
        guard let upstream = setup.upstreams[comparer.provider.id],
            health.begin(model, comparer.provider.limits, at: .now)
        else { return nil }
        let request = UpstreamRequest(
            address: comparer.address, headers: [("content-type", "application/json")],
            body: EmbeddingAnswer.request(question.text, model: model.model), traceparent: ready.traceparent)
        let begun = ContinuousClock.now
        do {
            let body = try await upstream.call(request, within: Self.patience) { answer in
                (200...299).contains(answer.status)
                    ? try await answer.body.collected(upTo: EmbeddingAnswer.greatest) : []
            }
            health.ended(model, .answered(firstByte: .now - begun), at: .now)
            let answer = EmbeddingAnswer.read(body)
            let told = answer?.usage ?? TokenUsage()
            meter.compared(by: model, told, price: setup.settings.prices.price(of: model) ?? .free)
            return answer?.vector
        } catch {
            let failure = error as? UpstreamFailure
            health.ended(model, failure.map { .failed($0) } ?? .withdrawn, at: .now)
            try Task.checkCancellation()
            return nil
        }
    }
}

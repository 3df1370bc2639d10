import Dialects
import Gate

extension ModelPassage {
    /// Where the answer would be kept; nil where it is not to be kept: without a time for it, for streams, for answers that
    /// depend on what the provider has stored, and where the client wants none that is old.
    func slot(in context: ActionContext, _ route: Route, _ ready: ModelCall.Ready) -> AnswerCache.Slot? {
        guard let time = setup.settings.cacheTime, Self.isKept(call.request), !call.wantsNew,
            let body = try? call.request.rewritten(texts: ready.texts)
        else { return nil }
        let key = AnswerCache.Key(
            context, call.request.surface, route.candidates, headers: ready.headers, body: body)
        return AnswerCache.Slot(cache: gateway.cache, key: key, time: time)
    }

    private static func isKept(_ request: ModelRequest) -> Bool {
        switch request.surface {
        case .openAIChat, .openAIResponses, .openAIEmbeddings, .anthropicMessages:
            !request.isStreamed && !request.passedOver.contains { $0.content == .reference }
        case .openAITranscriptions, .anthropicCountTokens: false
        }
    }

    /// Gives an answer that is kept, inspected as if it came just now.
    /// - Parameter likeness: of the question that it was given to; nil where that was the same.
    func replay(_ kept: AnswerCache.Kept, _ ready: ModelCall.Ready, likeness: Float? = nil) async throws {
        guard let candidate = candidate(kept.model) else { return }
        meter.replays(kept.model, likeness: likeness)
        try await relay(candidate, ready, meter, nil).give(kept.body, kept.head)
    }
}

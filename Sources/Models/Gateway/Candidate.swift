import Core
import Dialects

/// A model that could take a request, and how it would be asked.
struct Candidate: Sendable {
    let model: ModelName
    let provider: Provider
    /// Of the provider.
    let surface: Surface
    let address: String
    /// Nil where the client speaks the provider's dialect.
    let direction: DialectConversion.Direction?

    /// Nil where the provider has nothing that would serve the surface.
    init?(_ model: ModelName, of provider: Provider, for surface: Surface) {
        let way: (Surface, DialectConversion.Direction?) =
            switch (surface, provider.dialect) {
            case (.openAIChat, .anthropic): (.anthropicMessages, .chatToMessages)
            case (.anthropicMessages, .openAI): (.openAIChat, .messagesToChat)
            default: (surface, nil)
            }
        guard let address = provider.address(of: way.0) else { return nil }
        self.model = model
        self.provider = provider
        self.surface = way.0
        self.address = address
        direction = way.1
    }

    /// Whether there are requests that it cannot be asked with.
    var mayRefuse: Bool { direction != nil || model.effort != nil }

    /// The request as the provider takes it.
    /// - Throws: `unsupported` for what cannot be carried over to its dialect, `denied` where a signed text would change.
    func outgoing(_ call: ModelCall, _ ready: ModelCall.Ready) throws(GatehouseError) -> UpstreamRequest {
        var body = try call.request.rewritten(model: model.model, texts: ready.texts, asksUsage: true)
        var headers = ready.headers
        if let direction {
            body = try DialectConversion(direction).request(body)
            headers.removeAll { $0.name.lowercased().hasPrefix("anthropic-") || $0.name.lowercased() == "openai-beta" }
        }
        if provider.dialect == .anthropic, !headers.contains(where: { $0.name.lowercased() == "anthropic-version" }) {
            headers.append(("anthropic-version", "2023-06-01"))
        }
        headers.removeAll { $0.name.lowercased() == "content-type" }
        headers.append(("content-type", call.request.contentType))
        return UpstreamRequest(
            address: address, headers: headers,
            body: try EffortWriting.written(body, for: model, on: surface, provider.dialect),
            traceparent: ready.traceparent)
    }
}

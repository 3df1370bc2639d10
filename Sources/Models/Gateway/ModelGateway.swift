public import Core
public import Dialects
public import Gate

/// Everything that calls to models share: providers and how they do, prices, privacy. The gate knows it as the tool
/// ``ModelsTool``.
public final class ModelGateway: Sendable {
    public let settings: ModelsSettings
    public let privacy: ModelPrivacy
    let router: Router
    let health = ModelHealth()
    let upstreams: [String: Upstream]
    let clock: any WallClock
    let observe: @Sendable (ModelReport) -> Void

    /// - Parameter observe: told of each call when it has ended, for figures.
    public init(
        _ settings: ModelsSettings, privacy: ModelPrivacy, clock: any WallClock = SystemWallClock(),
        observe: @escaping @Sendable (ModelReport) -> Void = { _ in }
    ) {
        self.settings = settings
        self.privacy = privacy
        self.clock = clock
        self.observe = observe
        router = Router(providers: settings.providers, prices: settings.prices, strategy: settings.strategy)
        upstreams = router.providers.mapValues { Upstream(provider: $0, clock: clock) }
    }

    public var tool: any Tool { ModelsTool(gateway: self) }

    /// Closes all connections. It must be called before the last reference goes.
    public func shutdown() async {
        for upstream in upstreams.values { try? await upstream.shutdown() }
    }

    /// Reads a client's request; what comes of it is submitted to the gate with ``ModelCall/action``.
    /// - Throws: `invalid`, `too_large` or `unsupported`, naming what cannot be read or inspected.
    public func call(
        _ body: [UInt8], on surface: Surface, headers: [(name: String, value: String)], answeringTo sink: any AnswerSink
    ) throws(GatehouseError) -> ModelCall {
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value
        let request = try ModelRequest(body, surface: surface, contentType: type ?? "application/json")
        return ModelCall(request, headers: headers, sink: sink, privacy: privacy)
    }

    /// What clients may write as a model's name, in alphabetical order: groups, and models with a price.
    public var modelNames: [String] {
        let priced = settings.prices.prices.keys.filter { upstreams[$0.provider] != nil }.map(\.description)
        return Set(priced).union(settings.aliases.groups.keys).sorted()
    }

    // MARK: Names

    /// The models that a client's word stands for, with how each would be asked.
    /// - Throws: `not_found` where there is none, `unsupported` where none serves the surface.
    func candidates(_ word: String, for surface: Surface) throws(GatehouseError) -> [Candidate] {
        guard !upstreams.isEmpty else {
            throw GatehouseError(
                "models", .notFound, "no provider of models is configured",
                hint: "name one, with its key, under models.providers in the configuration")
        }
        let models = try models(word, surface)
        let known = models.compactMap { model in router.providers[model.provider].map { (model, $0) } }
        guard let first = known.first else {
            throw GatehouseError(
                "models", .notFound, "there is no provider \"\(models.first?.provider ?? "")\"",
                hint: "providers here: \(upstreams.keys.sorted().prefix(12).joined(separator: ", "))")
        }
        let candidates = known.compactMap { Candidate($0.0, of: $0.1, for: surface) }
        guard !candidates.isEmpty else {
            throw GatehouseError(
                "models", .unsupported, "\(first.1.id) has nothing that answers \(surface.rawValue)",
                hint: "name a model whose provider speaks the same API")
        }
        return candidates
    }

    /// A word without a provider, as programs write it that know one vendor only, means the provider whose API is spoken.
    private func models(_ word: String, _ surface: Surface) throws(GatehouseError) -> [ModelName] {
        if settings.aliases.groups[word] == nil, !word.contains("/"), let home = home(of: surface),
            let model = try? ModelName("\(home)/\(word)"), settings.aliases.groups[model.model] == nil
        {
            return [model]
        }
        return try settings.aliases.models(for: word)
    }

    private func home(of surface: Surface) -> String? {
        let isAnthropic = surface == .anthropicMessages || surface == .anthropicCountTokens
        let dialect: Dialect = isAnthropic ? .anthropic : .openAI
        if upstreams[dialect.rawValue] != nil { return dialect.rawValue }
        let speakers = router.providers.values.filter { $0.dialect == dialect }
        return speakers.count == 1 ? speakers[0].id : nil
    }
}

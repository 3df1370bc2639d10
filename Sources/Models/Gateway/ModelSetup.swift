import Core
import Dialects

/// What the configuration says of models, made ready: names, routes, prices, and a client for each provider.
struct ModelSetup: Sendable {
    let settings: ModelsSettings
    let router: Router
    let upstreams: [String: Upstream]

    /// - Parameter old: clients that are taken over where their provider is the same.
    init(_ settings: ModelsSettings, clock: any WallClock, keeping old: [String: Upstream] = [:]) {
        self.settings = settings
        router = Router(providers: settings.providers, prices: settings.prices, strategy: settings.strategy)
        upstreams = router.providers.mapValues { provider in
            if let same = old[provider.id], same.provider == provider { return same }
            return Upstream(provider: provider, clock: clock)
        }
    }

    /// That tells which questions are alike, where one is configured.
    var comparer: Candidate? {
        guard settings.cacheTime != nil, let model = settings.likeness?.model,
            let provider = router.providers[model.provider]
        else { return nil }
        return Candidate(model, of: provider, for: .openAIEmbeddings)
    }

    /// What clients may write as a model's name, in alphabetical order: groups, councils, and models with a price.
    var modelNames: [String] {
        let priced = settings.prices.prices.keys.filter { upstreams[$0.provider] != nil }.map(\.description)
        let councils = settings.councils.keys.map { CouncilRule.prefix + $0 }
        return Set(priced).union(settings.aliases.groups.keys).union(councils).sorted()
    }

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
            if let council = CouncilRule.name(in: word) {
                throw GatehouseError(
                    "models", .unsupported, "a council such as \(council.prefix(64)) is no single model",
                    hint: "ask it by /v1/chat/completions or /v1/councils")
            }
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

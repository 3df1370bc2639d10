public import Core

/// What routing needs to know of a request.
public struct RouteRequest: Sendable {
    /// What the client's word stands for, in order: see ``ModelAliases/models(for:)``.
    public var models: [ModelName]
    /// What the request was found to hold.
    public var labels: Set<Label>
    public var estimatedInput: Int
    public var greatestOutput: Int
    /// Calls of one conversation go where their prompt is cached.
    public var stickiness: String?

    public init(
        models: [ModelName], labels: Set<Label> = [], estimatedInput: Int = 0, greatestOutput: Int = 0,
        stickiness: String? = nil
    ) {
        self.models = models
        self.labels = labels
        self.estimatedInput = estimatedInput
        self.greatestOutput = greatestOutput
        self.stickiness = stickiness
    }
}

/// How a model does at the moment.
public struct ModelState: Sendable, Hashable {
    /// What its breaker asks to wait; nil when it may be called.
    public var wait: Duration?
    /// Whether its provider has calls left: under way at once, and in the minute.
    public var hasRoom: Bool
    public var latency: Latency

    public init(wait: Duration? = nil, hasRoom: Bool = true, latency: Latency = Latency()) {
        self.wait = wait
        self.hasRoom = hasRoom
        self.latency = latency
    }
}

/// The exponentially weighted mean of the time to the first byte: each measurement counts an eighth.
public struct Latency: Sendable, Hashable {
    /// Nil before the first measurement: such a model goes first, so that it is measured.
    public private(set) var microseconds: Int64?

    public init() {}

    public mutating func measured(_ time: Duration) {
        let new = max(0, time.microseconds)
        microseconds = microseconds.map { $0 + (new - $0) / 8 } ?? new
    }
}

public enum RoutingStrategy: String, Sendable, Hashable, CaseIterable {
    /// As the group is written.
    case order
    /// The least estimated cost first; models without a price last.
    case cost
    /// The least mean time to the first byte first.
    case latency
    /// By rendezvous hashing of the conversation; as written where there is none.
    case sticky
}

/// Why a model is no candidate.
public enum LeftOut: Sendable, Hashable, CustomStringConvertible {
    case unknownProvider
    case notCleared([Label])
    case noRoom
    case breaker(Duration)

    public var description: String {
        switch self {
        case .unknownProvider: "its provider is not configured"
        case .notCleared(let labels): "not cleared for \(labels.map(\.rawValue).joined(separator: ", "))"
        case .noRoom: "its provider's limit of calls is reached"
        case .breaker(let wait): "failing, tried again in \(max(1, wait.microseconds / 1_000_000)) s"
        }
    }

    /// Until it is asked again, where that is known.
    var wait: Duration? { if case .breaker(let wait) = self { wait } else { nil } }

    var isPassing: Bool {
        switch self {
        case .noRoom, .breaker: true
        case .unknownProvider, .notCleared: false
        }
    }
}

public struct Route: Sendable, Hashable {
    /// In the order to try; never empty.
    public let candidates: [ModelName]
    public let leftOut: [ModelName: LeftOut]
}

/// Decides which models may take a request, and in which order. No state of its own.
public struct Router: Sendable {
    public let providers: [String: Provider]
    public let prices: PriceTable
    public let strategy: RoutingStrategy

    public init(providers: [Provider], prices: PriceTable, strategy: RoutingStrategy = .order) {
        self.providers = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        self.prices = prices
        self.strategy = strategy
    }

    /// - Parameter state: of a model, asked for once each.
    /// - Throws: `not_found` for unknown providers only, `denied` when none that is cleared may take it, `unavailable`
    ///   when those that are cleared are busy or failing; with the reason of each.
    public func route(_ request: RouteRequest, state: (ModelName) -> ModelState) throws(GatehouseError) -> Route {
        var leftOut: [ModelName: LeftOut] = [:]
        var states: [ModelName: ModelState] = [:]
        var candidates: [ModelName] = []
        var seen = Set<ModelName>()
        for model in request.models where seen.insert(model).inserted {
            let state = state(model)
            states[model] = state
            if let reason = reason(against: model, request, state) {
                leftOut[model] = reason
            } else {
                candidates.append(model)
            }
        }
        guard !candidates.isEmpty else { throw refusal(request.models, leftOut) }
        return Route(candidates: ordered(candidates, request, states), leftOut: leftOut)
    }

    private func reason(against model: ModelName, _ request: RouteRequest, _ state: ModelState) -> LeftOut? {
        guard let provider = providers[model.provider] else { return .unknownProvider }
        let missing = provider.clearance.missing(of: request.labels)
        if !missing.isEmpty { return .notCleared(missing) }
        if let wait = state.wait { return .breaker(wait) }
        return state.hasRoom ? nil : .noRoom
    }

    private func refusal(_ models: [ModelName], _ leftOut: [ModelName: LeftOut]) -> GatehouseError {
        let reasons = models.prefix(8).compactMap { model in leftOut[model].map { "\(model): \($0)" } }
        let cause = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
        if leftOut.values.contains(where: \.isPassing) {
            return GatehouseError(
                "models", .unavailable, "no model can take the request now", cause: cause, hint: "try again later",
                retryAfter: leftOut.values.compactMap(\.wait).min())
        }
        if leftOut.values.allSatisfy({ $0 == .unknownProvider }) {
            return GatehouseError(
                "models", .notFound, "there is no such model", cause: cause,
                hint: "providers here: \(providers.keys.sorted().prefix(12).joined(separator: ", "))")
        }
        return GatehouseError(
            "models", .denied, "no cleared provider may take the request", cause: cause,
            hint: "leave out what is labelled, or name a model whose provider is cleared for it")
    }

    // MARK: Order

    private func ordered(_ models: [ModelName], _ request: RouteRequest, _ states: [ModelName: ModelState])
        -> [ModelName]
    {
        switch strategy {
        case .order: models
        case .cost: sorted(models) { cost(of: $0, request) }
        case .latency: sorted(models) { states[$0]?.latency.microseconds ?? -1 }
        case .sticky:
            request.stickiness.map { key in sorted(models) { Rendezvous.weight(key, $0.description) } } ?? models
        }
    }

    private func cost(of model: ModelName, _ request: RouteRequest) -> Int64 {
        guard let price = prices.price(of: model) else { return .max }
        return Cost.estimate(bytes: request.estimatedInput, greatestOutput: request.greatestOutput, price: price).money
    }

    /// Stable: equals stay in the group's order.
    private func sorted<Weight: Comparable>(_ models: [ModelName], by weight: (ModelName) -> Weight) -> [ModelName] {
        models.enumerated().map { (weight($1), $0, $1) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }
}

/// Rendezvous hashing: a key keeps its first choice as long as that one is there, whoever else comes or goes.
enum Rendezvous {
    /// FNV-1a, mixed at the end as SplitMix64 does; the same on every machine and in every run.
    static func weight(_ key: String, _ candidate: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = hash &* 0x100_0000_01b3
        for byte in candidate.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }
}

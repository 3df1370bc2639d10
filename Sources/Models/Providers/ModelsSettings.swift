public import Config
import Core
import Dialects
import JSON

/// The section `models` of the configuration: providers, groups of models, prices.
public struct ModelsSettings: Sendable, Hashable {
    public var providers: [Provider] = []
    public var aliases = ModelAliases()
    public var strategy = RoutingStrategy.order
    public var prices = PriceTable.builtIn
    public var councils: [String: CouncilRule] = [:]
    public var hedge = HedgeRule()
    /// How long answers are kept for who asks the same again; nil keeps none.
    public var cacheTime: Duration?
    /// How alike questions have to be for one's answer to be given to the other; nil for the same words only.
    public var likeness: LikenessRule?

    public init() {}

    /// - Parameter root: of a file that was read with ``field`` among its sections.
    /// - Throws: `invalid`, with the place.
    public init(_ root: ConfigNode) throws {
        let node = try root.object("models")
        providers = try node.map("providers").map { try Self.provider($0.key, $0.node) }
        var groups: [String: [ModelName]] = [:]
        for (name, list) in node.map("aliases") { groups[name] = try Self.models(list) }
        aliases = ModelAliases(groups)
        strategy = try node.choice("strategy")
        cacheTime = try node["cache"]?.optionalDuration("ttl")
        likeness = try node["cache"]?["similar"].map { try Self.likeness($0, among: providers) }
        if let node = node["hedge"] { hedge = try Self.hedge(node, aliases) }
        for (name, council) in node.map("councils") { councils[name] = try Self.council(council) }
        var prices: [ModelName: Price] = [:]
        for (name, price) in node.map("prices") { prices[try Self.model(name, price)] = try Self.price(price) }
        self.prices = PriceTable.builtIn.overridden(by: prices, fallback: try node["fallback_price"].map(Self.price))
    }

    // MARK: Models and prices

    private static func models(_ list: ConfigNode) throws -> [ModelName] {
        guard !list.elements.isEmpty else { throw list.error("a group needs a model") }
        return try list.elements.map { try model($0.string ?? "", $0) }
    }

    private static func model(_ text: String, _ node: ConfigNode) throws -> ModelName {
        do { return try ModelName(text) } catch { throw node.error(error.message, hint: error.hint) }
    }

    private static func price(_ node: ConfigNode) throws -> Price {
        func micros(_ key: String) throws -> Int64? {
            guard let money = try node.optionalMoney(key) else { return nil }
            guard money.currency == "USD" else {
                throw (node[key] ?? node).error("prices are in US dollars", hint: "write for example 1.25 USD")
            }
            return money.micros
        }
        return Price(
            input: try micros("input") ?? 0, output: try micros("output") ?? 0, cachedInput: try micros("cached_input"),
            cacheWrite: try micros("cache_write"))
    }

    // MARK: Likeness, hedging and councils

    private static func likeness(_ node: ConfigNode, among providers: [Provider]) throws -> LikenessRule {
        let model = try model(try node.string("model"), node["model"] ?? node)
        guard let provider = providers.first(where: { $0.id == model.provider }) else {
            throw (node["model"] ?? node).error(
                "there is no provider \"\(model.provider)\"", hint: "name a model of one of models.providers")
        }
        guard Candidate(model, of: provider, for: .openAIEmbeddings) != nil else {
            throw (node["model"] ?? node).error(
                "\(provider.id) has no embeddings", hint: "name a model of a provider that speaks OpenAI's API")
        }
        return LikenessRule(model: model, leastPercent: try node.int("percent"))
    }

    private static func hedge(_ node: ConfigNode, _ aliases: ModelAliases) throws -> HedgeRule {
        var rule = HedgeRule(after: try node.optionalDuration("after"))
        for (name, delay) in node.map("groups") {
            guard aliases.groups[name] != nil else {
                throw delay.error("there is no group \"\(name)\"", hint: "name one of models.aliases")
            }
            rule.groups[name] = delay.duration
        }
        return rule
    }

    private static func council(_ node: ConfigNode) throws -> CouncilRule {
        let models = try node.strings("models")
        guard CouncilRule.size.contains(models.count) else {
            throw (node["models"] ?? node).error(
                "a council has \(CouncilRule.size.lowerBound) to \(CouncilRule.size.upperBound) models")
        }
        let on = try node.optionalString("on")
        let pointer = on.flatMap(JSONPointer.init)
        guard on == nil || pointer != nil else {
            throw (node["on"] ?? node).error("this is no JSON Pointer", hint: "write for example /verdict")
        }
        let quorum = try node.int("quorum")
        guard quorum <= models.count else {
            throw (node["quorum"] ?? node).error("the quorum is greater than the council")
        }
        return CouncilRule(models: models, on: pointer, quorum: quorum)
    }

    // MARK: Providers

    private static func provider(_ id: String, _ node: ConfigNode) throws -> Provider {
        guard "\(id)/" != CouncilRule.prefix else {
            throw node.error("\"\(id)\" is the word for councils", hint: "give the provider another id, and its kind")
        }
        let kind = try kind(id, node)
        let region = try node.optionalString("region")
        guard let url = try node.optionalString("url") ?? kind.baseURL(region: region) else {
            throw node.error(
                kind == .bedrock ? "a region is needed" : "an address is needed",
                hint: kind == .bedrock ? "set region" : "set url, as far as before /chat/completions")
        }
        let labels = try node["clearance"].map { _ in Set(try node.strings("clearance").map { Label($0) }) }
        return Provider(
            id: id, baseURL: url.last == "/" ? String(url.dropLast()) : url, dialect: kind.dialect,
            auth: try auth(kind, region, node), clearance: labels.map(Clearance.init) ?? .standard,
            limits: ProviderLimits(concurrent: try node.int("concurrent"), perMinute: try node.int("per_minute")),
            timeouts: ProviderTimeouts(
                connect: try node.duration("connect_timeout"), firstByte: try node.duration("first_byte_timeout"),
                idle: try node.duration("idle_timeout"), whole: try node.duration("timeout")))
    }

    /// What it is called, where nothing else is said.
    private static func kind(_ id: String, _ node: ConfigNode) throws -> ProviderKind {
        if let text = try node.optionalString("kind"), let kind = ProviderKind(rawValue: text) { return kind }
        if let kind = ProviderKind(rawValue: id) { return kind }
        throw node.error(
            "\"\(id)\" is no provider that is known by its name", hint: "set kind: openai-compatible, and url")
    }

    private static func auth(_ kind: ProviderKind, _ region: String?, _ node: ConfigNode) throws -> ProviderAuth {
        if let accessKey = try node.optionalString("access_key") {
            guard let secretKey = try node.optionalSecret("secret_key"), let region, kind == .bedrock else {
                throw node.error("access_key is for bedrock, with secret_key and region")
            }
            let token = try node.optionalSecret("session_token")
            let credentials = SigV4.Credentials(accessKey: accessKey, secretKey: secretKey, sessionToken: token)
            return .sigV4(credentials, region: region, service: "bedrock")
        }
        guard let key = try node.optionalSecret("key"), !key.isEmpty else {
            if kind.needsKey { throw node.error("a key is needed", hint: "set key: ${NAME_OF_A_VARIABLE}") }
            return .none
        }
        return kind.keyHeader.map { .header($0, key) } ?? .bearer(key)
    }
}

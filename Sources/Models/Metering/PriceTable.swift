public import Core
public import Dialects

/// What a million tokens cost, in millionths of a US dollar: 1.25 USD is 1_250_000.
public struct Price: Sendable, Hashable {
    public let input: Int64
    public let output: Int64
    /// Input that was read from the provider's cache.
    public let cachedInput: Int64
    /// Input that was written to it.
    public let cacheWrite: Int64

    /// Where there is no price for the cache, its tokens cost what input costs.
    public init(input: Int64, output: Int64, cachedInput: Int64? = nil, cacheWrite: Int64? = nil) {
        self.input = max(0, input)
        self.output = max(0, output)
        self.cachedInput = max(0, cachedInput ?? input)
        self.cacheWrite = max(0, cacheWrite ?? input)
    }

    public static let free = Price(input: 0, output: 0)

    /// Rounded up to the next millionth of a dollar, once for the whole; saturating.
    public func cost(of usage: TokenUsage) -> Int64 {
        let cached = min(usage.cachedInput, usage.input)
        let written = min(usage.cacheWrites, usage.input - cached)
        let parts = [
            (usage.input - cached - written, input), (cached, cachedInput), (written, cacheWrite),
            (usage.output, output),
        ]
        let total = parts.reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) }
        return Int64(clamping: (total + 999_999) / 1_000_000)
    }

    /// The dearest way that the tokens can be billed.
    var greatestInput: Int64 { max(input, cachedInput, cacheWrite) }
}

/// Prices by model, with what holds for models that are not in it.
public struct PriceTable: Sendable, Hashable {
    /// Goes into the record with each cost, so that a sum can be worked out again.
    public let version: String
    public let prices: [ModelName: Price]
    /// Of models without a price. Without it they are refused to callers who have a budget of money.
    public let fallback: Price?

    public init(version: String, prices: [ModelName: Price], fallback: Price? = nil) {
        self.version = version
        self.prices = Dictionary(prices.map { ($0.key.base, $0.value) }) { first, _ in first }
        self.fallback = fallback
    }

    /// The table with other prices put over its own.
    public func overridden(by own: [ModelName: Price], fallback: Price?) -> PriceTable {
        if own.isEmpty && fallback == nil { return self }
        return PriceTable(
            version: "\(version)+config", prices: prices.merging(own) { _, new in new }, fallback: fallback)
    }

    /// A release that is named by its date (`-20251101`, `-2026-03-05`) costs what the model costs, where it has no price
    /// of its own.
    public func price(of model: ModelName) -> Price? {
        let base = model.base
        return prices[base] ?? base.withoutDate.flatMap { prices[$0] } ?? fallback
    }

    /// - Throws: `denied` for a caller with a budget and a model without a price.
    public func price(of model: ModelName, isBudgeted: Bool) throws(GatehouseError) -> Price {
        if let price = price(of: model) { return price }
        if !isBudgeted { return .free }
        throw GatehouseError(
            "models", .denied, "\(model.base) has no price, and the caller has a budget of money",
            hint: "set its price, or fallback_price, in the section models")
    }
}

extension ModelName {
    /// Nil for a name that does not end in a date.
    fileprivate var withoutDate: ModelName? {
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        for lengths in [[8], [4, 2, 2]] where parts.count > lengths.count {
            let date = parts.suffix(lengths.count)
            let isDate = zip(date, lengths).allSatisfy { part, length in
                part.utf8.count == length && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            }
            if isDate {
                return ModelName(provider: provider, model: parts.dropLast(lengths.count).joined(separator: "-"))
            }
        }
        return nil
    }
}

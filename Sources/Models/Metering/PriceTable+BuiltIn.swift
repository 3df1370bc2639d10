extension PriceTable {
    /// List prices for standard calls. Batches, long contexts and regions cost otherwise: override them by
    /// configuration.
    ///
    /// Anthropic (cache writes of 5 minutes): platform.claude.com/docs/en/about-claude/pricing, read 2026-11-21.
    public static let builtIn = PriceTable(
        version: "2026-11-21",
        prices: [
            ModelName(provider: "anthropic", model: "claude-opus-4-5"): opus,
            ModelName(provider: "anthropic", model: "claude-opus-4-6"): opus,
            ModelName(provider: "anthropic", model: "claude-opus-4-7"): opus,
            ModelName(provider: "anthropic", model: "claude-opus-4-8"): opus,
            ModelName(provider: "anthropic", model: "claude-opus-5"): opus,
        ])

    private static let opus = Price(
        input: 5_000_000, output: 25_000_000, cachedInput: 500_000, cacheWrite: 6_250_000)
}

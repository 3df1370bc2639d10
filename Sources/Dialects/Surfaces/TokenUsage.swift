/// What a provider says a call used, in tokens; never negative. Its word is not proof: it is held to ``greatest``.
public struct TokenUsage: Sendable, Hashable {
    public static let greatest = 1 << 40

    /// All of the input, whether read from a cache, written to one, or neither.
    public var input: Int
    /// All of the output, reasoning included.
    public var output: Int
    /// The part of `input` that was read from the provider's prompt cache.
    public var cachedInput: Int
    /// The part of `input` that was written to the provider's prompt cache.
    public var cacheWrites: Int
    /// The part of `output` that was spent on reasoning, where a provider tells it apart.
    public var reasoning: Int

    public init(input: Int = 0, output: Int = 0, cachedInput: Int = 0, cacheWrites: Int = 0, reasoning: Int = 0) {
        self.input = Self.bounded(input)
        self.output = Self.bounded(output)
        self.cachedInput = Self.bounded(cachedInput)
        self.cacheWrites = Self.bounded(cacheWrites)
        self.reasoning = Self.bounded(reasoning)
    }

    private static func bounded(_ count: Int) -> Int { min(max(count, 0), greatest) }
}

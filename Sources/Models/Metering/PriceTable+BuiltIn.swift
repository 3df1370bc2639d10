extension PriceTable {
    /// List prices for standard calls. Batches, long contexts, tools and regions cost otherwise: override them by
    /// configuration.
    ///
    /// Source: the table of LiteLLM 1.106.2 (pypi.org/project/litellm), which follows the vendors' lists, read 2026-11-21;
    /// those of Opus also from platform.claude.com/docs/en/about-claude/pricing. Cache writes are of 5 minutes.
    public static let builtIn = PriceTable(version: "2026-11-21.2", rows: listed)

    /// Dollars for a million tokens: input, output, input from the cache, input written to it.
    private static let listed = """
        anthropic/claude-fable-5             10     50      1   12.5
        anthropic/claude-fable-5-1           10     50   0.25   12.5
        anthropic/claude-haiku-4-5            1      5    0.1   1.25
        anthropic/claude-haiku-5-5          0.1    0.5   0.01  0.125
        anthropic/claude-mythos-5            10     50      1   12.5
        anthropic/claude-mythos-5-1          10     50   0.25   12.5
        anthropic/claude-opus-4-5             5     25    0.5   6.25
        anthropic/claude-opus-4-6             5     25    0.5   6.25
        anthropic/claude-opus-4-7             5     25    0.5   6.25
        anthropic/claude-opus-4-8             5     25    0.5   6.25
        anthropic/claude-opus-5               5     25    0.5   6.25
        anthropic/claude-opus-5-5             4     20    0.2      5
        anthropic/claude-sonnet-4-5           3     15    0.3   3.75
        anthropic/claude-sonnet-4-6           3     15    0.3   3.75
        anthropic/claude-sonnet-5             2     10    0.2    2.5
        anthropic/claude-sonnet-5-5           2     10    0.1    2.5
        openai/gpt-4.1                        2      8    0.5
        openai/gpt-4.1-mini                 0.4    1.6    0.1
        openai/gpt-4o                       2.5     10   1.25
        openai/gpt-4o-mini                 0.15    0.6  0.075
        openai/gpt-4o-mini-transcribe      1.25      5
        openai/gpt-4o-transcribe            2.5     10
        openai/gpt-4o-transcribe-diarize    2.5     10
        openai/gpt-5                       1.25     10  0.125
        openai/gpt-5-mini                  0.25      2  0.025
        openai/gpt-5-nano                  0.05    0.4  0.005
        openai/gpt-5-pro                     15    120
        openai/gpt-5.1                     1.25     10  0.125
        openai/gpt-5.2                     1.75     14  0.175
        openai/gpt-5.2-pro                   21    168
        openai/gpt-5.3-codex               1.75     14  0.175
        openai/gpt-5.4                      2.5     15   0.25
        openai/gpt-5.4-mini                0.75    4.5  0.075
        openai/gpt-5.4-nano                 0.2   1.25   0.02
        openai/gpt-5.4-pro                   30    180
        openai/gpt-5.5                        5     30    0.5
        openai/gpt-5.5-pro                   30    180
        openai/gpt-5.6                        4     20    0.4      5
        openai/gpt-5.6-luna                 0.2    1.2   0.02   0.25
        openai/gpt-5.6-sol                    4     20    0.4      5
        openai/gpt-5.6-terra                  2     12    0.2    2.5
        openai/gpt-6-astra                   10     50      1   12.5
        openai/gpt-6-luna                   0.1    0.5   0.01  0.125
        openai/gpt-6-sol                      2     10    0.2    2.5
        openai/gpt-6.1-sol                    2     10    0.1    2.5
        openai/o3                             2      8    0.5
        openai/o3-pro                        20     80
        openai/text-embedding-3-large      0.13      0
        openai/text-embedding-3-small      0.02      0
        google/gemini-2.5-flash             0.3    2.5   0.03
        google/gemini-2.5-flash-lite        0.1    0.4   0.01
        google/gemini-2.5-pro              1.25     10  0.125
        google/gemini-3-flash-preview       0.5      3   0.05
        google/gemini-3.1-flash-lite       0.25    1.5  0.025
        google/gemini-3.1-pro-preview         2     12    0.2
        google/gemini-3.5-flash             1.5      9   0.15
        google/gemini-3.5-flash-lite        0.3    2.5   0.03
        google/gemini-3.5-transcribe          2     12
        google/gemini-3.6-flash            0.75   3.75  0.075
        google/gemini-3.7-flash            0.75   3.75  0.075
        google/gemini-3.8-flash            0.75   3.75  0.075
        google/gemini-4-argon                 2     10    0.1
        google/gemini-embedding-001        0.15      0
        google/gemini-embedding-2           0.2      0
        google/gemini-flash-latest         0.75   3.75  0.075
        google/gemini-flash-lite-latest     0.3    2.5   0.03
        google/gemini-pro-latest              2     12    0.2
        groq/openai/gpt-oss-120b           0.15    0.6  0.075
        groq/openai/gpt-oss-20b           0.075    0.3 0.0375
        groq/qwen/qwen3.8-27b               0.8      4
        cerebras/gemma-4-31b               0.99   1.49
        cerebras/gpt-oss-120b              0.35   0.75
        cerebras/llama-3.3-70b             0.85    1.2
        cerebras/llama3.1-70b               0.6    0.6
        cerebras/llama3.1-8b                0.1    0.1
        cerebras/qwen-3-32b                 0.4    0.8
        cerebras/qwen-3.8-27b              0.99   1.49
        """

    /// - Parameter rows: a line for each model: its name, then two to four prices.
    init(version: String, rows: String) {
        let prices = rows.split(separator: "\n").compactMap { row -> (ModelName, Price)? in
            let cells = row.split(separator: " ")
            guard let name = cells.first, let model = try? ModelName(String(name)), cells.count >= 3,
                let input = Self.millionths(cells[1]), let output = Self.millionths(cells[2])
            else { return nil }
            let cached = cells.dropFirst(3).first.flatMap(Self.millionths)
            let written = cells.dropFirst(4).first.flatMap(Self.millionths)
            return (model, Price(input: input, output: output, cachedInput: cached, cacheWrite: written))
        }
        self.init(version: version, prices: Dictionary(prices) { first, _ in first })
    }

    /// `0.075` is 75,000.
    private static func millionths(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
        let fraction = parts.count == 2 ? String(parts[1].prefix(6)) : ""
        guard let rest = Int64(fraction + String(repeating: "0", count: 6 - fraction.count)) else { return nil }
        return whole * 1_000_000 + rest
    }
}

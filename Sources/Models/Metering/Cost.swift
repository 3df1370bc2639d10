public import Dialects

/// What a call takes of budgets, in their units: the gate reserves an estimate and settles what was used.
public struct Cost: Sendable, Hashable {
    /// Millionths of a US dollar.
    public let money: Int64
    public let tokens: Int64

    public init(money: Int64, tokens: Int64) {
        self.money = money
        self.tokens = tokens
    }

    /// Before the call. A tokenizer never makes more tokens than a text has bytes, so the body's bytes bound the input.
    /// - Parameters:
    ///   - answers: how many are asked for; each may have the greatest output.
    ///   - greatestOutput: the request's own, else the model's.
    public static func estimate(bytes: Int, greatestOutput: Int, answers: Int = 1, price: Price) -> Cost {
        let input = Int128(bounded(bytes))
        let output = Int128(bounded(greatestOutput)) * Int128(min(max(1, answers), 1 << 20))
        let total = input * Int128(price.greatestInput) + output * Int128(price.output)
        return Cost(
            money: Int64(clamping: (total + 999_999) / 1_000_000), tokens: Int64(clamping: input + output))
    }

    /// After the call.
    public static func settle(_ usage: TokenUsage, price: Price) -> Cost {
        Cost(money: price.cost(of: usage), tokens: Int64(usage.input + usage.output))
    }

    /// After a call whose provider told no usage, or that was broken off: counted from bytes, four to a token, rounded
    /// up.
    public static func counted(requestBytes: Int, answerBytes: Int) -> TokenUsage {
        TokenUsage(input: (max(0, requestBytes) + 3) / 4, output: (max(0, answerBytes) + 3) / 4)
    }

    private static func bounded(_ count: Int) -> Int { min(max(0, count), TokenUsage.greatest) }
}

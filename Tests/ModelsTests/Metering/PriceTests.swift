import Core
import Dialects
import TestSupport
import Testing

@testable import Models

struct PriceTests {
    private let price = Price(input: 1_250_000, output: 10_000_000, cachedInput: 125_000, cacheWrite: 2_000_000)

    @Test func everyTokenIsBilledOnce() {
        let usage = TokenUsage(input: 1000, output: 100, cachedInput: 600, cacheWrites: 100)
        // 300 at 1.25, 600 at 0.125, 100 at 2, 100 at 10 millionths of a dollar.
        #expect(price.cost(of: usage) == 375 + 75 + 200 + 1000)
        #expect(Price(input: 1, output: 0).cost(of: TokenUsage(input: 1)) == 1)
        #expect(price.cost(of: TokenUsage()) == 0)
    }

    @Test func lyingUsageNeitherOverflowsNorGoesBelowNothing() {
        let lie = TokenUsage(input: 5, output: .max, cachedInput: .max, cacheWrites: .max)
        #expect(price.cost(of: lie) > 0)
        let dear = Price(input: .max, output: .max)
        #expect(dear.cost(of: TokenUsage(input: .max, output: .max)) == .max)
        #expect(Cost.estimate(bytes: .max, greatestOutput: .max, answers: .max, price: dear).money == .max)
    }

    @Test func estimatesBoundWhatIsSettled() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2000 {
            let bytes = Int.random(in: 0...100_000, using: &random)
            let output = Int.random(in: 0...10_000, using: &random)
            let estimate = Cost.estimate(bytes: bytes, greatestOutput: output, price: price)
            let usage = TokenUsage(
                input: Int.random(in: 0...bytes, using: &random), output: Int.random(in: 0...output, using: &random),
                cachedInput: Int.random(in: 0...bytes, using: &random), cacheWrites: .random(in: 0...bytes))
            let settled = Cost.settle(usage, price: price)
            #expect(settled.money <= estimate.money && settled.tokens <= estimate.tokens)
        }
    }

    @Test func unknownModels() throws {
        let model = ModelName(provider: "a", model: "b", effort: .high)
        let table = PriceTable(version: "1", prices: [:])
        #expect(try table.price(of: model, isBudgeted: false) == .free)
        #expect(throws: GatehouseError.self) { try table.price(of: model, isBudgeted: true) }
        #expect(try table.overridden(by: [:], fallback: price).price(of: model, isBudgeted: true) == price)
        let own = table.overridden(by: [model: price], fallback: nil)
        #expect(own.price(of: model.base) == price)
        #expect(own.version == "1+config")
    }

    @Test func theBuiltInTableIsReadWhole() {
        let table = PriceTable.builtIn
        #expect(table.prices.count == 77)
        #expect(table.prices.values.allSatisfy { $0.input > 0 && $0.cachedInput <= $0.input && $0.output >= 0 })
        func price(_ provider: String, _ model: String) -> Price? {
            table.price(of: ModelName(provider: provider, model: model))
        }
        #expect(
            price("anthropic", "claude-sonnet-4-6")
                == Price(input: 3_000_000, output: 15_000_000, cachedInput: 300_000, cacheWrite: 3_750_000))
        #expect(
            price("groq", "openai/gpt-oss-20b") == Price(input: 75_000, output: 300_000, cachedInput: 37_500))
        #expect(price("openai", "text-embedding-3-small") == Price(input: 20_000, output: 0))
    }

    @Test func aReleaseCostsWhatItsModelCosts() {
        let own = Price(input: 7, output: 7)
        let dated = ModelName(provider: "openai", model: "gpt-5.4-2026-09-01")
        let table = PriceTable.builtIn.overridden(by: [dated: own], fallback: nil)
        func price(_ model: String) -> Price? { table.price(of: ModelName(provider: "openai", model: model)) }
        #expect(price("gpt-5.4-2026-03-05") == price("gpt-5.4") && price("gpt-5.4") != nil)
        #expect(price("gpt-5.4-20260305") == price("gpt-5.4"))
        #expect(price("gpt-5.4-2026-09-01") == own)
        for other in ["gpt-5.4-2026", "gpt-5.4-2026-3-5", "gpt-5.4-latest", "-20260305", "20260305"] {
            #expect(price(other) == nil, "\(other)")
        }
    }
}

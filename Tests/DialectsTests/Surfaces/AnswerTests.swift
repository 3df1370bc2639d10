import Core
import JSON
import Testing

@testable import Dialects

struct AnswerTests {
    static let all = Samples.answers.indices

    private func answer(_ index: Int) throws -> ModelAnswer {
        try ModelAnswer(utf8(Samples.answers[index].body), surface: Samples.answers[index].surface)
    }

    @Test(arguments: all) func findsEveryPlantAndKeepsEveryByte(_ index: Int) throws {
        let answer = try answer(index)
        let texts = answer.positions.map { text($0.text) }
        for plant in 1...Samples.answers[index].plants {
            #expect(texts.filter { $0.contains("<\(plant)>") }.count == 1, "plant \(plant) of \(answer.surface)")
        }
        #expect(try answer.rewritten(texts: answer.positions.map { ($0, $0.text) }) == answer.bytes)
    }

    @Test func readsUsageAndReason() throws {
        let answers = try Self.all.map(answer)
        #expect(answers[0].usage == TokenUsage(input: 10, output: 20, cachedInput: 4, reasoning: 7))
        #expect(answers[1].usage == TokenUsage(input: 11, output: 21, cachedInput: 5, cacheWrites: 2, reasoning: 8))
        #expect(answers[2].usage == TokenUsage(input: 160, output: 30, cachedInput: 100, cacheWrites: 50))
        #expect(answers.map(\.stopReason) == ["stop", "completed", "tool_use"])
    }

    @Test func doesNotBelieveLyingUsage() throws {
        let lie =
            #"{"usage":{"input_tokens":-5,"output_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807,"cache_creation_input_tokens":9223372036854775807}}"#
        let usage = try ModelAnswer(utf8(lie), surface: .anthropicMessages).usage
        #expect(usage?.output == TokenUsage.greatest && usage?.input == TokenUsage.greatest)
    }

    @Test func dropsTheTokenLogOfAChangedText() throws {
        for (index, log) in [(0, "null"), (1, "[]")] {
            let answer = try answer(index)
            let content = try #require(answer.positions.first { ["hello <1>", "hi <2>"].contains(text($0.text)) })
            let changed = try text(answer.rewritten(texts: [(content, utf8("hello [X]"))]))
            #expect(changed.contains("\"logprobs\":\(log)"))
            #expect(!changed.contains("\"token\""))
        }
    }

    @Test func refusesWhatIsNoAnswer() {
        let error = #expect(throws: GatehouseError.self) { try ModelAnswer(utf8("<html>"), surface: .openAIChat) }
        #expect(error?.code == .unavailable)
        let large = #expect(throws: GatehouseError.self) {
            try ModelAnswer(utf8("\"aaaaaaaaaaa\""), surface: .openAIChat, limits: .init(bytes: 8))
        }
        #expect(large?.code == .tooLarge)
    }

    @Test func tellsErrorsAsTheSurfaceDoes() throws {
        let error = GatehouseError("gate", .exhausted, "the budget is used up", hint: "come back tomorrow")
        let openAI = DialectError(error, surface: .openAIChat)
        #expect(openAI.status == 429)
        #expect(
            text(openAI.body)
                == #"{"error":{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"the budget is used up; come back tomorrow","param":null}}"#
        )
        #expect(text(openAI.streamEvent) == "data: \(text(openAI.body))\n\n")
        let anthropic = DialectError(error, surface: .anthropicMessages)
        #expect(
            text(anthropic.body)
                == #"{"type":"error","error":{"type":"rate_limit_error","message":"the budget is used up; come back tomorrow"}}"#
        )
        #expect(text(anthropic.streamEvent) == "event: error\ndata: \(text(anthropic.body))\n\n")
        let responses = DialectError(error, surface: .openAIResponses)
        #expect(
            text(responses.streamEvent).hasPrefix(
                "event: error\ndata: {\"type\":\"error\",\"code\":\"rate_limit_exceeded\""))
        var soon = error
        #expect(openAI.headers.contains { $0 == ("x-should-retry", "false") }, "nobody knows when")
        soon.retryAfter = .seconds(20)
        #expect(DialectError(soon, surface: .openAIChat).headers.contains { $0 == ("x-should-retry", "true") })
        for code in GatehouseError.Code.allCases {
            for surface in Surface.allCases {
                let error = DialectError(GatehouseError("x", code, "m"), surface: surface)
                #expect((400...599).contains(error.status))
                #expect(throws: Never.self) { try JSONDocument(error.body) }
            }
        }
    }
}

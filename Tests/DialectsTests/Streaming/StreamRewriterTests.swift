import Core
import JSON
import TestSupport
import Testing

@testable import Dialects

struct StreamRewriterTests {
    static let all = StreamSamples.all.indices
    let plant = "alice@example.com"

    private func replaced(_ pieces: [[UInt8]], _ surface: Surface) throws -> String {
        try text(rewritten(pieces, surface) { _ in Replace() })
    }

    /// What a client adds up: every `delta` of a kind.
    private func chatText(_ stream: String, choice: Int = 0) throws -> String {
        try documents(utf8(stream)).flatMap { $0["choices"].map { Array($0.elements) } ?? [] }
            .filter { $0["index"]?.int == choice }.compactMap { $0["delta"]?["content"]?.string }.joined()
    }

    @Test(arguments: all) func passesEveryByteThroughIdentity(_ index: Int) throws {
        let (surface, stream) = StreamSamples.all[index]
        var random = SeededRandom(seed: 5)
        for end in ["\n", "\r\n"] {
            let bytes = utf8(stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end))
            for _ in 0..<50 {
                #expect(try rewritten(random.pieces(of: bytes), surface) { _ in Identity() } == bytes)
            }
        }
    }

    @Test(arguments: all) func splitsShowNowhere(_ index: Int) throws {
        let (surface, stream) = StreamSamples.all[index]
        var random = SeededRandom(seed: 6)
        let whole = try replaced([utf8(stream)], surface)
        #expect(!whole.contains(plant) && whole.contains("[EMAIL]"))
        for _ in 0..<200 { #expect(try replaced(random.pieces(of: utf8(stream)), surface) == whole) }
        let bytewise = try replaced(utf8(stream).map { [$0] }, surface)
        #expect(bytewise == whole)
    }

    @Test func sewsAChatsPieces() throws {
        let out = try replaced([utf8(StreamSamples.chat)], .openAIChat)
        #expect(try chatText(out) == "Write to [EMAIL] now\nali")
        #expect(try chatText(out, choice: 1) == "other é!")
        #expect(!out.contains("ce@exam"))
        #expect(out.contains(": keep-alive\n\n"))
        let events = try documents(utf8(out))
        // What was held back to the end stands before the event that says so.
        let stop = try #require(events.firstIndex { $0["choices"]?[0]?["finish_reason"]?.string == "stop" })
        #expect(events[stop - 1]["choices"]?[0]?["delta"]?["content"]?.string == "ali")
        #expect(events[stop - 1]["id"]?.string == "chatcmpl-1")
        #expect(events.last?["usage"]?["total_tokens"]?.int == 11)
        #expect(out.hasSuffix("data: [DONE]\n\n"))
    }

    @Test func sewsToolArguments() throws {
        let out = try replaced([utf8(StreamSamples.tools)], .openAIChat)
        let calls = try documents(utf8(out)).compactMap { $0["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
        func arguments(_ index: Int) -> String {
            calls.filter { $0["index"]?.int == index }.compactMap { $0["function"]?["arguments"]?.string }.joined()
        }
        #expect(arguments(0) == #"{"to":"[EMAIL]","n":4111111111111111,"é\u00e9":[true]}"#)
        #expect(arguments(1) == #"{"q":"alice"}"#)
        #expect(calls.compactMap { $0["id"]?.string } == ["call_1", "call_2"])
        let masked = try text(
            rewritten([utf8(StreamSamples.tools)], .openAIChat) {
                Replace($0.key == "n" ? "4111111111111111" : "#", "X")
            })
        #expect(masked.contains(#"\"n\":\"X\""#))
    }

    @Test func tellsTheSameEachTime() throws {
        for transform in ["replace", "hold"] {
            let out =
                transform == "replace"
                ? try replaced([utf8(StreamSamples.responses)], .openAIResponses)
                : try text(rewritten([utf8(StreamSamples.responses)], .openAIResponses) { _ in HoldAll() })
            let events = try documents(utf8(out))
            func joined(_ type: String) -> String {
                events.filter { $0["type"]?.string == type }.compactMap { $0["delta"]?.string }.joined()
            }
            func event(_ type: String) -> JSONDocument? { events.first { $0["type"]?.string == type } }
            let said = joined("response.output_text.delta")
            #expect(said == (transform == "replace" ? "To [EMAIL], al" : "To \(plant), al"))
            #expect(event("response.output_text.done")?["text"]?.string == said)
            #expect(event("response.content_part.done")?["part"]?["text"]?.string == said)
            #expect(event("response.output_item.done")?["item"]?["content"]?[0]?["text"]?.string == said)
            let completed = event("response.completed")?["response"]
            #expect(completed?["output"]?[0]?["content"]?[0]?["text"]?.string == said)
            let arguments = joined("response.function_call_arguments.delta")
            #expect(event("response.function_call_arguments.done")?["arguments"]?.string == arguments)
            #expect(completed?["output"]?[1]?["arguments"]?.string == arguments)
            let order = events.compactMap { $0["type"]?.string }
            let lastDelta = order.lastIndex(of: "response.output_text.delta")
            #expect(lastDelta.map { order[$0 + 1] } == "response.output_text.done")
        }
    }

    /// Also where judging the whole again would give another outcome than its pieces did.
    @Test func repeatsFollowThePieces() throws {
        struct ByPiece: TextTransform {
            var pieces = 0
            mutating func push(_ text: [UInt8]) -> [UInt8] {
                pieces += 1
                return pieces > 1 ? utf8("*") : text
            }
            mutating func finish() -> [UInt8] { [] }
        }
        let out = try text(rewritten([utf8(StreamSamples.responses)], .openAIResponses) { _ in ByPiece() })
        #expect(out.contains(#""text":"To ****","logprobs":[]"#))
        #expect(out.components("To ****") == 4)
    }

    @Test func sewsAnthropicBlocks() throws {
        let out = try replaced([utf8(StreamSamples.anthropic)], .anthropicMessages)
        let events = try documents(utf8(out))
        func joined(_ block: Int, _ key: String) -> String {
            events.filter { $0["index"]?.int == block }.compactMap { $0["delta"]?[key]?.string }.joined()
        }
        #expect(joined(0, "thinking") == "Let me see.")
        #expect(joined(1, "text") == "To [EMAIL], al")
        #expect(joined(2, "partial_json") == #"{"to": "[EMAIL]"}"#)
        #expect(out.contains(#""cited_text":"by [EMAIL]""#) && out.contains(#""title":"[EMAIL]""#))
        let stop = try #require(
            events.firstIndex { $0["type"]?.string == "content_block_stop" && $0["index"]?.int == 1 })
        #expect(
            text(events[stop - 1].bytes)
                == #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"al"}}"#)
    }

    @Test func signedThinkingPassesUnchangedOrNotAtAll() throws {
        func thinking(_ signed: StreamRewriter<Replace>.SignedText) throws -> String {
            try text(
                rewritten([utf8(StreamSamples.anthropic)], .anthropicMessages, signed: signed) { _ in
                    Replace("me see", "X")
                })
        }
        let error = #expect(throws: GatehouseError.self) { try thinking(.refuse) }
        #expect(error?.code == .denied)
        let stripped = try thinking(.strip)
        #expect(
            !stripped.contains("signature_delta") && !stripped.contains("me see") && stripped.contains("message_stop"))
        // Held back is not changed: the signature stays, and comes after the text.
        let held = try text(rewritten([utf8(StreamSamples.anthropic)], .anthropicMessages) { _ in HoldAll() })
        let place = try #require(held.firstRange(of: "Let me see."))
        #expect(held[place.upperBound...].contains("signature_delta"))
    }

    @Test func readsUsageStopAndErrors() throws {
        func read(_ stream: String, _ surface: Surface) throws -> AnswerStream {
            var rewriter = StreamRewriter(AnswerStream(surface: surface)) { _ in Identity() }
            _ = try rewriter.push(utf8(stream))
            return rewriter.stream
        }
        let chat = try read(StreamSamples.chat, .openAIChat)
        #expect(chat.usage == TokenUsage(input: 5, output: 6) && chat.isFinished && chat.failure == nil)
        let responses = try read(StreamSamples.responses, .openAIResponses)
        #expect(responses.usage == TokenUsage(input: 9, output: 8) && responses.stopReason == "completed")
        let anthropic = try read(StreamSamples.anthropic, .anthropicMessages)
        #expect(anthropic.usage == TokenUsage(input: 25, output: 40) && anthropic.stopReason == "tool_use")
        let failed = try read(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n",
            .anthropicMessages)
        #expect(failed.failure == "overloaded_error" && !failed.isFinished)
        #expect(try read("data: {\"error\":{\"message\":\"x\",\"code\":\"boom\"}}\n\n", .openAIChat).failure == "boom")
    }

    @Test func hidesUsageThatWasNotAskedFor() throws {
        let out = try text(rewritten([utf8(StreamSamples.chat)], .openAIChat, hidesUsage: true) { _ in Identity() })
        #expect(!out.contains("total_tokens") && out.contains("[DONE]"))
    }

    @Test func givesWhatWasHeldBackWhenAStreamBreaksOff() throws {
        let cut = String(StreamSamples.chat.prefix(600))
        let whole = cut.components(separatedBy: "\n\n").dropLast().joined(separator: "\n\n") + "\n\n"
        #expect(try chatText(replaced([utf8(whole)], .openAIChat)) == chatText(whole))
    }

    @Test func whatWasHeldBackIsNoPartOfAnEventThatWasCutOff() throws {
        let piece = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ali\"}}]}\n\n"
        let out = try replaced([utf8(piece + "data: {\"choices\":[]}")], .openAIChat)
        #expect(try chatText(out) == "ali" && documents(utf8(out)).count == 2)
    }

    @Test(arguments: [
        "data: not json\n\n", "data: [1]\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n",
        "data: {\"a\":1", "event: al ice\ndata: {}\n\n", "data: \u{1}\n\n",
    ]) func endsWhatItCannotRead(_ stream: String) throws {
        let error = #expect(throws: GatehouseError.self) { try replaced([utf8(stream)], .openAIChat) }
        #expect(error?.code == .unavailable)
    }

    @Test func endsAnEventOfTwoNames() throws {
        #expect(throws: GatehouseError.self) {
            try replaced([utf8("event: ping\ndata: {\"type\":\"content_block_delta\"}\n\n")], .anthropicMessages)
        }
    }

    @Test func endsATextThatGoesOnAfterItsEnd() throws {
        let late = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"
        #expect(throws: GatehouseError.self) { try replaced([utf8(late + late)], .openAIChat) }
    }

    @Test func nothingPassesAfterAFailure() throws {
        var rewriter = StreamRewriter(AnswerStream(surface: .openAIChat)) { _ in Failing() }
        #expect(throws: Failing.Broken.self) { try rewriter.push(utf8(StreamSamples.chat)) }
        #expect(throws: GatehouseError.self) { try rewriter.push(utf8(": x\n\n")) }
        #expect(throws: GatehouseError.self) { try rewriter.finish() }
    }

    @Test func unknownEventsPassWhenTheirTextDoes() throws {
        let stream =
            "event: new.kind\ndata: {\"type\":\"new.kind\",\"n\":1,\"deep\":[{\"alice@example.com\":\"to alice@example.com\"}]}\n\n"
        #expect(
            try replaced([utf8(stream)], .openAIResponses)
                == stream.components(separatedBy: plant).joined(separator: "[EMAIL]"))
        let plain = "event: new.kind\ndata: {\"type\":\"new.kind\",\"n\":1}\n\n"
        #expect(try replaced([utf8(plain)], .openAIResponses) == plain)
    }

    @Test func unknownPiecesAreSewnToo() throws {
        func piece(_ text: String) -> String {
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"musing\":{\"part\":\"\(text)\"}}}]}\n\n"
        }
        let out = try replaced([utf8(piece("x alice@") + piece("example.com") + piece(" ali"))], .openAIChat)
        let texts = try documents(utf8(out)).compactMap { $0["choices"]?[0]?["delta"]?["musing"]?["part"]?.string }
        #expect(texts.joined() == "x [EMAIL] ali")
        let event = try replaced(
            [
                utf8(
                    "data: {\"type\":\"response.hum.delta\",\"delta\":\"alice@\"}\n\ndata: {\"type\":\"response.hum.delta\",\"delta\":\"example.com\"}\n\n"
                )
            ],
            .openAIResponses)
        #expect(event.contains("[EMAIL]") && !event.contains("alice"))
    }

    @Test func commentsAreTextsToo() throws {
        #expect(try replaced([utf8(": for alice@example.com\n\n: ok\n\n")], .openAIChat) == ": ok\n\n")
        let event = "id: alice@example.com\ndata: {\"choices\":[]}\n\n"
        #expect(try replaced([utf8(event)], .openAIChat) == "data: {\"choices\":[]}\n\n")
    }
}

extension String {
    func components(_ part: String) -> Int { components(separatedBy: part).count - 1 }

    func components(separatedBy part: String) -> [String] {
        var (parts, rest) = ([String](), self[...])
        while let place = rest.firstRange(of: part) {
            parts.append(String(rest[..<place.lowerBound]))
            rest = rest[place.upperBound...]
        }
        return parts + [String(rest)]
    }
}

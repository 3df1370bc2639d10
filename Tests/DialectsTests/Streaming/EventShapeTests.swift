import Core
import JSON
import TestSupport
import Testing
import Web

@testable import Dialects

/// That an event whose shape is known is passed exactly as if it had been read whole.
struct EventShapeTests {
    private func events(_ stream: String) throws -> [StreamEvent] {
        var parser = EventParser()
        return try parser.push(utf8(stream)) + parser.finish()
    }

    /// What the shape of the first event reads in the second.
    private func piece(_ surface: Surface, _ first: String, _ second: String) throws -> String? {
        let events = try events(first + second)
        var stream = AnswerStream(surface: surface)
        guard let shape = EventShape(events[0], try stream.read(events[0])) else { return nil }
        return shape.place(in: events[1].raw).flatMap { EventShape.text(events[1].raw[$0]) }.map { text($0) }
    }

    @Test(arguments: [
        (Surface.openAIChat, RandomStream.chat), (.openAIResponses, RandomStream.responses),
        (.anthropicMessages, RandomStream.anthropic), (.anthropicMessages, RandomStream.arguments),
    ])
    func knowsTheUsualEvents(_ surface: Surface, _ event: @Sendable (String, Int) -> String) throws {
        #expect(try piece(surface, event("one", 9), event("two \\u00e9 é \\\"", 10)) == "two é é \"")
        #expect(try piece(surface, event("", 9), event("", 10)) == "")
        for broken in ["a\\", "\\ud83d", "\\q", "a\",\"b\":\"c"] {
            #expect(try piece(surface, event("one", 9), event(broken, 10)) == nil)
        }
        #expect(try piece(surface, event("one", 9), event("two", 10) + " ") == "two")
        #expect(try piece(surface, event("one", 9), String(event("two", 10).dropLast())) == nil)
        #expect(try piece(surface, "\u{FEFF}" + event("one", 9), event("two", 10)) == nil)
    }

    @Test func looksAtWhatIsNoCounterAndNoPadding() throws {
        func read(_ second: String) throws -> String? {
            try piece(.openAIResponses, RandomStream.responses("a", 1), second)
        }
        let plain = RandomStream.responses("b", 2)
        #expect(try read(plain) == "b")
        let changes = [
            (#""sequence_number":2"#, #""sequence_number":02"#), (#""sequence_number":2"#, #""sequence_number":"2""#),
            (#""sequence_number":2"#, #""sequence_number":"#), (#""obfuscation":""#, #""obfuscation":"jane doe "#),
            (#""obfuscation":""#, #""obfuscation":"\u0041"#), (#""output_index":0"#, #""output_index":1"#),
            (#""logprobs":[]"#, #""logprobs":[1]"#), ("}\n", "}\n: jane\n"),
        ]
        for (part, other) in changes {
            let changed = plain.components(separatedBy: part).joined(separator: other)
            #expect(changed != plain)
            #expect(try read(changed) == nil, "\(changed)")
        }
        let number = RandomStream.responses("b", 2).components(separatedBy: "aX2")
            .joined(separator: "49301234567")
        #expect(try read(number) == nil)
    }

    /// An event that says anything beside its piece has no shape.
    @Test func takesNoShapeFromWhatSaysMore() throws {
        for more in [
            #""finish_reason":"stop""#, #""logprobs":{"content":[]}"#, #""note":"x""#, #""text":"x""#,
            #""delta2":{"content":"x"}"#,
        ] {
            let event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\(more)}]}\n\n"
            #expect(try piece(.openAIChat, event, event) == nil, "\(more)")
        }
        for more in [#""usage":{"prompt_tokens":1}"#, #""error":{"message":""}"#, #""x":null"#] {
            let event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\(more)}\n\n"
            #expect(try piece(.openAIChat, event, event) == nil, "\(more)")
        }
    }

    private struct Outcome: Equatable {
        var bytes: [UInt8] = []
        var failure: String?
        var usage: TokenUsage?
        var stopReason: String?
    }

    private func outcome<Transform: TextTransform>(
        _ pieces: [[UInt8]], _ surface: Surface, takesShapes: Bool, _ make: @escaping (Channel) -> Transform
    ) -> Outcome {
        var rewriter = StreamRewriter(AnswerStream(surface: surface), signedText: .strip, transform: make)
        rewriter.takesShapes = takesShapes
        var outcome = Outcome()
        do {
            for piece in pieces { outcome.bytes += try rewriter.push(piece) }
            outcome.bytes += try rewriter.finish()
        } catch {
            outcome.failure = "\(error)"
        }
        outcome.usage = rewriter.stream.usage
        outcome.stopReason = rewriter.stream.stopReason
        return outcome
    }

    @Test func passesAsIfReadWhole() throws {
        var random = SeededRandom(seed: 31)
        let end = ContinuousClock.now + .seconds(3)
        var (rounds, whole) = (0, 0)
        while ContinuousClock.now < end, rounds < 6_000 {
            rounds += 1
            let (surface, stream) = RandomStream.make(&random)
            let pieces = random.pieces(of: stream)
            func expectSame<Transform: TextTransform>(_ make: @escaping (Channel) -> Transform) -> Bool {
                let quick = outcome(pieces, surface, takesShapes: true, make)
                let slow = outcome(pieces, surface, takesShapes: false, make)
                #expect(quick == slow, "\(text(stream))")
                return quick.failure == nil
            }
            switch rounds % 4 {
            case 0: whole += expectSame { _ in Identity() } ? 1 : 0
            case 1: whole += expectSame { _ in HoldAll() } ? 1 : 0
            case 2: whole += expectSame { _ in Replace("ali", "[é]") } ? 1 : 0
            default: whole += expectSame { _ in Replace("a", "") } ? 1 : 0
            }
        }
        #expect(whole > rounds / 10 && whole < rounds)
    }
}

/// Streams of likely events in any order, now and then with a fault.
enum RandomStream {
    @Sendable static func chat(_ text: String, _ number: Int) -> String {
        #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":\#(number),"model":"gpt-5.4","choices":[{"index":0,"delta":{"content":"\#(text)"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"aX\#(number)"}"#
            + "\n\n"
    }

    @Sendable static func responses(_ text: String, _ number: Int) -> String {
        "event: response.output_text.delta\n"
            + #"data: {"type":"response.output_text.delta","sequence_number":\#(number),"item_id":"msg_1","output_index":0,"content_index":0,"delta":"\#(text)","logprobs":[],"obfuscation":"aX\#(number)"}"#
            + "\n\n"
    }

    @Sendable static func anthropic(_ text: String, _ number: Int) -> String { block("text", text, number) }
    @Sendable static func arguments(_ text: String, _ number: Int) -> String { block("partial_json", text, number) }

    private static func block(_ key: String, _ text: String, _ number: Int, index: Int = 0) -> String {
        let type = ["text": "text_delta", "thinking": "thinking_delta"][key] ?? "input_json_delta"
        let padding = String(repeating: " ", count: number % 5)
        return "event: content_block_delta\n"
            + #"data: {"type":"content_block_delta","index":\#(index),"delta":{"type":"\#(type)","\#(key)":"\#(text)"}\#(padding)}"#
            + "\n\n"
    }

    private static let texts = [
        "", "a", "ali", "li", "i and some more words of it", "é", "\\u00e9", "😀", "\\ud83d\\ude00", "\\n", "\\\"", "{",
        "\\\"k\\\":1", "1234567", "\\\\", "]", "\u{7F}",
    ]
    private static let faults = ["\\ud83d", "\\", "\t", "\"", "\\x", "\",\"text\":\"a"]

    static func make(_ random: inout SeededRandom) -> (Surface, [UInt8]) {
        let surface = [Surface.openAIChat, .openAIResponses, .openAITranscriptions, .anthropicMessages]
            .randomElement(using: &random)
        var stream = ""
        for number in 0..<Int.random(in: 2...14, using: &random) {
            let isFaulty = Int.random(in: 0..<60, using: &random) == 0
            let text = (isFaulty ? faults : texts).randomElement(using: &random) ?? ""
            let event = event(surface ?? .openAIChat, text, number, &random)
            stream += Int.random(in: 0..<8, using: &random) == 0 ? event + event : event
        }
        var bytes = utf8(stream)
        if Int.random(in: 0..<6, using: &random) == 0 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = [0x80, 0x20, 0x22, 0x0A, 0x2C, 0x30, 0x61].randomElement(using: &random) ?? 0
        }
        return (surface ?? .openAIChat, bytes)
    }

    private static func event(
        _ surface: Surface, _ text: String, _ number: Int, _ random: inout SeededRandom
    ) -> String {
        let usual = Int.random(in: 0..<10, using: &random)
        if usual == 0 { return ": ali\n\n" }
        switch surface {
        case .openAIResponses:
            if usual == 1 {
                return
                    "event: response.output_text.done\ndata: {\"type\":\"response.output_text.done\",\"output_index\":0,"
                    + "\"content_index\":0,\"text\":\"ali\"}\n\n"
            }
            let event = responses(text, number)
            return usual == 2 ? event.components(separatedBy: "aX").joined(separator: "1000000") : event
        case .anthropicMessages, .anthropicCountTokens:
            if usual == 1 {
                return "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":\(number % 3)}\n\n"
            }
            let key = ["text", "partial_json", "thinking"].randomElement(using: &random) ?? "text"
            return block(usual < 6 ? "text" : key, text, number, index: usual < 8 ? 0 : number % 2)
        case .openAITranscriptions:
            return usual == 1
                ? "data: {\"type\":\"transcript.text.done\",\"text\":\"ali\"}\n\n"
                : "data: {\"type\":\"transcript.text.delta\",\"delta\":\"\(text)\",\"logprobs\":[]}\n\n"
        case .openAIChat, .openAIEmbeddings:
            let event = chat(text, number)
            switch usual {
            case 1:
                return event.components(separatedBy: "finish_reason\":null").joined(
                    separator: "finish_reason\":\"stop\"")
            case 2:
                return event.components(separatedBy: "usage\":null").joined(separator: "usage\":{\"prompt_tokens\":3}")
            case 3: return event.components(separatedBy: "index\":0").joined(separator: "index\":1")
            case 4:
                return event.components(separatedBy: "\"content").joined(separator: "\"role\":\"assistant\",\"content")
            case 5:
                return event.components(separatedBy: "logprobs\":null").joined(separator: "logprobs\":{\"content\":[]}")
            default: return event
            }
        }
    }
}

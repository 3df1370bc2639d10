import Core
import JSON
import TestSupport
import Testing

@testable import Dialects

struct RequestTests {
    static let all = Samples.requests.indices

    private func request(_ index: Int) throws -> ModelRequest {
        try ModelRequest(utf8(Samples.requests[index].body), surface: Samples.requests[index].surface)
    }

    @Test(arguments: all) func findsEveryPlant(_ index: Int) throws {
        let request = try request(index)
        let texts = request.positions.map { text($0.text) }
        for plant in 1...Samples.requests[index].plants {
            #expect(texts.filter { $0.contains("<\(plant)>") }.count == 1, "plant \(plant) of \(request.surface)")
        }
    }

    @Test(arguments: all) func changesNothingWhenNothingChanges(_ index: Int) throws {
        let request = try request(index)
        #expect(try request.rewritten() == request.bytes)
        #expect(
            try request.rewritten(model: request.model, texts: request.positions.map { ($0, $0.text) }) == request.bytes
        )
    }

    @Test(arguments: all) func changesEveryText(_ index: Int) throws {
        let request = try request(index)
        let free = request.positions.filter { !$0.isSigned }
        let changed = try request.rewritten(model: "other", texts: free.enumerated().map { ($1, utf8("é\"\\\n\($0)")) })
        let again = try ModelRequest(changed, surface: request.surface, limits: .init(allowsDuplicateKeys: true))
        #expect(again.model == "other")
        let left = again.positions.filter { !$0.isSigned }.map { text($0.text) }
        #expect(left.count == free.count)
        for (number, text) in left.enumerated() { #expect(text == "é\"\\\n\(number)") }
    }

    @Test func knowsTheWriters() throws {
        let expected: [(Int, [Int: Writer])] = [
            (
                0,
                [
                    1: .system, 2: .system, 3: .user, 7: .user, 11: .assistant, 12: .assistant, 15: .assistant,
                    17: .tool,
                    18: .tool, 19: .tool, 20: .assistant, 22: .toolDefinition, 25: .toolDefinition, 33: .assistant,
                ]
            ),
            (
                1,
                [
                    1: .system, 2: .user, 3: .user, 6: .assistant, 10: .assistant, 11: .assistant, 12: .tool, 13: .tool,
                    15: .tool, 19: .tool, 22: .tool, 24: .tool, 26: .toolDefinition,
                ]
            ),
            (
                2,
                [
                    1: .system, 2: .user, 7: .user, 13: .assistant, 17: .assistant, 21: .tool, 24: .tool, 26: .tool,
                    28: .tool, 31: .toolDefinition, 32: .toolDefinition,
                ]
            ),
        ]
        for (index, writers) in expected {
            let request = try request(index)
            for (plant, writer) in writers {
                let found = request.positions.first { text($0.text).contains("<\(plant)>") }
                #expect(found?.writer == writer, "plant \(plant) of \(request.surface)")
            }
        }
        let untrusted = try request(2).positions.filter(\.isUntrusted).map { text($0.text) }
        for plant in [7, 8, 9, 12, 15, 21, 24, 26, 27, 28, 29] {
            #expect(untrusted.contains { $0.contains("<\(plant)>") }, "plant \(plant)")
        }
        #expect(!untrusted.contains { $0.contains("<3>") || $0.contains("<17>") })
    }

    @Test func readsTheHead() throws {
        let chat = try request(0)
        #expect(chat.model == "openai/gpt-5.4 (high)")
        #expect(!chat.isStreamed && chat.greatestOutput == 1000 && chat.answers == 2)
        #expect(chat.systemTexts.map { text($0.text) } == ["be brief <1>", "and a bit <2>"])
        let messages = try request(2)
        #expect(messages.isStreamed && messages.greatestOutput == 1024)
    }

    @Test func listsWhatItPassesOver() throws {
        let contents = try (0..<3).map { try request($0).passedOver.map(\.content) }
        #expect(contents[0] == [.binary(mediaType: "image/png"), .binary(mediaType: "audio")])
        #expect(contents[1].filter { $0 == .reference }.count == 3)
        #expect(contents[1].contains(.sealed))
        #expect(contents[2].contains(.binary(mediaType: "application/pdf")))
        #expect(contents[2].filter { $0 == .sealed }.count == 3)
    }

    @Test func rewritesArgumentsAsJSON() throws {
        let request = try request(0)
        let card = try #require(request.positions.first { text($0.text) == "4111111111111111" })
        let name = try #require(request.positions.first { text($0.text).contains("<12>") })
        #expect(card.isJSON && card.key == "n" && name.key == "to")
        let changed = try JSONDocument(request.rewritten(texts: [(card, utf8("[CARD]")), (name, utf8("say \"hi\""))]))
        let arguments = changed["messages"]?[3]?["tool_calls"]?[0]?["function"]?["arguments"]?.string
        #expect(arguments == #"{"to": "say \"hi\"", "n": "[CARD]", "<13>": [true, "x <14>"]}"#)
    }

    @Test func rewritesTextFilesInBase64() throws {
        let request = try request(0)
        let file = try #require(request.positions.first { text($0.text) == "notes of <7>" })
        let changed = try JSONDocument(request.rewritten(texts: [(file, utf8("gone"))]))
        let data = changed["messages"]?[2]?["content"]?[4]?["file"]?["file_data"]?.string
        #expect(data == "data:text/plain;base64,Z29uZQ==")
    }

    @Test func aSignedTextPassesUnchangedOrNotAtAll() throws {
        let request = try request(2)
        let thinking = try #require(request.positions.first { text($0.text).contains("<13>") })
        #expect(thinking.isSigned)
        let error = #expect(throws: GatehouseError.self) { try request.rewritten(texts: [(thinking, utf8("x"))]) }
        #expect(error?.code == .denied)
        #expect(error?.message.contains("/messages/2/content/0/thinking") == true)
    }

    @Test func asksForUsage() throws {
        func asked(_ body: String) throws -> String {
            try text(ModelRequest(utf8(body), surface: .openAIChat).rewritten(asksUsage: true))
        }
        #expect(
            try asked(#"{"model":"m","stream":true}"#)
                == #"{"stream_options":{"include_usage":true},"model":"m","stream":true}"#)
        #expect(
            try asked(#"{"model":"m","stream":true,"stream_options":{"x":1}}"#).contains(
                #"{"include_usage":true,"x":1}"#))
        #expect(try asked(#"{"model":"m","stream":true,"stream_options":{}}"#).contains(#"{"include_usage":true}"#))
        #expect(try asked(#"{"model":"m","stream":true,"stream_options":null}"#).contains(#":{"include_usage":true}"#))
        #expect(try asked(#"{"model":"m","stream":true,"stream_options":{"include_usage":false}}"#).contains("true}"))
        #expect(try asked(#"{"model":"m","stream":false}"#) == #"{"model":"m","stream":false}"#)
    }

    @Test(arguments: [
        (#"{"model":"m","input":[1,2,3]}"#, Surface.openAIEmbeddings, GatehouseError.Code.unsupported),
        (#"{"model":"m","input":[[1,2],[3]]}"#, .openAIEmbeddings, .unsupported),
        (#"{"model":"m","messages":[],"prompt_token_ids":[1]}"#, .openAIChat, .unsupported),
        (#"{"messages":[]}"#, .openAIChat, .invalid),
        (#"{"model":7}"#, .openAIChat, .invalid),
        (#"["model"]"#, .openAIChat, .invalid),
        (#"{"model":"m","model":"n"}"#, .anthropicMessages, .invalid),
        (#"{"model":"m""#, .anthropicMessages, .invalid),
        (#"{"model":"m","f":{"file_data":"data:text/plain;base64,%%%"}}"#, .openAIChat, .unsupported),
        (#"{"model":"m","f":{"file_data":"data:text/plain;base64,//79"}}"#, .openAIChat, .unsupported),
    ]) func refusesByName(_ body: String, _ surface: Surface, _ code: GatehouseError.Code) {
        let error = #expect(throws: GatehouseError.self) { try ModelRequest(utf8(body), surface: surface) }
        #expect(error?.code == code)
    }

    /// A field of the format's own, a blob, or a media type is believed only when it looks like one.
    @Test(arguments: [
        #"{"model":"m","messages":[{"role":"user","type":"mail alice"}]}"#,
        #"{"model":"m","id":"4929123412341234"}"#,
        #"{"model":"m","messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGVsbG8gdGhlcmUgYWxpY2U="}}]}]}"#,
        #"{"model":"m","messages":[{"content":[{"type":"thinking","thinking":"","signature":"my name is alice"}]}]}"#,
        #"{"model":"m","messages":[{"content":[{"encrypted_content":"aGVsbG8gdGhlcmUgYWxpY2U="}]}]}"#,
        #"{"model":"m","messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8gdGhlcmU="}}]}]}"#,
        #"{"model":"m","messages":[{"content":"x","data":"alice"}]}"#,
    ]) func believesNothing(_ body: String) throws {
        #expect(try ModelRequest(utf8(body), surface: .anthropicMessages).positions.contains { $0.text.count > 4 })
    }

    @Test func survivesMutations() throws {
        var random = SeededRandom(seed: 9)
        let end = ContinuousClock.now + .seconds(1)
        var (rounds, read) = (0, 0)
        while ContinuousClock.now < end, rounds < 20_000 {
            rounds += 1
            let sample = Samples.requests[rounds % Samples.requests.count]
            var bytes = utf8(sample.body)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = utf8("{}[]\",:\\ x0").randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: place)
                default: bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            guard let request = try? ModelRequest(bytes, surface: sample.surface) else { continue }
            read += 1
            #expect(try request.rewritten(texts: request.positions.map { ($0, $0.text) }) == bytes)
            let free = request.positions.filter { !$0.isSigned && !$0.view.isKey }
            let changed = try request.rewritten(texts: free.map { ($0, utf8("\"")) })
            #expect(throws: Never.self) { try JSONDocument(changed) }
        }
        #expect(read > 0)
    }
}

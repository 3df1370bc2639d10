import Core
import JSON
import TestSupport
import Testing

@testable import Dialects

struct ConversionTests {
    let toMessages = DialectConversion(.chatToMessages)
    let toChat = DialectConversion(.messagesToChat)

    static let chat = """
        {"model":"claude-opus-4-5","max_completion_tokens":100,"temperature":0.5,"stop":"END","stream":true,"user":"u-1",
         "stream_options":{"include_usage":true},"reasoning_effort":"low","parallel_tool_calls":false,"tool_choice":"required",
         "messages":[{"role":"system","content":"be brief"},
          {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},
           {"type":"file","file":{"filename":"a.txt","file_data":"data:text/plain;base64,aGk="}}]},
          {"role":"assistant","content":null,"tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"n\\":12345678901234567890.10}"}},
            {"id":"call_2","type":"function","function":{"name":"f","arguments":""}}]},
          {"role":"tool","tool_call_id":"call_1","content":"one"},{"role":"tool","tool_call_id":"call_2","content":"two"}],
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}]}
        """

    static let messages = """
        {"max_tokens":100,"messages":[{"content":[{"text":"look","type":"text"},
          {"source":{"data":"iVBO","media_type":"image/png","type":"base64"},"type":"image"},
          {"source":{"data":"hi","media_type":"text/plain","type":"text"},"title":"a.txt","type":"document"}],"role":"user"},
          {"content":[{"id":"call_1","input":{"n":12345678901234567890.10},"name":"f","type":"tool_use"},
           {"id":"call_2","input":{},"name":"f","type":"tool_use"}],"role":"assistant"},
          {"content":[{"content":[{"text":"one","type":"text"}],"tool_use_id":"call_1","type":"tool_result"},
           {"content":[{"text":"two","type":"text"}],"tool_use_id":"call_2","type":"tool_result"}],"role":"user"}],
         "metadata":{"user_id":"u-1"},"model":"claude-opus-4-5","output_config":{"effort":"low"},"stop_sequences":["END"],"stream":true,
         "system":[{"text":"be brief","type":"text"}],"temperature":0.5,"tool_choice":{"disable_parallel_tool_use":true,"type":"any"},
         "tools":[{"description":"d","input_schema":{"type":"object"},"name":"f"}]}
        """

    @Test func saysAChatAsMessages() throws {
        #expect(try JSON.parse(toMessages.request(utf8(Self.chat))) == JSON.parse(Self.messages))
    }

    @Test func saysMessagesAsAChat() throws {
        let chat = try JSON.parse(toChat.request(utf8(Self.messages)))
        #expect(
            chat["messages"]?.array?.compactMap { $0["role"]?.string } == [
                "system", "user", "assistant", "tool", "tool",
            ])
        #expect(chat["messages"]?[1]?["content"]?[1]?["image_url"]?["url"] == "data:image/png;base64,iVBO")
        #expect(chat["messages"]?[1]?["content"]?[2]?["file"]?["file_data"] == "data:text/plain;base64,aGk=")
        #expect(
            chat["messages"]?[2]?["tool_calls"]?[0]?["function"]?["arguments"]?.string
                == #"{"n":12345678901234567890.10}"#)
        #expect(chat["tool_choice"] == "required" && chat["parallel_tool_calls"] == false)
        // There and back again says the same.
        #expect(try JSON.parse(toMessages.request(chat.bytes())) == JSON.parse(Self.messages))
    }

    @Test(arguments: [
        (#""seed":7"#, "/seed"), (#""n":2"#, "/n"), (#""logprobs":true"#, "/logprobs"), (#""made_up":1"#, "/made_up"),
        (#""temperature":1.5"#, "/temperature"), (#""response_format":{"type":"json_object"}"#, "/response_format"),
        (#""messages":[{"role":"user","name":"bo","content":"x"}]"#, "/messages/0/name"),
        (#""messages":[{"role":"user","content":[{"type":"input_audio"}]}]"#, "/messages/0/content/0/type"),
        (
            #""messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{"}}]}]"#,
            "/messages/0/tool_calls/0/function/arguments"
        ),
        (#""tools":[{"type":"custom","custom":{}}]"#, "/tools/0/type"),
    ]) func refusesByNameWhatMessagesDoNotHave(_ member: String, _ place: String) {
        let error = #expect(throws: GatehouseError.self) { try toMessages.request(utf8("{\"model\":\"m\",\(member)}")) }
        #expect(error?.code == .unsupported && error?.message.hasPrefix(place + " ") == true)
    }

    @Test(arguments: [
        (#""top_k":7"#, "/top_k"), (#""thinking":{"type":"enabled","budget_tokens":1024}"#, "/thinking"),
        (#""mcp_servers":[]"#, "/mcp_servers"),
        (#""tools":[{"type":"web_search_20250305","name":"w"}]"#, "/tools/0/type"),
        (
            #""messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"x"}]}]"#,
            "/messages/0/content/0/type"
        ),
        (#""messages":[{"role":"user","content":[{"type":"text","text":"x","new":1}]}]"#, "/messages/0/content/0/new"),
    ]) func refusesByNameWhatChatsDoNotHave(_ member: String, _ place: String) {
        let error = #expect(throws: GatehouseError.self) { try toChat.request(utf8("{\"model\":\"m\",\(member)}")) }
        #expect(error?.code == .unsupported && error?.message.hasPrefix(place + " ") == true)
    }

    @Test func convertsAnswers() throws {
        let chat = try JSON.parse(toMessages.answer(utf8(Samples.answers[2].body), created: 7))
        let message = chat["choices"]?[0]?["message"]
        #expect(message?["content"] == "hi <2>" && message?["reasoning_content"] == "hm <1>")
        #expect(message?["tool_calls"]?[0]?["function"]?["arguments"] == #"{"a":"<3>"}"#)
        #expect(chat["choices"]?[0]?["finish_reason"] == "tool_calls" && chat["created"] == 7)
        #expect(chat["usage"]?["prompt_tokens"] == 160 && chat["usage"]?["total_tokens"] == 190)
        let back = try JSON.parse(toChat.answer(chat.bytes(), created: 0))
        #expect(back["content"]?[1]?["input"] == ["a": "<3>"] && back["stop_reason"] == "tool_use")
        #expect(back["usage"]?["cache_read_input_tokens"] == 100 && back["usage"]?["input_tokens"] == 60)
        #expect(throws: GatehouseError.self) { try toChat.answer(utf8("{}"), created: 0) }
    }

    private func converted(_ stream: String, _ direction: DialectConversion.Direction) throws -> String {
        var random = SeededRandom(seed: 31)
        var whole: String?
        for _ in 0..<20 {
            var conversion = StreamConversion(direction, created: 7)
            let out = try text(
                random.pieces(of: utf8(stream)).flatMap { try conversion.push($0) } + conversion.finish())
            #expect(whole == nil || whole == out)
            whole = out
        }
        return whole ?? ""
    }

    /// Without its search result, which a chat does not have.
    private var plainAnthropic: String {
        StreamSamples.anthropic.components(separatedBy: "\n\n")
            .filter { !$0.contains("\"index\":3") && !$0.contains("citations_delta") }.joined(separator: "\n\n")
    }

    @Test func convertsAStreamOfBlocks() throws {
        let chat = try converted(plainAnthropic, .chatToMessages)
        #expect(chat.hasSuffix("data: [DONE]\n\n"))
        let chunks = try documents(utf8(chat)).map(\.value)
        func joined(_ name: String) -> String {
            chunks.compactMap { $0["choices"]?[0]?["delta"]?[name]?.string }.joined()
        }
        #expect(joined("content") == "To alice@example.com, al" && joined("reasoning_content") == "Let me see.")
        let calls = chunks.compactMap { $0["choices"]?[0]?["delta"]?["tool_calls"]?[0] }
        #expect(calls.compactMap { $0["id"]?.string } == ["toolu_1"] && calls.allSatisfy { $0["index"] == 0 })
        #expect(calls.compactMap { $0["function"]?["arguments"]?.string }.joined() == #"{"to": "alice@example.com"}"#)
        #expect(chunks.compactMap { $0["choices"]?[0]?["finish_reason"]?.string } == ["tool_calls"])
        #expect(chunks.last?["usage"]?["total_tokens"] == 65)
        // Inspected as a stream of the client's surface.
        let inspected = try text(rewritten([utf8(chat)], .openAIChat) { _ in Replace() })
        #expect(!inspected.contains("alice@") && inspected.contains("[EMAIL]\\\"}"))
        #expect(throws: GatehouseError.self) { try converted(StreamSamples.anthropic, .chatToMessages) }
    }

    @Test func convertsAStreamOfChunks() throws {
        let back = try converted(converted(plainAnthropic, .chatToMessages), .messagesToChat)
        let events = try documents(utf8(back)).map(\.value)
        #expect(
            events.compactMap { $0["type"]?.string }.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
                == [
                    "message_start", "content_block_start", "content_block_delta", "content_block_stop",
                    "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
                ])
        #expect(events.compactMap { $0["delta"]?["text"]?.string }.joined() == "To alice@example.com, al")
        #expect(events.compactMap { $0["delta"]?["partial_json"]?.string }.joined() == #"{"to": "alice@example.com"}"#)
        #expect(events.filter { $0["content_block"]?["id"] == "toolu_1" }.count == 1)
        #expect(events.contains { $0["delta"]?["stop_reason"] == "tool_use" && $0["usage"]?["output_tokens"] == 40 })
    }

    @Test func convertsErrorsAndMakesUpNoEnd() throws {
        let error = try converted(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n",
            .chatToMessages)
        #expect(
            error == #"data: {"error":{"message":"busy","type":"overloaded_error","code":null,"param":null}}"# + "\n\n")
        let chat = try converted(
            "data: {\"error\":{\"type\":\"x\",\"message\":\"busy\"}}\n\ndata: [DONE]\n\n", .messagesToChat)
        #expect(chat == "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"x\",\"message\":\"busy\"}}\n\n")
        let cut = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"
        #expect(try !converted(cut, .messagesToChat).contains("message_stop"))
    }
}

extension [String] {
    func joined(separator: String) -> String {
        dropFirst().reduce(first ?? "") { $0 + separator + $1 }
    }
}

import Dialects

/// Streams made by hand. `alice@example.com` stands in them cut into pieces.
enum StreamSamples {
    static let all: [(surface: Surface, stream: String)] = [
        (.openAIChat, chat), (.openAIChat, tools), (.openAIResponses, responses), (.anthropicMessages, anthropic),
    ]

    private static func chunk(_ choice: String, _ rest: String = "") -> String {
        #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-5.4","choices":[\#(choice)]\#(rest)}"#
            + "\n\n"
    }

    private static func content(_ text: String, _ index: Int = 0, logprobs: String = "null") -> String {
        chunk(#"{"index":\#(index),"delta":{"content":"\#(text)"},"logprobs":\#(logprobs),"finish_reason":null}"#)
    }

    static let chat =
        chunk(#"{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}"#)
        + content("Write to ") + content("ali") + ": keep-alive\n\n"
        + content(
            "ce@exam", logprobs: #"{"content":[{"token":"ce@exam","bytes":[99],"logprob":-1,"top_logprobs":[]}]}"#)
        + content("other \\u00e9", 1) + content("ple.com") + content(" now\\n") + content("ali")
        + chunk(#"{"index":0,"delta":{},"finish_reason":"stop"}"#)
        + chunk(#"{"index":1,"delta":{"content":"!"},"finish_reason":"length"}"#)
        + chunk("", #","usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}"#) + "data: [DONE]\n\n"

    private static func call(_ index: Int, _ arguments: String, _ head: String = "") -> String {
        chunk(
            #"{"index":0,"delta":{"tool_calls":[{"index":\#(index),\#(head)"function":{"arguments":"\#(arguments)"}}]},"finish_reason":null}"#
        )
    }

    static let tools =
        chunk(
            #"{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"mail","arguments":""}}]},"finish_reason":null}"#
        )
        + call(0, #"{\"to\":\"al"#) + call(0, #"ice@exa"#) + call(0, #"mple.com\",\"n\":4111111111111111,"#)
        + call(0, #"\"é\\u00e9\":["#)
        + call(0, #"true]}"#) + call(1, #"{\"q\":\"ali"#, #""id":"call_2","type":"function","#) + call(1, #"ce\"}"#)
        + chunk(#"{"index":0,"delta":{},"finish_reason":"tool_calls"}"#) + "data: [DONE]\n\n"

    private static func event(_ type: String, _ rest: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\"\(rest)}\n\n"
    }

    private static let message =
        #"{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"To alice@example.com, al"}]}"#
    private static let call =
        #"{"type":"function_call","id":"fc_1","call_id":"call_1","name":"mail","status":"completed","arguments":"{\"to\":\"alice@example.com\"}"}"#

    private static func delta(_ text: String, _ number: Int) -> String {
        event(
            "response.output_text.delta",
            #","sequence_number":\#(number),"item_id":"msg_1","output_index":0,"content_index":0,"delta":"\#(text)","logprobs":[],"obfuscation":"aX9"#
                + "\"")
    }

    static let responses =
        event(
            "response.created",
            #","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","instructions":"Ask alice@example.com","output":[]}"#
        )
        + event(
            "response.output_item.added",
            #","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","status":"in_progress","content":[]}"#
        )
        + event(
            "response.content_part.added",
            #","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"text":""}"#
        )
        + delta("To ", 3) + delta("alice@", 4) + delta("example.com", 5) + delta(", ", 6) + delta("al", 7)
        + event(
            "response.output_text.done",
            #","sequence_number":8,"item_id":"msg_1","output_index":0,"content_index":0,"text":"To alice@example.com, al","logprobs":[]"#
        )
        + event(
            "response.content_part.done",
            #","sequence_number":9,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"text":"To alice@example.com, al"}"#
        )
        + event("response.output_item.done", #","sequence_number":10,"output_index":0,"item":\#(message)"#)
        + event(
            "response.function_call_arguments.delta",
            #","sequence_number":11,"item_id":"fc_1","output_index":1,"delta":"{\"to\":\"alice@exa"# + #"""#)
        + event(
            "response.function_call_arguments.delta",
            #","sequence_number":12,"item_id":"fc_1","output_index":1,"delta":"mple.com\"}"# + #"""#)
        + event(
            "response.function_call_arguments.done",
            #","sequence_number":13,"item_id":"fc_1","output_index":1,"arguments":"{\"to\":\"alice@example.com\"}"#
                + #"""#)
        + event("response.output_item.done", #","sequence_number":14,"output_index":1,"item":\#(call)"#)
        + event(
            "response.completed",
            #","sequence_number":15,"response":{"id":"resp_1","object":"response","status":"completed","instructions":"Ask alice@example.com","output":[\#(message),\#(call)],"usage":{"input_tokens":9,"output_tokens":8,"total_tokens":17}}"#
        )

    private static func block(_ index: Int, _ delta: String) -> String {
        event("content_block_delta", #","index":\#(index),"delta":{\#(delta)}"#)
    }

    static let anthropic =
        event(
            "message_start",
            #","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}"#
        )
        + event("content_block_start", #","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}"#)
        + event("ping", "") + block(0, #""type":"thinking_delta","thinking":"Let me "# + #"""#)
        + block(0, #""type":"thinking_delta","thinking":"see."# + #"""#)
        + block(0, #""type":"signature_delta","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl""#)
        + event("content_block_stop", #","index":0"#)
        + event("content_block_start", #","index":1,"content_block":{"type":"text","text":""}"#)
        + block(1, #""type":"text_delta","text":"To alice"# + #"""#)
        + block(1, #""type":"text_delta","text":"@example"# + #"""#)
        + block(1, #""type":"text_delta","text":".com, al"# + #"""#)
        + block(
            1,
            #""type":"citations_delta","citation":{"type":"char_location","cited_text":"by alice@example.com","document_index":0,"document_title":"d","start_char_index":0,"end_char_index":3}"#
        )
        + event("content_block_stop", #","index":1"#)
        + event(
            "content_block_start",
            #","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"mail","input":{}}"#)
        + block(2, #""type":"input_json_delta","partial_json":"""#)
        + block(2, #""type":"input_json_delta","partial_json":"{\"to\": \"ali"# + #"""#)
        + block(2, #""type":"input_json_delta","partial_json":"ce@example.com\"}"# + #"""#)
        + event("content_block_stop", #","index":2"#)
        + event(
            "content_block_start",
            #","index":3,"content_block":{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","title":"alice@example.com","url":"https://x.org","encrypted_content":"EqgfCioIARgBIiQ3YTAwMjY1Mi1mZjM5","page_age":null}]}"#
        )
        + event("content_block_stop", #","index":3"#)
        + event(
            "message_delta", #","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":40}"#)
        + event("message_stop", "")
}

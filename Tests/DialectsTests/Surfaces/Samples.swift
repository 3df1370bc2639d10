import Dialects

/// Requests and answers made by hand. Each text that must be found has a plant, `<n>`, in it; nothing else has.
enum Samples {
    static let requests: [(surface: Surface, body: String, plants: Int)] = [
        (.openAIChat, chat, 35), (.openAIResponses, responses, 30), (.anthropicMessages, anthropic, 38),
        (.anthropicCountTokens, countTokens, 3), (.openAIEmbeddings, embeddings, 3),
    ]

    static let chat = """
        {"model": "openai/gpt-5.4 (high)", "temperature": 0.50, "stream":false,  "max_completion_tokens": 1e3, "n": 2,
         "messages": [
          {"role": "system", "content": "be brief <1>"},
          {"role": "developer", "content": [{"type": "text", "text": "and \\u0061 bit <2>", "cache_control": {"type": "ephemeral"}}]},
          {"role": "user", "name": "jane <3>", "content": [
            {"type": "text", "text": "look <4>"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==", "detail": "low"}},
            {"type": "image_url", "image_url": {"url": "https://example.org/<5>.png"}},
            {"type": "input_audio", "input_audio": {"data": "UklGRiQAAABXQVZFAAAA", "format": "wav"}},
            {"type": "file", "file": {"filename": "notes <6>.txt", "file_data": "data:text/plain;base64,bm90ZXMgb2YgPDc+"}},
            {"type": "hologram", "shape": {"caption": "seen <8>", "layers": ["one <9>"]}, "<10>": 1}]},
          {"role": "assistant", "content": null, "refusal": "no <11>", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "send_mail",
              "arguments": "{\\"to\\": \\"bo <12>\\", \\"n\\": 4111111111111111, \\"<13>\\": [true, \\"x <14>\\"]}"}},
            {"id": "call_2", "type": "custom", "custom": {"name": "shell", "input": "echo <15>"}},
            {"id": "call_3", "type": "function", "function": {"name": "broken", "arguments": "{\\"cut <16>"}}]},
          {"role": "tool", "tool_call_id": "call_1", "content": "sent <17>"},
          {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "out <18>"}]},
          {"role": "function", "name": "old", "content": "old <19>"},
          {"role": "assistant", "content": "done <20>", "function_call": {"name": "f", "arguments": "{\\"a\\":\\"<21>\\"}"},
           "audio": {"id": "audio_1"}}],
         "tools": [{"type": "function", "function": {"name": "send_mail", "description": "sends <22>", "strict": true,
           "parameters": {"type": "object", "title": "t <23>", "properties": {"<24>": {"type": "string",
             "description": "who <25>", "enum": ["a <26>"], "default": "d <27>"}}, "required": ["<28>"]}}},
           {"type": "custom", "custom": {"name": "shell", "description": "runs <29>", "format": {"type": "grammar",
             "grammar": {"syntax": "lark", "definition": "start: <30>"}}}}],
         "tool_choice": {"type": "function", "function": {"name": "send_mail"}},
         "response_format": {"type": "json_schema", "json_schema": {"name": "out", "description": "r <31>",
           "schema": {"type": "object", "description": "s <32>"}}},
         "prediction": {"type": "content", "content": "guess <33>"}, "stop": ["halt <34>"],
         "metadata": {"trace": "m <35>"}, "seed": 12345678901, "logit_bias": {}, "user": "user-1", "service_tier": "auto"}
        """

    static let responses = """
        {"model":"gpt-5.4","instructions":"act well <1>","max_output_tokens":512,"stream":true,"store":false,
         "input":[
          {"role":"user","content":"plain <2>"},
          {"type":"message","role":"user","content":[{"type":"input_text","text":"typed <3>"},
            {"type":"input_image","image_url":"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQ=="},
            {"type":"input_file","filename":"a <4>.md","file_data":"data:text/markdown;base64,IyA8NT4="},
            {"type":"input_file","file_id":"file_1"}]},
          {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[
            {"type":"output_text","text":"said <6>","annotations":[{"type":"url_citation","url":"https://x.org/<7>","title":"t <8>"}]},
            {"type":"refusal","refusal":"will not <9>"}]},
          {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"thought <10>"}],
           "encrypted_content":"gAAAAABo3Zk1xC2Vd9w7Q4mJp8sT6yUuIrNqLzXbHeKfWvGtYcOa"},
          {"type":"function_call","call_id":"call_1","name":"look_up","arguments":"{\\"who\\":\\"<11>\\"}"},
          {"type":"function_call_output","call_id":"call_1","output":"found <12>"},
          {"type":"function_call_output","call_id":"call_2","output":[{"type":"input_text","text":"list <13>"}]},
          {"type":"custom_tool_call","call_id":"call_3","name":"sh","input":"ls <14>"},
          {"type":"custom_tool_call_output","call_id":"call_3","output":"files <15>"},
          {"type":"computer_call","call_id":"call_4","action":{"type":"type","text":"keys <16>"}},
          {"type":"computer_call_output","call_id":"call_4","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,iVBORw0KGgo="}},
          {"type":"web_search_call","status":"completed","action":{"type":"search","query":"q <17>"}},
          {"type":"file_search_call","queries":["f <18>"],"results":[{"file_id":"file_1","text":"hit <19>","attributes":{"k":"<20>"}}]},
          {"type":"code_interpreter_call","code":"print(<21>)","outputs":[{"type":"logs","logs":"log <22>"}]},
          {"type":"mcp_call","server_label":"s","name":"n","arguments":"{\\"a\\":\\"<23>\\"}","output":"mcp <24>","error":"e <25>"},
          {"type":"image_generation_call","result":"iVBORw0KGgoAAAANSUhEUg=="},
          {"type":"item_reference","id":"msg_0"}],
         "tools":[{"type":"function","name":"look_up","description":"d <26>","parameters":{"type":"object","properties":{}}},
          {"type":"mcp","server_label":"s","server_url":"https://mcp.example.org/<27>"},
          {"type":"web_search_preview","user_location":{"type":"approximate","city":"Ulm <28>"}}],
         "text":{"format":{"type":"json_schema","name":"o","schema":{"type":"object","description":"<29>"}},"verbosity":"low"},
         "reasoning":{"effort":"high","summary":"auto"},"metadata":{"a":"<30>"},
         "previous_response_id":"resp_1","include":["reasoning.encrypted_content"]}
        """

    static let anthropic = """
        {"model":"claude-opus-4-5","max_tokens":1024,"stream":true,"thinking":{"type":"enabled","budget_tokens":2048},
         "system":[{"type":"text","text":"you are <1>","cache_control":{"type":"ephemeral","ttl":"1h"}}],
         "messages":[
          {"role":"user","content":"plain <2>"},
          {"role":"user","content":[{"type":"text","text":"block <3>"},
           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAANSUhEUg=="}},
           {"type":"image","source":{"type":"url","url":"https://example.org/<4>"}},
           {"type":"document","title":"t <5>","context":"c <6>","source":{"type":"text","media_type":"text/plain","data":"doc <7>"}},
           {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0xLjcKJeLjz9MK"}},
           {"type":"document","source":{"type":"base64","media_type":"text/plain","data":"ZmlsZSA8OD4="}},
           {"type":"document","source":{"type":"content","content":[{"type":"text","text":"inner <9>"}]}},
           {"type":"document","source":{"type":"file","file_id":"file_011"}},
           {"type":"search_result","source":"s <10>","title":"t <11>","content":[{"type":"text","text":"r <12>"}]}]},
          {"role":"assistant","content":[
           {"type":"thinking","thinking":"hmm <13>","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl"},
           {"type":"redacted_thinking","data":"EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIw"},
           {"type":"text","text":"so <14>","citations":[{"type":"char_location","cited_text":"cited <15>","document_title":"dt <16>",
             "document_index":0,"start_char_index":0,"end_char_index":9}]},
           {"type":"tool_use","id":"toolu_1","name":"mail","input":{"type":"letter <17>","to":{"<18>":["<19>"]},"card":4111111111111111},
            "cache_control":{"type":"ephemeral"}},
           {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q <20>"}},
           {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","title":"w <21>",
             "url":"https://x.org/<22>","encrypted_content":"EqgfCioIARgBIiQ3YTAwMjY1Mi1mZjM5","page_age":"<23> days"}]},
           {"type":"code_execution_tool_result","tool_use_id":"srvtoolu_2","content":{"type":"code_execution_result","stdout":"o <24>",
             "stderr":"e <25>","return_code":0,"content":[]}}]},
          {"role":"user","content":[
           {"type":"tool_result","tool_use_id":"toolu_1","is_error":false,"content":"sent <26>"},
           {"type":"tool_result","tool_use_id":"toolu_2","content":[{"type":"text","text":"part <27>"},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"deep <28>"}}]},
           {"type":"mcp_tool_result","tool_use_id":"mcptoolu_1","content":[{"type":"text","text":"mcp <29>"}]},
           {"type":"brand_new","body":{"id":"new <30>"}}]}],
         "tools":[{"name":"mail","description":"mails <31>","input_schema":{"type":"object","properties":{"to":{"type":"string",
            "description":"whom <32>","enum":["e <33>"]}}},"input_examples":[{"to":"x <34>"}]},
          {"type":"web_search_20250305","name":"web_search","max_uses":3,"allowed_domains":["<35>.org"]}],
         "tool_choice":{"type":"tool","name":"mail"},"stop_sequences":["stop <36>"],
         "mcp_servers":[{"type":"url","url":"https://m.org/<37>","name":"m"}],
         "metadata":{"user_id":"u <38>"}}
        """

    static let countTokens = """
        {"model":"claude-opus-4-5","system":"s <1>","messages":[{"role":"user","content":"u <2>"}],
         "tools":[{"name":"t","description":"d <3>","input_schema":{"type":"object"}}]}
        """

    static let embeddings =
        #"{"model":"text-embedding-3-small","input":["a <1>","b <2>"],"user":"u <3>","encoding_format":"base64"}"#

    static let answers: [(surface: Surface, body: String, plants: Int)] = [
        (
            .openAIChat,
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"gpt-5.4","choices":[{"index":0,
             "message":{"role":"assistant","content":"hello <1>","refusal":null,"reasoning_content":"so <2>","annotations":[
              {"type":"url_citation","url_citation":{"url":"https://x.org/<3>","title":"t <4>","start_index":0,"end_index":2}}],
              "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":\\"<5>\\"}"}}]},
             "logprobs":{"content":[{"token":"<6>","bytes":[104],"logprob":-0.1,"top_logprobs":[]}],"refusal":null},
             "finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,
             "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":7}},
             "system_fingerprint":"fp_1"}
            """, 6
        ),
        (
            .openAIResponses,
            """
            {"id":"resp_1","object":"response","created_at":1760000000,"status":"completed","model":"gpt-5.4",
             "instructions":"i <1>","output":[{"type":"message","id":"msg_1","role":"assistant","content":[
              {"type":"output_text","text":"hi <2>","annotations":[],"logprobs":[{"token":"<3>","bytes":[1],"logprob":0}]}]},
              {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{\\"a\\":\\"<4>\\"}"}],
             "usage":{"input_tokens":11,"input_tokens_details":{"cached_tokens":5,"cache_write_tokens":2},"output_tokens":21,
             "output_tokens_details":{"reasoning_tokens":8},"total_tokens":32},"metadata":{}}
            """, 4
        ),
        (
            .anthropicMessages,
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-5","content":[
             {"type":"thinking","thinking":"hm <1>","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl"},
             {"type":"text","text":"hi <2>"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":"<3>"}}],
             "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_read_input_tokens":100,
             "cache_creation_input_tokens":50,"output_tokens":30}}
            """, 3
        ),
    ]
}

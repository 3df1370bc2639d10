import Core
import JSON

/// Answers, and what both APIs call why a model stopped and what it used.
enum AnswerConversion {
    /// A message as a chat completion. Thinking goes to `reasoning_content`, as other providers have it.
    static func chat(of message: JSON, created: Int) throws(GatehouseError) -> JSON {
        var (text, thinking, calls) = ("", "", [JSON]())
        for (index, block) in (message["content"]?.array ?? []).enumerated() {
            switch block["type"]?.string {
            case "text": text += block["text"]?.string ?? ""
            case "thinking": thinking += block["thinking"]?.string ?? ""
            case "redacted_thinking": break
            case "tool_use":
                var call: JSONObject = ["type": "function"]
                call["id"] = block["id"]
                call["function"] = [
                    "name": block["name"] ?? .null, "arguments": .string((block["input"] ?? [:]).text()),
                ]
                calls.append(.object(call))
            default: throw DialectConversion.refusal("/content/\(index)/type of the answer")
            }
        }
        var answer: JSONObject = ["role": "assistant"]
        answer["content"] = text.isEmpty && !calls.isEmpty ? .null : .string(text)
        if !thinking.isEmpty { answer["reasoning_content"] = .string(thinking) }
        if !calls.isEmpty { answer["tool_calls"] = .array(calls) }
        let choice: JSON = [
            "index": 0, "message": .object(answer), "logprobs": .null,
            "finish_reason": .string(finishReason(message["stop_reason"]?.string)),
        ]
        return [
            "id": message["id"] ?? "", "object": "chat.completion", "created": JSON(created),
            "model": message["model"] ?? "", "choices": [choice], "usage": chatUsage(of: message),
        ]
    }

    /// A chat completion as a message.
    static func message(of completion: JSON) throws(GatehouseError) -> JSON {
        guard let choice = completion["choices"]?[0], let answer = choice["message"] else {
            throw GatehouseError("models", .unavailable, "the provider's answer has no choice")
        }
        var blocks: [JSON] = []
        for name in ["content", "refusal"] {
            if let text = answer[name]?.string, !text.isEmpty {
                blocks.append(["type": "text", "text": .string(text), "citations": .null])
            }
        }
        for (index, call) in (answer["tool_calls"]?.array ?? []).enumerated() {
            let place = "/choices/0/message/tool_calls/\(index)/function/arguments of the answer"
            let arguments = call["function"]?["arguments"]?.string ?? ""
            guard let input = arguments.isEmpty ? [:] : try? JSON.parse(arguments) else {
                throw DialectConversion.refusal(place)
            }
            blocks.append([
                "type": "tool_use", "id": call["id"] ?? "", "name": call["function"]?["name"] ?? "", "input": input,
            ])
        }
        return [
            "id": completion["id"] ?? "", "type": "message", "role": "assistant", "model": completion["model"] ?? "",
            "content": .array(blocks), "stop_reason": .string(stopReason(choice["finish_reason"]?.string)),
            "stop_sequence": .null, "usage": messageUsage(of: completion),
        ]
    }

    static func finishReason(_ stopReason: String?) -> String {
        switch stopReason {
        case "max_tokens", "model_context_window_exceeded": "length"
        case "tool_use": "tool_calls"
        case "refusal": "content_filter"
        default: "stop"
        }
    }

    static func stopReason(_ finishReason: String?) -> String {
        switch finishReason {
        case "length": "max_tokens"
        case "tool_calls", "function_call": "tool_use"
        case "content_filter": "refusal"
        default: "end_turn"
        }
    }

    private static func usage(in answer: JSON) -> TokenUsage {
        guard let document = try? JSONDocument(answer.bytes()) else { return TokenUsage() }
        return UsageReading.usage(in: document.root) ?? TokenUsage()
    }

    private static func chatUsage(of message: JSON) -> JSON { chatUsage(usage(in: message)) }
    private static func messageUsage(of completion: JSON) -> JSON { messageUsage(usage(in: completion)) }

    static func chatUsage(_ usage: TokenUsage) -> JSON {
        [
            "prompt_tokens": JSON(usage.input), "completion_tokens": JSON(usage.output),
            "total_tokens": JSON(usage.input + usage.output),
            "prompt_tokens_details": ["cached_tokens": JSON(usage.cachedInput)],
            "completion_tokens_details": ["reasoning_tokens": JSON(usage.reasoning)],
        ]
    }

    static func messageUsage(_ usage: TokenUsage) -> JSON {
        [
            "input_tokens": JSON(max(0, usage.input - usage.cachedInput - usage.cacheWrites)),
            "cache_read_input_tokens": JSON(usage.cachedInput),
            "cache_creation_input_tokens": JSON(usage.cacheWrites), "output_tokens": JSON(usage.output),
        ]
    }
}

import JSON

enum UsageReading {
    /// The usage that an answer or an event tells, wherever its surface has it; nil when it tells none.
    static func usage(in root: JSONView) -> TokenUsage? {
        for holder in [root, root["message"], root["response"]] {
            guard let usage = holder?["usage"], usage.kind == .object else { continue }
            return read(usage)
        }
        return nil
    }

    private static func read(_ usage: JSONView) -> TokenUsage {
        func count(_ names: String...) -> Int { max(0, names.lazy.compactMap { usage[$0]?.int }.first ?? 0) }
        let inputDetails = usage["input_tokens_details"] ?? usage["prompt_tokens_details"]
        let outputDetails = usage["output_tokens_details"] ?? usage["completion_tokens_details"]
        // Anthropic counts what was read from the cache and written to it beside the input, OpenAI within it.
        let (read, written) = (count("cache_read_input_tokens"), count("cache_creation_input_tokens"))
        let beside = min(read, TokenUsage.greatest) + min(written, TokenUsage.greatest)
        return TokenUsage(
            input: min(count("prompt_tokens", "input_tokens"), TokenUsage.greatest) + beside,
            output: count("completion_tokens", "output_tokens"),
            cachedInput: max(read, inputDetails?["cached_tokens"]?.int ?? 0),
            cacheWrites: max(written, inputDetails?["cache_write_tokens"]?.int ?? 0),
            reasoning: outputDetails?["reasoning_tokens"]?.int ?? outputDetails?["thinking_tokens"]?.int ?? 0)
    }
}

enum StopReading {
    static func reason(in root: JSONView) -> String? {
        if let reason = root["stop_reason"]?.string { return reason }
        if let reason = root["delta"]?["stop_reason"]?.string { return reason }
        if let choices = root["choices"] {
            return choices.elements.lazy.compactMap { $0["finish_reason"]?.string }.first
        }
        let response = root["response"] ?? root
        guard response["object"]?.string == "response" else { return nil }
        return response["incomplete_details"]?["reason"]?.string ?? response["status"]?.string
    }
}

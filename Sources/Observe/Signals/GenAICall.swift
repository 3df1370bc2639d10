import Core
import Gate
import JSON

/// A call to a model, in the words of OpenTelemetry's conventions for generative AI
/// (https://github.com/open-telemetry/semantic-conventions-genai), from what the record says of it.
struct GenAICall: Sendable, Hashable {
    /// The action that asks models.
    static let tool = "models.call"

    var asked: AskedModel
    var isStreamed = false
    var attempts = 0
    var input = 0
    var output = 0
    /// Of the input.
    var cacheRead: Int?
    var cacheWrite: Int?
    /// Of the output.
    var reasoning: Int?
    /// Seconds.
    var duration = 0.0
    var timeToFirstChunk: Double?
    var finishReason: String?
    var errorType: String?
}

extension GenAICall {
    /// Nil for another action, and for one that was not performed: no model was asked then.
    init?(_ action: EndedAction, servers: [String: WebPlace]) {
        guard action.tool == Self.tool, let performance = action.performance, let facts = action.facts.object,
            let operation = facts["surface"]?.string.flatMap({ Self.operations[$0] })
        else { return nil }
        self.init(asked: AskedModel(operation: operation))
        duration = Double(performance.microseconds) / 1e6
        errorType = action.error?.rawValue
        isStreamed = facts["stream"]?.bool ?? false
        attempts = facts["attempts"]?.int ?? 0
        input = facts["input_tokens"]?.int ?? 0
        output = facts["output_tokens"]?.int ?? 0
        cacheRead = facts["cached_input_tokens"]?.int
        cacheWrite = facts["cache_write_tokens"]?.int
        reasoning = facts["reasoning_tokens"]?.int
        if isStreamed { timeToFirstChunk = facts["first_byte_milliseconds"]?.double.map { $0 / 1000 } }
        finishReason = facts["stop_reason"]?.string.map { Self.finishReasons.contains($0) ? $0 : "other" }
        if let id = facts["provider"]?.string {
            asked.provider = Self.providers[id] ?? id
            asked.server = servers[id]
            asked.model = facts["model"]?.string.map { Self.name($0, of: id) }
        }
        asked.hasAnswered = facts["status"]?.int.map { (200...299).contains($0) } ?? false
    }

    /// `openai/gpt-5.4 (high)` → `gpt-5.4`.
    private static func name(_ model: String, of provider: String) -> String {
        let name = model.hasPrefix(provider + "/") ? model.dropFirst(provider.count + 1) : model[...]
        guard name.hasSuffix(")"), let space = name.lastIndex(of: " ") else { return String(name) }
        return String(name[..<space])
    }

    private static let operations = [
        "openai.chat": "chat", "openai.responses": "chat", "anthropic.messages": "chat",
        "openai.embeddings": "embeddings", "openai.transcriptions": "transcription",
        "anthropic.count_tokens": "count_tokens",
    ]

    /// Those that the conventions call otherwise than the configuration.
    private static let providers = ["google": "gcp.gemini", "azure": "azure.ai.openai", "bedrock": "aws.bedrock"]

    /// Of both APIs. What else a provider may write there is a text of its own, and stays here.
    private static let finishReasons: Set<String> = [
        "stop", "length", "tool_calls", "content_filter", "function_call", "end_turn", "max_tokens", "stop_sequence",
        "tool_use", "pause_turn", "refusal", "model_context_window_exceeded", "completed", "incomplete", "failed",
        "cancelled",
    ]
}

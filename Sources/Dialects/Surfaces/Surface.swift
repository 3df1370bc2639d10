/// A way in: one endpoint of one API, with its format of requests, answers, stream events and errors.
public enum Surface: String, Sendable, Hashable, CaseIterable {
    case openAIChat = "openai.chat"
    case openAIResponses = "openai.responses"
    case openAIEmbeddings = "openai.embeddings"
    /// The only one whose requests are forms.
    case openAITranscriptions = "openai.transcriptions"
    case anthropicMessages = "anthropic.messages"
    case anthropicCountTokens = "anthropic.count_tokens"

    var isAnthropic: Bool { self == .anthropicMessages || self == .anthropicCountTokens }
}

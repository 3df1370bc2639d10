/// Providers whose address and form of authentication are known, so that a configuration names only a key.
public enum ProviderKind: String, Sendable, Hashable, CaseIterable {
    case openAI = "openai"
    case anthropic
    case google, azure, bedrock, groq, cerebras
    case fireworks = "fireworks-ai"
    case ollama
    /// Any other address with OpenAI's dialect.
    case compatible = "openai-compatible"

    public var dialect: Dialect { self == .anthropic ? .anthropic : .openAI }

    /// Nil where the address is the customer's own and has to be configured.
    ///
    /// Bedrock is spoken to at its OpenAI-compatible endpoint, which streams server-sent events.
    public func baseURL(region: String?) -> String? {
        switch self {
        case .openAI: "https://api.openai.com/v1"
        case .anthropic: "https://api.anthropic.com/v1"
        case .google: "https://generativelanguage.googleapis.com/v1beta/openai"
        case .bedrock: region.map { "https://bedrock-runtime.\($0).amazonaws.com/openai/v1" }
        case .groq: "https://api.groq.com/openai/v1"
        case .cerebras: "https://api.cerebras.ai/v1"
        case .fireworks: "https://api.fireworks.ai/inference/v1"
        case .ollama: "http://127.0.0.1:11434/v1"
        case .azure, .compatible: nil
        }
    }

    /// The header that holds the key alone; nil for a bearer token.
    var keyHeader: String? {
        switch self {
        case .anthropic: "x-api-key"
        case .azure: "api-key"
        default: nil
        }
    }

    var needsKey: Bool { self != .ollama && self != .compatible }
}

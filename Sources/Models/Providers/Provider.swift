public import Core
public import Dialects

/// The format that a provider speaks.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    case openAI = "openai"
    case anthropic

    /// Where an effort is written, as keys that lead inwards.
    public func effortField(on surface: Surface) -> [String] {
        if self == .anthropic { return ["output_config", "effort"] }
        return surface == .openAIResponses ? ["reasoning", "effort"] : ["reasoning_effort"]
    }

    /// Whether the dialect has the word: Anthropic knows nothing below `low`.
    public func knows(_ effort: Effort) -> Bool {
        switch self {
        case .openAI: effort != .max
        case .anthropic: effort != .none && effort != .minimal
        }
    }
}

/// How calls prove whose they are. The description names the form and never the secret.
public enum ProviderAuth: Sendable, Hashable {
    case none
    /// `authorization: Bearer …`
    case bearer(Secret)
    /// The key alone in a header: `x-api-key` of Anthropic, `api-key` of Azure.
    case header(String, Secret)
    /// AWS Signature Version 4.
    case sigV4(SigV4.Credentials, region: String, service: String)
}

/// The labels that a provider may receive. What carries any other label is not sent to it.
public struct Clearance: Sendable, Hashable {
    public let labels: Set<Label>

    public init(_ labels: Set<Label>) { self.labels = labels }

    /// Text of tools and documents only: nothing personal, secret or confidential.
    public static let standard = Clearance([.untrusted])

    /// The labels that it may not receive, sorted.
    public func missing(of labels: Set<Label>) -> [Label] { labels.subtracting(self.labels).sorted() }
}

public struct ProviderLimits: Sendable, Hashable {
    /// Calls under way at once.
    public var concurrent: Int
    public var perMinute: Int

    public init(concurrent: Int = 256, perMinute: Int = 6000) {
        self.concurrent = concurrent
        self.perMinute = perMinute
    }
}

public struct ProviderTimeouts: Sendable, Hashable {
    public var connect: Duration
    /// From the request's start to the head of the answer.
    public var firstByte: Duration
    /// Between two pieces of an answer.
    public var idle: Duration
    /// The whole call.
    public var whole: Duration

    public init(
        connect: Duration = .seconds(5), firstByte: Duration = .seconds(120), idle: Duration = .seconds(60),
        whole: Duration = .seconds(900)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.whole = whole
    }
}

/// Where a model is served.
public struct Provider: Sendable, Hashable {
    public let id: String
    /// Without a slash at its end: `https://api.openai.com/v1`.
    public let baseURL: String
    public let dialect: Dialect
    public let auth: ProviderAuth
    public let clearance: Clearance
    public let limits: ProviderLimits
    public let timeouts: ProviderTimeouts

    public init(
        id: String, baseURL: String, dialect: Dialect, auth: ProviderAuth, clearance: Clearance = .standard,
        limits: ProviderLimits = ProviderLimits(), timeouts: ProviderTimeouts = ProviderTimeouts()
    ) {
        self.id = id
        self.baseURL = baseURL
        self.dialect = dialect
        self.auth = auth
        self.clearance = clearance
        self.limits = limits
        self.timeouts = timeouts
    }

    /// Where a surface's requests go; nil when the provider's dialect has no such endpoint.
    public func address(of surface: Surface) -> String? {
        switch (surface, dialect) {
        case (.openAIChat, .openAI): "\(baseURL)/chat/completions"
        case (.openAIResponses, .openAI): "\(baseURL)/responses"
        case (.openAIEmbeddings, .openAI): "\(baseURL)/embeddings"
        case (.openAITranscriptions, .openAI): "\(baseURL)/audio/transcriptions"
        case (.anthropicMessages, .anthropic): "\(baseURL)/messages"
        case (.anthropicCountTokens, .anthropic): "\(baseURL)/messages/count_tokens"
        default: nil
        }
    }
}

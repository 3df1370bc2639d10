public import Core

/// How a call to a provider can fail.
public enum UpstreamFailure: Error, Sendable, Hashable {
    /// No connection: refused, no such host, TLS.
    case connect(String)
    /// The provider answered with a status of its own, and perhaps asked to wait.
    case status(Int, retryAfter: Duration?)
    case firstByteLate
    /// The answer stopped coming.
    case idle
    /// The connection broke.
    case reset(String)
    /// The whole took too long.
    case late
    /// A bound on an answer was passed.
    case tooLarge

    /// Whether another model, or the same one later, may do better.
    public var isRetryable: Bool {
        switch self {
        case .connect, .firstByteLate, .idle, .reset: true
        case .status(let status, _): status == 408 || status == 429 || (500...599).contains(status)
        case .late, .tooLarge: false
        }
    }

    public func error(from model: ModelName) -> GatehouseError {
        switch self {
        case .connect(let cause): Self.away("\(model.provider) cannot be reached", cause)
        case .status(429, let wait):
            Self.busy("\(model) takes no more calls at the moment", wait ?? .seconds(5))
        case .status(let status, let wait): Self.away("\(model) answered with status \(status)", wait: wait)
        case .firstByteLate: GatehouseError("models", .timeout, "\(model) did not begin to answer in time")
        case .idle: GatehouseError("models", .timeout, "\(model) stopped answering")
        case .late: GatehouseError("models", .timeout, "\(model) took too long")
        case .reset(let cause): Self.away("the connection to \(model.provider) broke", cause)
        case .tooLarge: GatehouseError("models", .tooLarge, "the answer of \(model) is too large")
        }
    }

    private static func busy(_ message: String, _ wait: Duration) -> GatehouseError {
        GatehouseError(
            "models", .exhausted, message, hint: "try again in \(wait.secondsToWait) s", retryAfter: wait)
    }

    private static func away(_ message: String, _ cause: String? = nil, wait: Duration? = nil) -> GatehouseError {
        GatehouseError("models", .unavailable, message, cause: cause, hint: "try again later", retryAfter: wait)
    }
}

/// The one error shape of the house: which room, a closed code, what happened, why, and what to do next.
///
/// Rooms throw it; the front door maps ``Code`` to an HTTP status or an exit code at one edge and nowhere else.
/// `message`, `cause` and `hint` are shown to callers and written to logs: they never hold a secret.
public struct GatehouseError: Error, Sendable, Hashable {
    /// What kind of failure it is. Closed: a caller may switch over it.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The request or file is malformed; repeating it unchanged fails again.
        case invalid
        /// No or unknown credentials.
        case unauthenticated
        /// Known, but not allowed. Also: no decision was reached.
        case denied
        case notFound = "not_found"
        /// The thing exists already or is in a state that forbids this.
        case conflict
        /// A budget, quota or rate is used up; `hint` says when to come back.
        case exhausted
        /// A bound on outside input was passed.
        case tooLarge = "too_large"
        case cancelled
        case timeout
        /// A dependency or resource is away for now; the same call may work later.
        case unavailable
        /// Stored data does not verify.
        case corrupt
        case unsupported
        /// A fault of ours.
        case `internal`
    }

    /// The room that reports it, in lower case: `ledger`, `config`.
    public var domain: String
    public var code: Code
    /// One sentence: what failed, with its place (file, line, column, key, index) where there is one.
    public var message: String
    /// What lies beneath, in the words of the component that reported it.
    public var cause: String?
    /// The next step for the reader.
    public var hint: String?
    /// After which the same call may work, where that is known.
    public var retryAfter: Duration?

    public init(
        _ domain: String, _ code: Code, _ message: String, cause: String? = nil, hint: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.domain = domain
        self.code = code
        self.message = message
        self.cause = cause
        self.hint = hint
        self.retryAfter = retryAfter
    }

    /// The same failure with the error that led to it described as its cause.
    public init(_ domain: String, _ code: Code, _ message: String, from error: any Error, hint: String? = nil) {
        self.init(domain, code, message, cause: String(describing: error), hint: hint)
    }
}

extension GatehouseError: CustomStringConvertible {
    public var description: String {
        var text = "\(domain): \(message)"
        if let cause { text += " (\(cause))" }
        if let hint { text += "; \(hint)" }
        return text
    }
}

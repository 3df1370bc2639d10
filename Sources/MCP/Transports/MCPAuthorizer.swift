public import Core

/// Says who asks, to one server. What it gives is for that server alone.
public protocol MCPAuthorizer: Sendable {
    /// The value of `Authorization`; nil to send none yet.
    func authorization() async throws -> Secret?

    /// The server wants another authorization than it was sent.
    ///
    /// - Parameters:
    ///   - status: 401, or 403 where the authorization does not reach far enough.
    ///   - challenges: the values of `WWW-Authenticate`.
    /// - Returns: whether there is a new one to try with.
    func renew(status: Int, challenges: [String]) async throws -> Bool
}

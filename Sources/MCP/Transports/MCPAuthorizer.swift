public import Core

/// Says who asks, to one server. What it gives is for that server alone.
public protocol MCPAuthorizer: Sendable {
    /// The value of `Authorization`; nil to send none yet.
    func authorization() async throws -> Secret?

    /// The headers that say so in one request; ``authorization()`` is all of them unless a token must be proven.
    func headers(method: String, address: String) async throws -> [(name: String, value: Secret)]

    /// The server wants proofs to name this from now on (RFC 9449, section 9).
    func note(nonce: String)

    /// The server wants another authorization than it was sent.
    ///
    /// - Parameters:
    ///   - status: 401, or 403 where the authorization does not reach far enough.
    ///   - challenges: the values of `WWW-Authenticate`.
    /// - Returns: whether there is a new one to try with.
    func renew(status: Int, challenges: [String]) async throws -> Bool
}

extension MCPAuthorizer {
    public func headers(method: String, address: String) async throws -> [(name: String, value: Secret)] {
        try await authorization().map { [("authorization", $0)] } ?? []
    }

    public func note(nonce: String) {}
}

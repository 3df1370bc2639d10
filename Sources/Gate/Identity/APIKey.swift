public import Core

/// A key as it may be looked at: everything but the secret, which was shown once when it was made.
public struct APIKey: Sendable, Hashable {
    /// Eight characters; the part of the key's text between `gh_` and the secret.
    public let id: String
    public let principalID: String
    /// What it is for, in the words of who made it.
    public let name: String
    public let created: Timestamp
    /// Nil for a key that does not expire.
    public let expires: Timestamp?
    /// To within a minute across restarts; nil when it was never used.
    public let lastUsed: Timestamp?
    public let revoked: Timestamp?

    public init(
        id: String, principalID: String, name: String, created: Timestamp, expires: Timestamp? = nil,
        lastUsed: Timestamp? = nil,
        revoked: Timestamp? = nil
    ) {
        self.id = id
        self.principalID = principalID
        self.name = name
        self.created = created
        self.expires = expires
        self.lastUsed = lastUsed
        self.revoked = revoked
    }
}

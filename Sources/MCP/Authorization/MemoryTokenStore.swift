import Synchronization

/// Keeps grants and identities for as long as the process lives.
public final class MemoryTokenStore: TokenStore {
    private let grants = Mutex<[GrantKey: Grant]>([:])
    private let identities = Mutex<[String: OAuthIdentity]>([:])

    public init() {}

    public func grant(for key: GrantKey) async -> Grant? { grants.withLock { $0[key] } }
    public func keep(_ grant: Grant?, for key: GrantKey) async { grants.withLock { $0[key] = grant } }
    public func identity(at issuer: String) async -> OAuthIdentity? { identities.withLock { $0[issuer] } }
    public func keep(_ identity: OAuthIdentity, at issuer: String) async {
        identities.withLock { $0[issuer] = identity }
    }
}

/// Fetches an issuer's key set. The front door supplies it, since the network is its business.
public protocol JWKSFetcher: Sendable {
    /// The body of a successful answer. Must end by itself, within ten seconds at most, and stop reading at `limit`
    /// bytes.
    /// - Throws: anything; the issuer's last good keys stay in use for a while.
    func fetch(_ url: String, limit: Int) async throws -> [UInt8]
}

import Core

/// Tokens that were found good, by their hash, so that the next request with the same token costs no signature check.
///
/// Two generations of bounded size: when the newer is full, the older is forgotten.
struct VerifiedTokens: Sendable {
    private static let generation = 4096

    private var newer: [Digest256: TokenClaims] = [:]
    private var older: [Digest256: TokenClaims] = [:]

    mutating func find(_ digest: Digest256) -> TokenClaims? {
        if let claims = newer[digest] { return claims }
        guard let claims = older[digest] else { return nil }
        insert(claims, for: digest)
        return claims
    }

    mutating func insert(_ claims: TokenClaims, for digest: Digest256) {
        if newer.count >= Self.generation {
            older = newer
            newer = [:]
        }
        newer[digest] = claims
    }
}

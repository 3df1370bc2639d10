import Core
import JSON
import JWTKit
import Synchronization

/// Believes or refuses JSON Web Tokens of the configured issuers.
final class TokenVerifier: Sendable {
    private struct Issuer: Sendable {
        let settings: TokenIssuer
        let keys: IssuerKeys
    }

    private let issuers: [String: Issuer]
    private let verified = Mutex(VerifiedTokens())

    /// - Throws: `invalid` for an inline key set that is none.
    init(_ issuers: [TokenIssuer], clock: any WallClock, fetcher: (any JWKSFetcher)?) async throws {
        var known = [String: Issuer]()
        for settings in issuers {
            do {
                let keys = try await IssuerKeys(settings, clock: clock, fetcher: fetcher)
                known[settings.issuer] = Issuer(settings: settings, keys: keys)
            } catch {
                throw GatehouseError(
                    "gate", .invalid, "the keys of issuer \"\(settings.issuer)\" cannot be used", from: error)
            }
        }
        self.issuers = known
    }

    /// - Throws: `unauthenticated`; `unavailable` when the issuer's keys cannot be had.
    func claims(of token: Secret, at now: Timestamp) async throws -> TokenClaims {
        let text = [UInt8](token.expose().utf8)
        guard text.count <= TokenText.greatestLength else {
            throw TokenText.refused("it is longer than \(TokenText.greatestLength) bytes")
        }
        let digest = Digest256(hashing: text)
        if let known = verified.withLock({ $0.find(digest) }) {
            try known.requireValid(at: now)
            return known
        }
        let claims = try await verify(text, at: now)
        verified.withLock { $0.insert(claims, for: digest) }
        return claims
    }

    @concurrent
    private func verify(_ text: [UInt8], at now: Timestamp) async throws -> TokenClaims {
        let token = try TokenText(text)
        guard let name = token.claims["iss"]?.string, let issuer = issuers[name] else {
            throw TokenText.refused(
                "its issuer is not configured", hint: "add it under \"issuers\" in the configuration")
        }
        guard issuer.settings.algorithms.contains(where: { $0.rawValue == token.algorithm }) else {
            throw TokenText.refused("the algorithm \"\(token.algorithm.prefix(20))\" is not allowed for its issuer")
        }
        let claims = try TokenClaims(token.claims, of: issuer.settings, now: now)
        let key = try await issuer.keys.key(token.keyID, for: token.algorithm)
        guard key.name == token.algorithm, (try? key.verify(token.signature, signs: token.signed)) ?? false else {
            throw TokenText.refused("its signature does not verify")
        }
        return claims
    }
}

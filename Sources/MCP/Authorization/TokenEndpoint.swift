import Core
import JSON
import Web

/// Asks an authorization server for tokens (RFC 6749, section 3.2), as the client that it knows us as.
struct TokenEndpoint: Sendable {
    let http: OAuthHTTP
    let clock: any WallClock
    var address: String
    var issuer: String
    var identity: OAuthIdentity
    /// How the client shows who it is; see ``OAuthIdentity/method(among:)``.
    var method: String
    /// That the token is to be bound to; nil for a bearer's.
    var proofKey: ProofKey?

    /// - Throws: `denied` where the server refuses, `unavailable` where it fails.
    func ask(_ form: [(String, String)]) async throws -> JSON {
        var nonce: String?
        while true {
            let (form, authorization) = try authenticated(form)
            let proof = try proofKey?.proof("POST", address, nonce: nonce, at: clock.now())
            let answer = try await http.post(address, form: form, authorization: authorization, proof: proof)
            if answer.status == 200 { return answer.json }
            let reason = answer.json["error"]?.string.map { String($0.prefix(100)) }
            // RFC 9449, section 8: once, with what it wants to see.
            if reason == "use_dpop_nonce", nonce == nil, proof != nil, let wanted = answer.nonce {
                nonce = wanted
                continue
            }
            guard answer.status < 500 else {
                throw MCPFailure.unavailable("the authorization server fails", cause: reason)
            }
            throw OAuthFailure.refused(
                "the authorization server gave no token", cause: reason ?? "status \(answer.status)")
        }
    }

    private func authenticated(_ form: [(String, String)]) throws -> ([(String, String)], Secret?) {
        if method == OAuthIdentity.signed, let key = identity.key {
            let assertion = try key.assertion(of: identity.clientID, for: issuer, at: clock.now())
            return (
                form + [
                    ("client_id", identity.clientID), ("client_assertion", assertion),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ], nil
            )
        }
        guard let secret = identity.clientSecret, method != OAuthIdentity.none else {
            return (form + [("client_id", identity.clientID)], nil)
        }
        if method == OAuthIdentity.posted {
            return (form + [("client_id", identity.clientID), ("client_secret", secret.expose())], nil)
        }
        // Both are encoded as in a form before they are joined (RFC 6749, section 2.3.1).
        let pair = "\(Percent.encode(identity.clientID)):\(Percent.encode(secret.expose()))"
        return (form, Secret("Basic \(Base64.encode(Array(pair.utf8)))"))
    }
}

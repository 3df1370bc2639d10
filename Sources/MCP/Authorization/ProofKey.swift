import Core
import Crypto
import JSON

/// The key that a grant's token is bound to: whoever uses the token proves with each request that they have it
/// (DPoP, RFC 9449). It is made for one grant and kept with it.
struct ProofKey: Sendable, Hashable {
    static let algorithm = "ES256"

    private let key: Secret

    init() { key = Secret(Base64.encode(Array(P256.Signing.PrivateKey().rawRepresentation))) }

    /// Nil for what ``exported`` is not.
    init?(exported: String) {
        guard let bytes = Base64.decode(exported), (try? P256.Signing.PrivateKey(rawRepresentation: bytes)) != nil
        else {
            return nil
        }
        key = Secret(exported)
    }

    var exported: String { key.expose() }

    private func privateKey() throws -> P256.Signing.PrivateKey {
        try P256.Signing.PrivateKey(rawRepresentation: Base64.decode(key.expose()) ?? [])
    }

    private static func members(of key: P256.Signing.PrivateKey) -> JSON {
        let point = Array(key.publicKey.x963Representation.dropFirst())
        return [
            "crv": "P-256", "kty": "EC", "x": JSON(Base64.encode(point.prefix(32), .url)),
            "y": JSON(Base64.encode(point.suffix(32), .url)),
        ]
    }

    /// RFC 7638: of the members in this order.
    func thumbprint() throws -> String {
        Base64.encode(Array(SHA256.hash(data: try Self.members(of: privateKey()).bytes())), .url)
    }

    /// The value of `DPoP` for one request.
    ///
    /// - Parameters:
    ///   - token: that is sent with it; nil where one is asked for.
    ///   - nonce: that the server wants to see.
    func proof(
        _ method: String, _ address: String, token: Secret? = nil, nonce: String? = nil, at now: Timestamp
    ) throws -> Secret {
        let key = try privateKey()
        let target = address.prefix { $0 != "?" && $0 != "#" }
        let claims = JSON.made([
            "jti": JSON(SessionID.make()), "htm": JSON(method), "htu": JSON(String(target)),
            "iat": JSON(Int(now.seconds)), "nonce": nonce.map { JSON($0) },
            "ath": token.map { JSON(Base64.encode(Array(SHA256.hash(data: Array($0.expose().utf8))), .url)) },
        ])
        let header: JSON = ["typ": "dpop+jwt", "alg": JSON(Self.algorithm), "jwk": Self.members(of: key)]
        return Secret(
            try CompactJWS.make(header: header, claims: claims) { try Array(key.signature(for: $0).rawRepresentation) })
    }
}

public import Core
import Crypto
import CryptoExtras
import JSON

/// A private key by which a client shows an authorization server who it is (`private_key_jwt`).
public struct ClientKey: Sendable, Hashable {
    private enum Parsed {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)

        /// RFC 7518, section 3.1.
        var algorithm: String {
            switch self {
            case .p256: "ES256"
            case .p384: "ES384"
            case .rsa: "RS256"
            }
        }

        func signature(of bytes: [UInt8]) throws -> [UInt8] {
            switch self {
            case .p256(let key): try Array(key.signature(for: bytes).rawRepresentation)
            case .p384(let key): try Array(key.signature(for: bytes).rawRepresentation)
            case .rsa(let key):
                try Array(key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation)
            }
        }
    }

    /// By which the server finds the public key; nil where it has only one of this client's.
    public let id: String?
    private let pem: Secret

    /// - Parameter pem: PKCS #8 or SEC 1: a key on P-256 (ES256) or P-384 (ES384), or of RSA with 2048 bits or more
    ///   (RS256).
    /// - Throws: `invalid` for any other.
    public init(pem: Secret, id: String? = nil) throws {
        _ = try Self.parsed(pem)
        self.pem = pem
        self.id = id
    }

    private static func parsed(_ pem: Secret) throws -> Parsed {
        let text = pem.expose()
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: text) { return .p256(key) }
        if let key = try? P384.Signing.PrivateKey(pemRepresentation: text) { return .p384(key) }
        if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: text) { return .rsa(key) }
        throw GatehouseError(
            "mcp", .invalid, "the client's key is no private key on P-256 or P-384 nor one of RSA",
            hint: "give it as PEM, with no password")
    }

    /// Says who we are, to one issuer and for a minute (RFC 7523, section 3).
    func assertion(of clientID: String, for issuer: String, at now: Timestamp) throws -> String {
        let key = try Self.parsed(pem)
        let claims: JSON = [
            "iss": JSON(clientID), "sub": JSON(clientID), "aud": JSON(issuer), "iat": JSON(Int(now.seconds)),
            "exp": JSON(Int(now.seconds) + 60), "jti": JSON(SessionID.make()),
        ]
        let header: JSON = .made(["alg": JSON(key.algorithm), "typ": "JWT", "kid": id.map { JSON($0) }])
        return try CompactJWS.make(header: header, claims: claims) { try key.signature(of: $0) }
    }
}

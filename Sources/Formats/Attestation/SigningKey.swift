public import Core
import Crypto

/// A private key that signs: ECDSA on P-256 with SHA-256, or Ed25519.
public struct SigningKey: Sendable {
    private enum Kind: Sendable {
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    private let kind: Kind

    /// - Parameter pem: PKCS #8, or SEC 1 for P-256, with no password.
    /// - Throws: `invalid` for any other.
    public init(pem: Secret) throws(GatehouseError) {
        let text = pem.expose()
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: text) {
            kind = .p256(key)
        } else if let seed = PEM.bytes(text, "PRIVATE KEY").flatMap(PEM.ed25519Seed),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        {
            kind = .ed25519(key)
        } else {
            let isSealed = text.contains("ENCRYPTED")
            throw GatehouseError(
                "attestation", .invalid,
                isSealed
                    ? "the private key is sealed with a password, which is not read"
                    : "the file holds no private key on P-256 and none of Ed25519",
                hint: "make one with: openssl genpkey -algorithm ed25519 -out key.pem && chmod 600 key.pem")
        }
    }

    public var publicKey: VerifyingKey {
        switch kind {
        case .p256(let key): VerifyingKey(key.publicKey)
        case .ed25519(let key): VerifyingKey(key.publicKey)
        }
    }

    /// ECDSA's in DER.
    public func signature(of bytes: [UInt8]) throws(GatehouseError) -> [UInt8] {
        do {
            switch kind {
            case .p256(let key): return try Array(key.signature(for: bytes).derRepresentation)
            case .ed25519(let key): return try Array(key.signature(for: bytes))
            }
        } catch {
            throw GatehouseError("attestation", .internal, "signing failed", cause: String(describing: error))
        }
    }
}

/// A public key that tells whether a signature is of its private key.
public struct VerifyingKey: Sendable {
    private enum Kind: Sendable {
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    private let kind: Kind

    /// - Parameter pem: a SubjectPublicKeyInfo.
    /// - Throws: `invalid` for any other.
    public init(pem text: String) throws(GatehouseError) {
        if let key = try? P256.Signing.PublicKey(pemRepresentation: text) {
            kind = .p256(key)
        } else if let bytes = PEM.bytes(text, "PUBLIC KEY"), bytes.starts(with: PEM.ed25519Public), bytes.count == 44,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes.suffix(32))
        {
            kind = .ed25519(key)
        } else {
            throw GatehouseError(
                "attestation", .invalid, "the file holds no public key on P-256 and none of Ed25519",
                hint: "give the PEM that openssl pkey -pubout or cosign public-key writes")
        }
    }

    init(_ key: P256.Signing.PublicKey) { kind = .p256(key) }
    init(_ key: Curve25519.Signing.PublicKey) { kind = .ed25519(key) }

    /// The SubjectPublicKeyInfo, in DER.
    public var bytes: [UInt8] {
        switch kind {
        case .p256(let key): Array(key.derRepresentation)
        case .ed25519(let key): PEM.ed25519Public + Array(key.rawRepresentation)
        }
    }

    /// SHA-256 of ``bytes``, in hexadecimal.
    public var id: String { Hex.encode(SHA256.hash(data: bytes)) }

    /// The same as Sigstore's tools write it.
    var hint: String { Base64.encode(Array(SHA256.hash(data: bytes))) }

    public func isValid(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
        switch kind {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: bytes)
        case .ed25519(let key): return key.isValidSignature(signature, for: bytes)
        }
    }
}

/// Keys as text (RFC 7468).
private enum PEM {
    /// RFC 8410, sections 4 and 7.
    static let ed25519Public: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    private static let ed25519Private: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    static func bytes(_ text: String, _ label: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { String($0.filter { $0 != " " && $0 != "\t" }) }
        let plain = label.filter { $0 != " " }
        guard let start = lines.firstIndex(of: "-----BEGIN\(plain)-----"),
            let end = lines[start...].firstIndex(of: "-----END\(plain)-----")
        else { return nil }
        return Base64.decode(lines[(start + 1)..<end].joined())
    }

    static func ed25519Seed(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.count == 48 && bytes.starts(with: ed25519Private) ? Array(bytes.suffix(32)) : nil
    }
}

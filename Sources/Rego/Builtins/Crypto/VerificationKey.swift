internal import BigInt
internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// The digests that signatures are made over.
enum DigestKind: String {
    case sha256 = "256"
    case sha384 = "384"
    case sha512 = "512"
}

/// A public key with which a signature can be checked.
enum VerificationKey {
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)

    enum Scheme {
        case pkcs1(DigestKind), pss(DigestKind), ecdsa(DigestKind), eddsa

        /// Of a JWT's `alg`.
        init?(algorithm: String) {
            if algorithm == "EdDSA" {
                self = .eddsa
                return
            }
            guard let digest = DigestKind(rawValue: String(algorithm.dropFirst(2))) else { return nil }
            switch algorithm.prefix(2) {
            case "RS": self = .pkcs1(digest)
            case "PS": self = .pss(digest)
            case "ES": self = .ecdsa(digest)
            default: return nil
            }
        }
    }

    /// - Parameter isRaw: an ECDSA signature is the two numbers side by side, as in JWTs, and not DER.
    func isValid(_ signature: [UInt8], for data: [UInt8], _ scheme: Scheme, isRaw: Bool) -> Bool {
        switch (self, scheme) {
        case (.rsa(let key), .pkcs1(let digest)):
            return key.isValid(signature, data, digest, .insecurePKCS1v1_5)
        case (.rsa(let key), .pss(let digest)): return key.isValid(signature, data, digest, .PSS)
        case (.p256(let key), .ecdsa(let digest)):
            let parsed =
                isRaw
                ? try? P256.Signing.ECDSASignature(rawRepresentation: signature)
                : try? P256.Signing.ECDSASignature(derRepresentation: signature)
            guard let parsed, !isRaw || digest == .sha256 else { return false }
            switch digest {
            case .sha256: return key.isValidSignature(parsed, for: SHA256.hash(data: data))
            case .sha384: return key.isValidSignature(parsed, for: SHA384.hash(data: data))
            case .sha512: return key.isValidSignature(parsed, for: SHA512.hash(data: data))
            }
        case (.p384(let key), .ecdsa(let digest)):
            let parsed =
                isRaw
                ? try? P384.Signing.ECDSASignature(rawRepresentation: signature)
                : try? P384.Signing.ECDSASignature(derRepresentation: signature)
            guard let parsed, !isRaw || digest == .sha384 else { return false }
            switch digest {
            case .sha256: return key.isValidSignature(parsed, for: SHA256.hash(data: data))
            case .sha384: return key.isValidSignature(parsed, for: SHA384.hash(data: data))
            case .sha512: return key.isValidSignature(parsed, for: SHA512.hash(data: data))
            }
        case (.p521(let key), .ecdsa(let digest)):
            let parsed =
                isRaw
                ? try? P521.Signing.ECDSASignature(rawRepresentation: signature)
                : try? P521.Signing.ECDSASignature(derRepresentation: signature)
            guard let parsed, !isRaw || digest == .sha512 else { return false }
            switch digest {
            case .sha256: return key.isValidSignature(parsed, for: SHA256.hash(data: data))
            case .sha384: return key.isValidSignature(parsed, for: SHA384.hash(data: data))
            case .sha512: return key.isValidSignature(parsed, for: SHA512.hash(data: data))
            }
        case (.ed25519(let key), .eddsa): return key.isValidSignature(signature, for: data)
        default: return false
        }
    }
}

extension _RSA.Signing.PublicKey {
    fileprivate func isValid(
        _ signature: [UInt8], _ data: [UInt8], _ digest: DigestKind, _ padding: _RSA.Signing.Padding
    ) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return switch digest {
        case .sha256: isValidSignature(signature, for: SHA256.hash(data: data), padding: padding)
        case .sha384: isValidSignature(signature, for: SHA384.hash(data: data), padding: padding)
        case .sha512: isValidSignature(signature, for: SHA512.hash(data: data), padding: padding)
        }
    }
}

/// A SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7): the algorithm and the numbers of a key.
struct PublicKeyInfo {
    enum Numbers {
        case rsa(n: [UInt8], e: [UInt8])
        /// The point uncompressed, with its leading 4.
        case ec(curve: String, point: [UInt8])
        case ed25519([UInt8])
        case other
    }

    let encoded: [UInt8]
    let numbers: Numbers

    static let curves = ["1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521"]

    init(_ element: DER) throws(DER.Malformed) {
        encoded = Array(element.encoded)
        let members = try element.members(atLeast: 2)
        let algorithm = try members[0].members(atLeast: 1)
        let key = try members[1].bits()
        switch try algorithm[0].name() {
        case "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10":
            let parts = try DER.only(key).members(atLeast: 2)
            numbers = .rsa(n: try parts[0].magnitude(), e: try parts[1].magnitude())
        case "1.2.840.10045.2.1":
            guard algorithm.count > 1, let curve = Self.curves[try algorithm[1].name()] else { throw DER.Malformed() }
            numbers = .ec(curve: curve, point: key)
        case "1.3.101.112": numbers = .ed25519(key)
        default: numbers = .other
        }
    }

    var key: VerificationKey? {
        switch numbers {
        case .rsa(let n, let e):
            if let key = try? _RSA.Signing.PublicKey(unsafeDERRepresentation: encoded) { return .rsa(key) }
            return (try? _RSA.Signing.PublicKey(n: n, e: e)).map { .rsa($0) }
        case .ec(let curve, let point): return VerificationKey(curve: curve, point: point)
        case .ed25519(let bytes):
            return (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)).map { .ed25519($0) }
        case .other: return nil
        }
    }

    /// As Go writes it in JSON.
    var json: RegoValue {
        switch numbers {
        case .rsa(let n, let e):
            ["N": .number(RegoNumber(BigInt(BigUInt(bytes: n)))), "E": .number(RegoNumber(BigInt(BigUInt(bytes: e))))]
        case .ec(_, let point):
            [
                "Curve": .object(RegoObject()),
                "X": .number(RegoNumber(BigInt(BigUInt(bytes: point.dropFirst().prefix(point.count / 2))))),
                "Y": .number(RegoNumber(BigInt(BigUInt(bytes: point.suffix(point.count / 2))))),
            ]
        case .ed25519(let bytes): X509JSON.base64(bytes)
        case .other: .null
        }
    }

    /// Go's numbers of the algorithms.
    var algorithmNumber: Int {
        switch numbers {
        case .rsa: 1
        case .ec: 3
        case .ed25519: 4
        case .other: 0
        }
    }
}

extension VerificationKey {
    init?(curve: String, point: [UInt8]) {
        switch curve {
        case "P-256":
            guard let key = try? P256.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p256(key)
        case "P-384":
            guard let key = try? P384.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p384(key)
        case "P-521":
            guard let key = try? P521.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p521(key)
        default: return nil
        }
    }
}

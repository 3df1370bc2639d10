internal import BigInt
internal import Core
internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// A private key, by its numbers: PKCS #1, SEC 1 or PKCS #8.
enum SigningKey {
    /// n, e, d, p, q, dp, dq, qi
    case rsa([[UInt8]])
    case ec(curve: String, secret: [UInt8], point: [UInt8]?)
    case ed25519([UInt8])

    init(pkcs1 bytes: [UInt8]) throws(DER.Malformed) {
        let members = try DER.only(bytes).members(atLeast: 9)
        var numbers: [[UInt8]] = []
        for member in members[1..<9] { numbers.append(try member.magnitude()) }
        self = .rsa(numbers)
    }

    init(sec1 bytes: [UInt8], curve known: String? = nil) throws(DER.Malformed) {
        let members = try DER.only(bytes).members(atLeast: 2)
        var curve = known
        var point: [UInt8]?
        for member in members.dropFirst(2) {
            let inner = try DER.only(member.content)
            if member.tag == DER.Tag.context(0) { curve = PublicKeyInfo.curves[try inner.name()] }
            if member.tag == DER.Tag.context(1) { point = try inner.bits() }
        }
        guard let curve else { throw DER.Malformed() }
        self = .ec(curve: curve, secret: try members[1].octets(), point: point)
    }

    init(pkcs8 bytes: [UInt8]) throws(DER.Malformed) {
        let members = try DER.only(bytes).members(atLeast: 3)
        let algorithm = try members[1].members(atLeast: 1)
        let key = try members[2].octets()
        switch try algorithm[0].name() {
        case "1.2.840.113549.1.1.1": try self.init(pkcs1: key)
        case "1.2.840.10045.2.1" where algorithm.count > 1:
            try self.init(sec1: key, curve: PublicKeyInfo.curves[try algorithm[1].name()])
        case "1.3.101.112": self = .ed25519(try DER.only(key).octets())
        default: throw DER.Malformed()
        }
    }

    init?(pem: PEM) throws(DER.Malformed) {
        switch pem.label {
        case "RSA PRIVATE KEY": try self.init(pkcs1: pem.bytes)
        case "EC PRIVATE KEY": try self.init(sec1: pem.bytes)
        case "PRIVATE KEY": try self.init(pkcs8: pem.bytes)
        default: return nil
        }
    }

    private static func coordinates(_ point: [UInt8]) -> (x: ArraySlice<UInt8>, y: ArraySlice<UInt8>) {
        (point.dropFirst().prefix(point.count / 2), point.suffix(point.count / 2))
    }

    /// The public point, from the key itself where it does not say it.
    private static func point(_ curve: String, _ secret: [UInt8], _ point: [UInt8]?) -> [UInt8] {
        if let point { return point }
        let derived =
            switch curve {
            case "P-256": try? P256.Signing.PrivateKey(rawRepresentation: secret).publicKey.x963Representation
            case "P-384": try? P384.Signing.PrivateKey(rawRepresentation: secret).publicKey.x963Representation
            default: try? P521.Signing.PrivateKey(rawRepresentation: secret).publicKey.x963Representation
            }
        return derived.map { Array($0) } ?? []
    }

    /// A JSON Web Key (RFC 7517).
    var jwk: RegoValue {
        func encoded(_ bytes: some Collection<UInt8>) -> RegoValue { RegoValue(Base64.encode(bytes, .url)) }
        switch self {
        case .rsa(let numbers):
            var members: RegoObject = ["kty": "RSA"]
            for (name, number) in zip(["n", "e", "d", "p", "q", "dp", "dq", "qi"], numbers) {
                members.updateValue(encoded(number), forKey: RegoValue(name))
            }
            return .object(members)
        case .ec(let curve, let secret, let known):
            let (x, y) = Self.coordinates(Self.point(curve, secret, known))
            return ["kty": "EC", "crv": RegoValue(curve), "x": encoded(x), "y": encoded(y), "d": encoded(secret)]
        case .ed25519(let seed):
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation
            return ["kty": "OKP", "crv": "Ed25519", "x": encoded(key.map { Array($0) } ?? []), "d": encoded(seed)]
        }
    }

    /// As Go writes its keys in JSON.
    var json: RegoValue {
        func number(_ bytes: some Sequence<UInt8>) -> RegoValue { .number(RegoNumber(BigInt(BigUInt(bytes: bytes)))) }
        switch self {
        case .rsa(let numbers):
            let all = numbers.map { number($0) }
            return [
                "N": all[0], "E": all[1], "D": all[2], "Primes": [all[3], all[4]],
                "Precomputed": ["Dp": all[5], "Dq": all[6], "Qinv": all[7], "CRTValues": []],
            ]
        case .ec(let curve, let secret, let known):
            let (x, y) = Self.coordinates(Self.point(curve, secret, known))
            return ["Curve": .object(RegoObject()), "X": number(x), "Y": number(y), "D": number(secret)]
        case .ed25519(let seed):
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation
            return X509JSON.base64(seed + (key.map { Array($0) } ?? []))
        }
    }

    /// Whether this is the private half of a certificate's key.
    func belongs(to info: PublicKeyInfo) -> Bool {
        switch (self, info.numbers) {
        case (.rsa(let numbers), .rsa(let n, _)): numbers[0] == n
        case (.ec(let curve, let secret, let known), .ec(let other, let point)):
            curve == other && Self.point(curve, secret, known) == point
        case (.ed25519(let seed), .ed25519(let key)):
            (try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)).map { Array($0.publicKey.rawRepresentation) }
                == key
        default: false
        }
    }

    /// Nil when key and algorithm do not go together.
    func sign(_ data: [UInt8], _ scheme: VerificationKey.Scheme) -> [UInt8]? {
        switch (self, scheme) {
        case (.rsa(let numbers), .pkcs1(let digest)): return Self.sign(numbers, data, digest, .insecurePKCS1v1_5)
        case (.rsa(let numbers), .pss(let digest)): return Self.sign(numbers, data, digest, .PSS)
        case (.ec("P-256", let secret, _), .ecdsa(.sha256)):
            return (try? P256.Signing.PrivateKey(rawRepresentation: secret).signature(for: data)).map {
                Array($0.rawRepresentation)
            }
        case (.ec("P-384", let secret, _), .ecdsa(.sha384)):
            return (try? P384.Signing.PrivateKey(rawRepresentation: secret).signature(for: data)).map {
                Array($0.rawRepresentation)
            }
        case (.ec("P-521", let secret, _), .ecdsa(.sha512)):
            return (try? P521.Signing.PrivateKey(rawRepresentation: secret).signature(for: data)).map {
                Array($0.rawRepresentation)
            }
        case (.ed25519(let seed), .eddsa):
            return (try? Curve25519.Signing.PrivateKey(rawRepresentation: seed).signature(for: data)).map { Array($0) }
        default: return nil
        }
    }

    private static func sign(
        _ numbers: [[UInt8]], _ data: [UInt8], _ digest: DigestKind, _ padding: _RSA.Signing.Padding
    ) -> [UInt8]? {
        let key =
            numbers.count >= 5
            ? try? _RSA.Signing.PrivateKey(n: numbers[0], e: numbers[1], d: numbers[2], p: numbers[3], q: numbers[4])
            : try? _RSA.Signing.PrivateKey._createFromNumbers(n: numbers[0], e: numbers[1], d: numbers[2])
        let signature =
            switch digest {
            case .sha256: try? key?.signature(for: SHA256.hash(data: data), padding: padding)
            case .sha384: try? key?.signature(for: SHA384.hash(data: data), padding: padding)
            case .sha512: try? key?.signature(for: SHA512.hash(data: data), padding: padding)
            }
        return signature.map { Array($0.rawRepresentation) }
    }
}

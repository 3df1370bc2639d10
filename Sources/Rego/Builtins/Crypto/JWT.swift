internal import Core
internal import Crypto
internal import FoundationEssentials
internal import JSON

/// A JSON Web Token in compact form (RFC 7519), taken apart but not trusted.
struct JWT {
    let header: RegoObject
    private let parts: [Substring]

    static let algorithms: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512",
        "EdDSA",
    ]

    init(_ text: String) throws(BuiltinError) {
        try self.init(parts: try Self.split(text))
    }

    private init(parts: [Substring]) throws(BuiltinError) {
        self.parts = parts
        let bytes = try Self.decode(parts[0], "header")
        header = try Self.object(bytes)
        guard header["enc"] == nil else { throw .failure("JWT is a JWE object, which is not supported") }
    }

    static func split(_ text: String) throws(BuiltinError) -> [Substring] {
        guard text.utf8.contains(UInt8(ascii: ".")) else { throw .failure("encoded JWT had no period separators") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .failure("encoded JWT must have 3 sections, found \(parts.count)") }
        return parts
    }

    private static func decode(_ part: Substring, _ name: String) throws(BuiltinError) -> [UInt8] {
        do throws(BuiltinError) {
            return try GoBase64.decodeURL(String(part))
        } catch {
            throw .failure("JWT \(name) had invalid encoding: \(error.message)")
        }
    }

    func payload() throws(BuiltinError) -> [UInt8] { try Self.decode(parts[1], "payload") }
    func signature() throws(BuiltinError) -> [UInt8] { try Self.decode(parts[2], "signature") }
    var signedBytes: [UInt8] { Array("\(parts[0]).\(parts[1])".utf8) }

    static func object(_ bytes: [UInt8]) throws(BuiltinError) -> RegoObject {
        guard case .object(let object) = try json(bytes) else {
            throw .failure("decoded JSON type was not an Object")
        }
        return object
    }

    static func json(_ bytes: [UInt8]) throws(BuiltinError) -> RegoValue {
        var limits = JSON.Limits.default
        limits.allowsDuplicateKeys = true
        do { return try RegoValue(parsing: bytes, limits: limits) } catch { throw .failure("invalid JSON: \(error)") }
    }

    /// A member of the header that must be a text where it is there.
    func text(_ name: String) throws(BuiltinError) -> String {
        guard let value = header[name] else { return "" }
        guard let text = value.text else { throw .failure("\(name): must be a string") }
        return text
    }

    /// Whether a signature under a shared secret is right; false for any other algorithm.
    static func isValid(_ signature: [UInt8], for data: [UInt8], secret: [UInt8], _ algorithm: String) -> Bool {
        let key = SymmetricKey(data: secret)
        return switch algorithm {
        case "HS256": HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: data, using: key)
        case "HS384": HMAC<SHA384>.isValidAuthenticationCode(signature, authenticating: data, using: key)
        case "HS512": HMAC<SHA512>.isValidAuthenticationCode(signature, authenticating: data, using: key)
        default: false
        }
    }

    static func code(_ data: [UInt8], secret: [UInt8], _ algorithm: String) -> [UInt8]? {
        let key = SymmetricKey(data: secret)
        return switch algorithm {
        case "HS256": HMAC<SHA256>.authenticationCode(for: data, using: key).map { $0 }
        case "HS384": HMAC<SHA384>.authenticationCode(for: data, using: key).map { $0 }
        case "HS512": HMAC<SHA512>.authenticationCode(for: data, using: key).map { $0 }
        default: nil
        }
    }
}

/// The keys that may have signed a token.
struct JWTKeys {
    struct Key {
        var key: VerificationKey
        var algorithm = "", id = ""
    }

    let keys: [Key]

    /// A certificate or a public key in PEM, or JSON Web Keys.
    init(_ text: String) throws(BuiltinError) {
        let (blocks, hasMore) = PEM.blocks(text)
        if let block = blocks.first {
            guard blocks.count == 1, !hasMore else { throw .failure("extra data after a PEM certificate block") }
            keys = [Key(key: try Self.key(block))]
            return
        }
        let value: RegoValue
        do throws(BuiltinError) { value = try JWT.json(Array(text.utf8)) } catch {
            throw .failure("failed to parse a JWK key (set): \(error.message)")
        }
        keys = try JWK.parse(value).compactMap { jwk in
            guard jwk.algorithm.isEmpty || JWT.algorithms.contains(jwk.algorithm),
                case .asymmetric(let key, _) = jwk.material
            else { return nil }
            return Key(key: key, algorithm: jwk.algorithm, id: jwk.id)
        }
    }

    private static func key(_ block: PEM) throws(BuiltinError) -> VerificationKey {
        do throws(DER.Malformed) {
            let info: PublicKeyInfo
            switch block.label {
            case "CERTIFICATE": info = try X509Certificate(try DER.only(block.bytes)).publicKey
            case "PUBLIC KEY": info = try PublicKeyInfo(try DER.only(block.bytes))
            default: throw DER.Malformed()
            }
            guard let key = info.key else { throw DER.Malformed() }
            return key
        } catch {
            throw .failure("failed to parse a PEM certificate or public key (\(block.label))")
        }
    }

    /// A key with the token's `kid` alone is asked where there is one; else any whose algorithm is not another.
    func verify(_ token: JWT, _ signature: [UInt8], _ scheme: VerificationKey.Scheme) throws(BuiltinError) -> Bool {
        let (id, algorithm) = (try token.text("kid"), try token.text("alg"))
        let data = token.signedBytes
        if !id.isEmpty, let key = keys.first(where: { RegoString($0.id) == RegoString(id) }) {
            return key.key.isValid(signature, for: data, scheme, isRaw: true)
        }
        return keys.contains { key in
            (key.algorithm.isEmpty || key.algorithm == algorithm)
                && key.key.isValid(signature, for: data, scheme, isRaw: true)
        }
    }
}

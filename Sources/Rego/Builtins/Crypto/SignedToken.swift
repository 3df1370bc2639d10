public import Core
internal import JSON

/// JSON Web Signatures in compact form (RFC 7515), with the keys and algorithms that `io.jwt.*` knows: RS, PS, ES and HS
/// with 256, 384 and 512, and EdDSA.
public enum SignedToken {
    public static let algorithms: [String] = JWT.algorithms.sorted()

    /// What a token says of itself; nothing of it is verified.
    ///
    /// - Throws: `invalid`.
    public static func header(of token: String) throws(GatehouseError) -> RegoObject {
        try reported { () throws(BuiltinError) in try JWT(token).header }
    }

    /// The payload of a token whose signature is right.
    ///
    /// - Parameters:
    ///   - algorithm: the only one that is taken, whatever the token says.
    ///   - key: the shared secret for HS; else a public key or certificate in PEM, or JSON Web Keys.
    /// - Throws: `denied` for a wrong signature or another algorithm; `invalid` for what is no token or no such key.
    public static func verified(
        _ token: String, key: Secret, algorithm: String
    ) throws(GatehouseError) -> [UInt8] {
        let parsed = try reported { () throws(BuiltinError) in try JWT(token) }
        guard parsed.header["alg"]?.text == algorithm else {
            throw GatehouseError("rego", .denied, "the token is not signed by \(algorithm), as its key demands")
        }
        let isValid = try reported { () throws(BuiltinError) in
            try self.isValid(parsed, key.expose(), algorithm)
        }
        guard isValid else { throw GatehouseError("rego", .denied, "the signature of the token is wrong") }
        return try reported { () throws(BuiltinError) in try parsed.payload() }
    }

    private static func isValid(_ token: JWT, _ key: String, _ algorithm: String) throws(BuiltinError) -> Bool {
        let signature = try token.signature()
        if algorithm.hasPrefix("HS") {
            return JWT.isValid(signature, for: token.signedBytes, secret: Array(key.utf8), algorithm)
        }
        guard JWT.algorithms.contains(algorithm), let scheme = VerificationKey.Scheme(algorithm: algorithm) else {
            throw .failure("\(algorithm) is no known algorithm of signatures")
        }
        let data = token.signedBytes
        return try JWTKeys(key).keys.contains { key in
            (key.algorithm.isEmpty || key.algorithm == algorithm)
                && key.key.isValid(signature, for: data, scheme, isRaw: true)
        }
    }

    /// - Parameters:
    ///   - id: becomes `kid`.
    ///   - key: the shared secret for HS; else a private key in PEM (PKCS #1, SEC 1, PKCS #8) or a JSON Web Key.
    /// - Throws: `invalid` when there is no such key or it cannot sign by that algorithm.
    public static func signed(
        _ payload: [UInt8], key: Secret, algorithm: String, id: String? = nil
    ) throws(GatehouseError) -> String {
        var header: RegoObject = ["alg": RegoValue(algorithm)]
        if let id { header.updateValue(RegoValue(id), forKey: "kid") }
        let encodedHeader = Base64.encode(RegoValue.object(header).json.bytes(), .url)
        let text = "\(encodedHeader).\(Base64.encode(payload, .url))"
        let signature = try reported { () throws(BuiltinError) in
            try sign(Array(text.utf8), key.expose(), algorithm)
        }
        return "\(text).\(Base64.encode(signature, .url))"
    }

    private static func sign(_ data: [UInt8], _ key: String, _ algorithm: String) throws(BuiltinError) -> [UInt8] {
        let signature: [UInt8]?
        if algorithm.hasPrefix("HS") {
            signature = key.isEmpty ? nil : JWT.code(data, secret: Array(key.utf8), algorithm)
        } else {
            guard let scheme = VerificationKey.Scheme(algorithm: algorithm) else {
                throw .failure("\(algorithm) is no known algorithm of signatures")
            }
            signature = try privateKey(key).sign(data, scheme)
        }
        guard let signature else { throw .failure("the key cannot sign by \(algorithm)") }
        return signature
    }

    private static func privateKey(_ text: String) throws(BuiltinError) -> SigningKey {
        if let block = PEM.blocks(text).blocks.first {
            do throws(DER.Malformed) {
                if let key = try SigningKey(pem: block) { return key }
            } catch {
                throw .failure("the private key is damaged (\(block.label))")
            }
            throw .failure("\(block.label) is no private key")
        }
        let keys = try JWK.parse(try JWT.json(Array(text.utf8)))
        guard case .asymmetric(_, let secret?)? = keys.first?.material else {
            throw .failure("there is no private key")
        }
        return secret
    }

    private static func reported<Value>(_ body: () throws(BuiltinError) -> Value) throws(GatehouseError) -> Value {
        do throws(BuiltinError) { return try body() } catch {
            throw GatehouseError("rego", .invalid, error.message)
        }
    }
}

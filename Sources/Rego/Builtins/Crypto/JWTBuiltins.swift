internal import Core

/// `io.jwt.*`
enum JWTBuiltins {
    private static let object = RegoType.object(.any, .any)

    static let all: [Builtin] =
        [
            Builtin("io.jwt.decode", [.string], .array([object, object, .string], rest: nil)) {
                arguments, context throws(BuiltinError) in
                try decode(try arguments.text(0), nesting: 0, context)
            },
            Builtin(
                "io.jwt.decode_verify", [.string, .object(.string, .any)],
                .array([.boolean, object, object], rest: nil),
                isPure: false, run: JWTVerification.run),
            Builtin(
                "io.jwt.encode_sign", [.object(.string, .any), object, .object(.string, .any)], .string, isPure: false
            ) {
                arguments, context throws(BuiltinError) in
                let json = GoJSON(pretty: nil)
                return try sign(json.text(arguments[0]), json.text(arguments[1]), json.text(arguments[2]), context)
            },
            Builtin("io.jwt.encode_sign_raw", [.string, .string, .string], .string, isPure: false) {
                arguments, context throws(BuiltinError) in
                try sign(try arguments.text(0), try arguments.text(1), try arguments.text(2), context)
            },
        ] + ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"].map(verifying)
        + ["HS256", "HS384", "HS512"].map(verifyingSecret)

    static let greatestNesting = 16

    private static func decode(_ text: String, nesting: Int, _ context: BuiltinContext) throws(BuiltinError)
        -> RegoValue?
    {
        try context.charge(memory: Size.product(text.utf8.count, 4))
        let token = try JWT(text)
        let payload = try token.payload()
        if token.header["cty"]?.text == "JWT" {
            guard nesting < greatestNesting else { throw .failure("a JWT holds too many others") }
            let inner = GoText.decode(payload).drop { "\"'".contains($0) }
            return try decode(String(inner.prefix { !"\"'".contains($0) }), nesting: nesting + 1, context)
        }
        let claims = try JWT.object(payload)
        return [.object(token.header), .object(claims), RegoValue(Hex.encode(try token.signature()))]
    }

    private static func verifying(_ algorithm: String) -> Builtin {
        Builtin("io.jwt.verify_\(algorithm.lowercased())", [.string, .string], .boolean) {
            arguments, context throws(BuiltinError) in
            try context.charge(steps: 10_000)
            let parts = try JWT.split(try arguments.text(0))
            let keys = try JWTKeys(try arguments.text(1))
            let token = try JWT(parts.joined(separator: "."))
            guard let scheme = VerificationKey.Scheme(algorithm: algorithm) else { return false }
            return .bool(try keys.verify(token, try token.signature(), scheme))
        }
    }

    private static func verifyingSecret(_ algorithm: String) -> Builtin {
        Builtin("io.jwt.verify_\(algorithm.lowercased())", [.string, .string], .boolean) {
            arguments, context throws(BuiltinError) in
            try context.charge(steps: 1000)
            let secret = Array(try arguments.text(1).utf8)
            let token = try JWT(try arguments.text(0))
            return .bool(JWT.isValid(try token.signature(), for: token.signedBytes, secret: secret, algorithm))
        }
    }

    private static func sign(
        _ header: String, _ payload: String, _ key: String, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        try context.charge(memory: Size.product(header.utf8.count + payload.utf8.count, 4))
        try context.charge(steps: 10_000)
        guard let jwk = try JWK.parse(try JWT.json(Array(key.utf8))).first else {
            throw .failure("no keys found in JWK set")
        }
        let members = try headerMembers(header)
        guard let algorithm = members["alg"]?.text else {
            throw .failure("missing or invalid 'alg' header: jwsbb: header \"alg\" not found")
        }
        guard JWT.algorithms.contains(algorithm) else { throw .failure("unknown JWS algorithm: \(algorithm)") }
        if members["typ"]?.text ?? "JWT" == "JWT" {
            do throws(BuiltinError) { _ = try JWT.json(Array(payload.utf8)) } catch {
                throw .failure("type is JWT but payload is not JSON")
            }
        }
        let text = "\(Base64.encode(Array(header.utf8), .url)).\(Base64.encode(Array(payload.utf8), .url))"
        guard let signature = signature(Array(text.utf8), jwk, algorithm) else {
            throw .failure("the key cannot sign by \(algorithm)")
        }
        return RegoValue("\(text).\(Base64.encode(signature, .url))")
    }

    private static func headerMembers(_ header: String) throws(BuiltinError) -> RegoObject {
        let wrong = "missing or invalid 'alg' header: cannot parse JSON"
        guard !header.isEmpty else { throw .failure("\(wrong): cannot parse empty string") }
        do throws(BuiltinError) {
            return try JWT.object(Array(header.utf8))
        } catch {
            throw .failure("\(wrong): \(error.message)")
        }
    }

    private static func signature(_ data: [UInt8], _ key: JWK, _ algorithm: String) -> [UInt8]? {
        switch key.material {
        case .symmetric(let secret): return JWT.code(data, secret: secret, algorithm)
        case .asymmetric(_, let secret):
            guard let scheme = VerificationKey.Scheme(algorithm: algorithm) else { return nil }
            return secret?.sign(data, scheme)
        }
    }
}

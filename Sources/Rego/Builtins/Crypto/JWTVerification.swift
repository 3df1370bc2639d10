/// `io.jwt.decode_verify`: the signature, and the claims against constraints. Never says yes by omission: a token that
/// names an audience needs the constraint, and constraints not known are errors.
enum JWTVerification {
    private struct Constraints {
        var keys: JWTKeys?
        var secret = "", algorithm = "", issuer = "", audience = ""
        /// Nanoseconds since 1970.
        var time: Double
    }

    private static let refused: RegoValue = [false, .object(RegoObject()), .object(RegoObject())]

    static func run(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let constraints = try constraints(try arguments.object(1), context)
        var text = try arguments.text(0)
        for _ in 0..<JWTBuiltins.greatestNesting {
            try context.charge(steps: 10_000)
            try context.charge(memory: Size.product(text.utf8.count, 4))
            let token = try JWT(text)
            guard try isHeaderValid(token, constraints), try isSigned(token, constraints) else { return refused }
            let payload = try token.payload()
            if try token.text("cty").lowercased() == "jwt" {
                text = GoText.decode(payload)
                continue
            }
            let claims = try JWT.object(payload)
            guard try satisfies(claims, constraints) else { return refused }
            return [true, .object(token.header), .object(claims)]
        }
        throw .failure("a JWT holds too many others")
    }

    private static func constraints(_ object: RegoObject, _ context: BuiltinContext) throws(BuiltinError) -> Constraints
    {
        var constraints = Constraints(time: Double(context.nowNanoseconds))
        for (key, value) in object {
            func text() throws(BuiltinError) -> String {
                guard let text = value.text else { throw .failure("\(key.text ?? "") constraint: must be a string") }
                return text
            }
            switch key.text {
            case "cert": constraints.keys = try JWTKeys(try text())
            case "secret": constraints.secret = try text()
            case "alg": constraints.algorithm = try text()
            case "iss": constraints.issuer = try text()
            case "aud": constraints.audience = try text()
            case "time":
                guard case .number(let number) = value else {
                    throw .failure("token time constraint: must be a number")
                }
                guard !number.isNegative else { throw .failure("token time constraint: must not be negative") }
                constraints.time = number.double
            default: throw .failure("unknown token validation constraint: \(key.text ?? key.description)")
            }
        }
        let count = (constraints.keys == nil ? 0 : 1) + (constraints.secret.isEmpty ? 0 : 1)
        guard count < 2 else { throw .failure("duplicate key constraints") }
        guard count == 1 else { throw .failure("no key constraint") }
        return constraints
    }

    private static let knownHeaders: Set<String> = ["alg", "kid", "typ", "cty", "crit"]

    private static func isHeaderValid(_ token: JWT, _ constraints: Constraints) throws(BuiltinError) -> Bool {
        let algorithm = try token.text("alg")
        for name in ["kid", "typ", "cty"] { _ = try token.text(name) }
        if let critical = token.header["crit"] {
            guard case .array(let names) = critical else { throw .failure("crit: must be a list") }
            guard names.contains(where: { $0.string != nil }) else { throw .failure("crit: must be a nonempty list") }
            for (key, _) in token.header where !knownHeaders.contains(key.text ?? "") && names.contains(key) {
                return false
            }
        }
        return !algorithm.isEmpty && (constraints.algorithm.isEmpty || constraints.algorithm == algorithm)
    }

    private static func isSigned(_ token: JWT, _ constraints: Constraints) throws(BuiltinError) -> Bool {
        let algorithm = try token.text("alg")
        let signature = try token.signature()
        guard let keys = constraints.keys else {
            return JWT.isValid(
                signature, for: token.signedBytes, secret: Array(constraints.secret.utf8), algorithm)
        }
        guard JWT.algorithms.contains(algorithm), let scheme = VerificationKey.Scheme(algorithm: algorithm) else {
            return false
        }
        return try keys.verify(token, signature, scheme)
    }

    private static func satisfies(_ claims: RegoObject, _ constraints: Constraints) throws(BuiltinError) -> Bool {
        if !constraints.issuer.isEmpty, claims["iss"] != RegoValue(constraints.issuer) { return false }
        guard hasAudience(claims, constraints.audience) else { return false }
        let seconds = RegoNumber(constraints.time / 1_000_000_000) ?? 0
        if let expiry = claims["exp"] {
            guard case .number(let expiry) = expiry else { throw .failure("exp value must be a number") }
            if seconds >= expiry { return false }
        }
        if let start = claims["nbf"] {
            guard case .number(let start) = start else { throw .failure("nbf value must be a number") }
            if seconds < start { return false }
        }
        return true
    }

    private static func hasAudience(_ claims: RegoObject, _ wanted: String) -> Bool {
        switch claims["aud"] {
        case nil: wanted.isEmpty
        case .string(let audience)?: audience == RegoString(wanted)
        case .array(let audiences)?: audiences.contains(RegoValue(wanted))
        default: false
        }
    }
}

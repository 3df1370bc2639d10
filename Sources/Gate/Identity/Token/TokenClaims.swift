import Core
import JSON

/// What a token says of its bearer, once its signature is known to be good.
struct TokenClaims: Sendable {
    /// How far the issuer's clock and ours may differ.
    static let leeway = Duration.seconds(60)

    let principal: Principal
    let issuedAt: Timestamp?
    let notBefore: Timestamp?
    let expires: Timestamp

    /// - Throws: `unauthenticated` when it is for another audience, has no subject or expiry, or is not valid now.
    init(_ claims: JSON, of issuer: TokenIssuer, now: Timestamp) throws {
        guard claims["iss"]?.string.map({ $0.utf8.elementsEqual(issuer.issuer.utf8) }) ?? false else {
            throw TokenText.refused("its issuer is another")
        }
        guard Self.isMeant(claims["aud"], for: issuer.audience) else {
            throw TokenText.refused(
                "it is for another audience", hint: "ask the issuer for one for \"\(issuer.audience)\"")
        }
        guard let subject = claims["sub"]?.string, (1...255).contains(subject.utf8.count) else {
            throw TokenText.refused("it has no subject")
        }
        guard let expires = try Self.time(claims["exp"], "exp") else { throw TokenText.refused("it never expires") }
        self.expires = expires
        notBefore = try Self.time(claims["nbf"], "nbf")
        issuedAt = try Self.time(claims["iat"], "iat")
        principal = Principal(
            id: Self.principalID(issuer: issuer.issuer, subject: subject), kind: issuer.kind,
            name: Self.name(claims) ?? subject, roles: Self.roles(claims, issuer))
        try requireValid(at: now)
        if let issuedAt, issuedAt > now + Self.leeway { throw TokenText.refused("it was issued in the future") }
    }

    /// - Throws: `unauthenticated` when it has expired or is not valid yet.
    func requireValid(at now: Timestamp) throws {
        guard now < expires + Self.leeway else {
            throw TokenText.refused("it expired at \(expires)", hint: "get a new one")
        }
        if let notBefore, now + Self.leeway < notBefore {
            throw TokenText.refused("it is not valid before \(notBefore)")
        }
    }

    /// `ISSUER#SUBJECT`, where bytes of the subject outside printable ASCII are written as `%xx`: Swift takes texts
    /// that differ in bytes for equal when Unicode does, and an identity must not.
    static func principalID(issuer: String, subject: String) -> String {
        var id = Array(issuer.utf8) + [UInt8(ascii: "#")]
        for byte in subject.utf8 {
            if (0x21...0x7e).contains(byte), byte != UInt8(ascii: "%") {
                id.append(byte)
            } else {
                id.append(UInt8(ascii: "%"))
                id.append(contentsOf: Hex.encode([byte]).utf8)
            }
        }
        return String(decoding: id, as: UTF8.self)
    }

    private static func isMeant(_ audience: JSON?, for ours: String) -> Bool {
        let named = audience?.array?.compactMap(\.string) ?? [audience?.string].compactMap(\.self)
        return named.contains { $0.utf8.elementsEqual(ours.utf8) }
    }

    /// A NumericDate (RFC 7519, section 2); nil when the claim is absent.
    private static func time(_ claim: JSON?, _ name: String) throws -> Timestamp? {
        guard let claim else { return nil }
        // The bound is the year 9999: beyond it arithmetic on times could wrap.
        guard let seconds = claim.double, (0...253_402_300_799).contains(seconds) else {
            throw TokenText.refused("its \"\(name)\" is not a time")
        }
        return Timestamp(microseconds: Int64(seconds * 1_000_000))
    }

    private static func name(_ claims: JSON) -> String? {
        for claim in ["name", "preferred_username", "email"] {
            if let name = claims[claim]?.string, !name.isEmpty { return String(name.prefix(120)) }
        }
        return nil
    }

    private static func roles(_ claims: JSON, _ issuer: TokenIssuer) -> Set<String> {
        let claim = issuer.rolesClaim.reduce(Optional(claims)) { value, key in value?[key] }
        let values = claim?.array?.compactMap(\.string) ?? [claim?.string].compactMap(\.self)
        return values.reduce(into: issuer.defaultRoles) { roles, value in roles.formUnion(issuer.roles[value] ?? []) }
    }
}

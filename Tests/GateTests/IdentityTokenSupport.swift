import Core
import Foundation
import JSON
import JWTKit
import Synchronization
import Testing

@testable import Gate

/// An identity provider: keys, the key set that it publishes, and the tokens that it signs.
struct Provider: Sendable {
    static let issuer = "https://id.example"
    static let audience = "gatehouse"

    let edwards: EdDSA.PrivateKey
    let elliptic = ES256PrivateKey()
    let rsa: Insecure.RSA.PrivateKey

    init() throws {
        edwards = try EdDSA.PrivateKey()
        rsa = try Insecure.RSA.PrivateKey(modulus: Self.modulus, exponent: "AQAB", privateExponent: Self.exponent)
    }

    /// As published: three keys that can be used, and some that cannot.
    func keySet(edwardsID: String = "ed") throws -> String {
        let point = try #require(elliptic.parameters)
        let x = JSON(Base64.encode([UInt8](edwards.publicKey.rawRepresentation), .url))
        let keys: [JSON] = [
            ["kty": "OKP", "crv": "Ed25519", "kid": JSON(edwardsID), "x": x, "alg": "EdDSA", "use": "sig"],
            ["kty": "EC", "crv": "P-256", "kid": "ec", "x": JSON(point.x), "y": JSON(point.y)],
            ["kty": "RSA", "kid": "rsa", "n": JSON(Self.modulus), "e": "AQAB", "key_ops": ["verify"]],
            ["kty": "RSA", "kid": "enc", "n": JSON(Self.modulus), "e": "AQAB", "use": "enc"],
            ["kty": "EC", "crv": "P-384", "kid": "wrong-curve", "x": JSON(point.x), "y": JSON(point.y)],
            ["kty": "oct", "kid": "shared", "k": "c2VjcmV0"],
            ["kty": "unheard-of"], 7,
        ]
        return (["keys": .array(keys)] as JSON).text()
    }

    func settings(
        algorithms: Set<TokenIssuer.Algorithm> = TokenIssuer.standardAlgorithms, keys: TokenIssuer.Keys? = nil
    ) throws -> GateSettings {
        GateSettings(issuers: [
            TokenIssuer(
                issuer: Self.issuer, audience: Self.audience, keys: try keys ?? .inline(keySet()),
                algorithms: algorithms,
                rolesClaim: ["realm", "groups"], roles: ["ops": ["operator", "developer"], "boss": ["admin"]],
                defaultRoles: ["viewer"])
        ])
    }

    /// What a good token says at `now`.
    static func claims(at now: Timestamp, _ changes: JSONObject = [:]) -> JSON {
        var claims: JSON = [
            "iss": JSON(issuer), "aud": JSON(audience), "sub": "ada", "name": "Ada",
            "realm": ["groups": ["ops", "choir"]],
            "iat": JSON(now.seconds), "nbf": JSON(now.seconds), "exp": JSON(now.seconds + 300),
        ]
        for (name, value) in changes { claims[name] = value.isNull ? Optional<JSON>.none : value }
        return claims
    }

    func token(_ claims: JSON, _ algorithm: String = "EdDSA", header changes: JSONObject = [:]) async throws -> Secret {
        let id = ["EdDSA": "ed", "ES256": "ec"][algorithm] ?? "rsa"
        var header: JSON = ["alg": JSON(algorithm), "kid": JSON(id), "typ": "JWT"]
        for (name, value) in changes { header[name] = value.isNull ? Optional<JSON>.none : value }
        let signed = Self.part(header) + "." + Self.part(claims)
        let signature = try await signer(algorithm).sign([UInt8](signed.utf8))
        return Secret(signed + "." + Base64.encode(signature, .url))
    }

    static func part(_ value: JSON) -> String { Base64.encode(value.bytes(), .url) }

    private func signer(_ algorithm: String) async throws -> any JWTAlgorithm {
        let keys = JWTKeyCollection()
        switch algorithm {
        case "EdDSA": await keys.add(eddsa: edwards)
        case "ES256": await keys.add(ecdsa: elliptic)
        case "PS256": await keys.add(pss: rsa, digestAlgorithm: .sha256)
        case "RS384": await keys.add(rsa: rsa, digestAlgorithm: .sha384)
        default: await keys.add(rsa: rsa, digestAlgorithm: .sha256)
        }
        return try await keys.getKey()
    }

    // Made for these tests and used nowhere else.
    private static let modulus: String =
        "koLmqALmUtFkZwjw2wcvwEqtaxj7bRbD8gLbsDPoT05TbZQpwlgfdzAixxJEXndCBfheU4uV2hZoYALt65792euEw-"
        + "WmtgyEHezH5hLEGjeuPi8dX_DcOakfcExV_hKFm0E7M7EngFZpluLlCRw0BhefgBL8rPTlWgJm-w4QdiV6M_rzBM5e"
        + "aoD9ZJiaFKja2x5MvqOaztQGvj0EX76AbW4JzlGg79CyUUPq0IJM7AunItD95ji2yW9TzSb_bbOCxBhh3pT49OuBQ9"
        + "4ixRCjzueTMgejGQdDuH76w9s5C2tiFmhlH7zTFPLNxavp1s3nygF0NFfm5Cv-wP5PNoKLyw"
    private static let exponent: String =
        "DoWrFzwyWEMpEI1yUkOEGCtOxS7UvRtkkLh3zh9XB4Vb_6CQAxN5CvdaeyD0ZeisQqs7rkxHrjZKYjnoG1LHFrKhlk"
        + "lNHP5gmha-Oa_igDbErqU85CWbrpt04kyuuWBcneb5V0ZYBACMtsgGq8B_55qv1KINKZecpC9Yxcm_F_a4jf4e0mvw"
        + "zRbvjJhk0tBi61NuPCiWIACigjFy0sNpjQaDcxB2Fhjmz67NrCBmEux3VjTVYgxmTdgO43tAkqlf6JgFAmpFb76ybe"
        + "O7RIYjcmAuqIc_3HXQod-OS9bWI3GzeXzFQ8PlT4eS1qb81CSl-hURltSeIspL4nOTfI8vAQ"
}

/// Publishes a key set, and counts how often it is fetched.
final class KeyServer: JWKSFetcher {
    struct Down: Error {}

    private struct State {
        var body: String
        var isDown = false
        var fetches = 0
    }

    private let state: Mutex<State>

    init(_ body: String) { state = Mutex(State(body: body)) }

    var fetches: Int { state.withLock { $0.fetches } }

    func publish(_ body: String) { state.withLock { $0.body = body } }
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func fetch(_ url: String, limit: Int) async throws -> [UInt8] {
        await Task.yield()
        return try state.withLock { state in
            state.fetches += 1
            if state.isDown { throw Down() }
            return [UInt8](state.body.utf8)
        }
    }
}

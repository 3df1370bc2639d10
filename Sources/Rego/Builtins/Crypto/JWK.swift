internal import BigInt
internal import Core
internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// JSON Web Keys (RFC 7517), one or a set.
struct JWK {
    enum Material {
        case symmetric([UInt8])
        case asymmetric(VerificationKey, secret: SigningKey?)
    }

    let material: Material
    let algorithm: String
    let id: String

    static func parse(_ value: RegoValue) throws(BuiltinError) -> [JWK] {
        let failure = BuiltinError.failure("failed to parse a JWK key (set)")
        guard case .object(let object) = value else { throw failure }
        let members = object["keys"]?.array?.elements ?? [value]
        var keys: [JWK] = []
        for member in members {
            guard case .object(let key) = member, let jwk = JWK(key) else { throw failure }
            keys.append(jwk)
        }
        return keys
    }

    private init?(_ key: RegoObject) {
        func bytes(_ name: String) -> [UInt8]? {
            key[name]?.text.flatMap { text in
                do throws(BuiltinError) { return try GoBase64.decodeURL(text) } catch { return nil }
            }
        }
        algorithm = key["alg"]?.text ?? ""
        id = key["kid"]?.text ?? ""
        switch key["kty"]?.text {
        case "oct":
            guard let secret = bytes("k") else { return nil }
            material = .symmetric(secret)
        case "RSA":
            guard let n = bytes("n"), let e = bytes("e"), let found = try? _RSA.Signing.PublicKey(n: n, e: e) else {
                return nil
            }
            let names = bytes("p") == nil ? ["n", "e", "d"] : ["n", "e", "d", "p", "q"]
            let numbers = names.compactMap(bytes)
            material = .asymmetric(.rsa(found), secret: numbers.count == names.count ? .rsa(numbers) : nil)
        case "EC":
            guard let curve = key["crv"]?.text, let size = ["P-256": 32, "P-384": 48, "P-521": 66][curve],
                let x = bytes("x"), let y = bytes("y")
            else { return nil }
            let point = [4] + Self.padded(x, size) + Self.padded(y, size)
            guard let found = VerificationKey(curve: curve, point: point) else { return nil }
            let secret = bytes("d").map { SigningKey.ec(curve: curve, secret: Self.padded($0, size), point: point) }
            material = .asymmetric(found, secret: secret)
        case "OKP":
            guard key["crv"]?.text == "Ed25519", let x = bytes("x"),
                let found = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
            else { return nil }
            material = .asymmetric(.ed25519(found), secret: bytes("d").map { .ed25519($0) })
        default: return nil
        }
    }

    private static func padded(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
        Array(repeating: 0, count: max(0, size - bytes.count)) + bytes
    }
}

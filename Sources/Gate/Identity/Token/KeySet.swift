import Core
import JSON
import JWTKit

/// An issuer's public keys (RFC 7517), each bound to the algorithms that it may be used with.
///
/// A token names a key and an algorithm, and gets the key only when it was made for that algorithm: so no token can
/// have a key used in a way that its owner did not mean (RFC 8725, section 3.1).
struct KeySet: Sendable {
    static let greatestLength = 256 << 10
    private static let greatestNumber = 64
    /// Of an RSA modulus, in bytes: verifying takes time with its square.
    private static let greatestModulus = 1024

    private struct Name: Hashable, Sendable {
        let keyID: String?
        let algorithm: String
    }

    private var keys: [Name: any JWTAlgorithm] = [:]

    /// Keys that are of no use here (for encryption, of another kind, symmetric, malformed) are left out.
    /// - Throws: `invalid` when it is no key set, or there is no usable key in it.
    @concurrent
    init(_ bytes: [UInt8], allowing algorithms: Set<TokenIssuer.Algorithm>) async throws {
        let limits = JSON.Limits(bytes: Self.greatestLength, depth: 8, values: 4000)
        let document = try? JSON.parse(bytes, limits: limits)
        guard let listed = document?["keys"]?.array, listed.count <= Self.greatestNumber else {
            throw GatehouseError(
                "gate", .invalid, "this is no key set: an object with a list \"keys\" of \(Self.greatestNumber) at most"
            )
        }
        for key in listed where Self.isForSignatures(key) {
            for algorithm in algorithms { await add(key, algorithm) }
        }
        guard !keys.isEmpty else {
            let names = algorithms.map(\.rawValue).sorted().joined(separator: ", ")
            throw GatehouseError("gate", .invalid, "the key set has no key for signatures by \(names)")
        }
    }

    /// The key with this id; without an id, the only key there is for the algorithm.
    func key(_ keyID: String?, for algorithm: String) -> (any JWTAlgorithm)? {
        if let keyID { return keys[Name(keyID: keyID, algorithm: algorithm)] }
        let candidates = keys.filter { $0.key.algorithm == algorithm }
        return candidates.count == 1 ? candidates.first?.value : nil
    }

    private mutating func add(_ key: JSON, _ algorithm: TokenIssuer.Algorithm) async {
        if let bound = key["alg"], bound.string != algorithm.rawValue { return }
        guard let jwk = Self.publicKey(key, algorithm), let verifier = await Self.verifier(jwk) else { return }
        keys[Name(keyID: key["kid"]?.string, algorithm: algorithm.rawValue)] = verifier
    }

    private static func isForSignatures(_ key: JSON) -> Bool {
        if let use = key["use"], use.string != "sig" { return false }
        guard let operations = key["key_ops"] else { return true }
        return operations.array?.contains("verify") ?? false
    }

    /// Only the public part is taken, whatever was published.
    private static func publicKey(_ key: JSON, _ algorithm: TokenIssuer.Algorithm) -> JWK? {
        let id = JWKIdentifier(string: "key")
        let bound = JWK.Algorithm(rawValue: algorithm.rawValue)
        switch (key["kty"]?.string, algorithm.family) {
        case ("RSA", .rsa):
            guard let modulus = key["n"]?.string, modulus.utf8.count <= greatestModulus * 4 / 3 + 2 else { return nil }
            return .rsa(bound, identifier: id, modulus: modulus, exponent: key["e"]?.string)
        case ("EC", .ec(let curve)) where key["crv"]?.string == curve:
            return .ecdsa(
                bound, identifier: id, x: key["x"]?.string, y: key["y"]?.string, curve: ECDSACurve(rawValue: curve))
        case ("OKP", .okp) where key["crv"]?.string == "Ed25519":
            return .octetKeyPair(bound, identifier: id, x: key["x"]?.string, y: nil, curve: .ed25519)
        default:
            return nil
        }
    }

    private static func verifier(_ key: JWK) async -> (any JWTAlgorithm)? {
        // A collection of one: a larger one falls back to its first key when it does not know the id.
        guard let keys = try? await JWTKeyCollection().add(jwk: key) else { return nil }
        return try? await keys.getKey()
    }
}

extension TokenIssuer.Algorithm {
    fileprivate enum Family {
        case rsa
        case ec(curve: String)
        case okp
    }

    fileprivate var family: Family {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256: .ec(curve: "P-256")
        case .es384: .ec(curve: "P-384")
        case .es512: .ec(curve: "P-521")
        case .eddsa: .okp
        }
    }
}

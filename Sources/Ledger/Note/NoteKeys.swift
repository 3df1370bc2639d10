public import Core
internal import Crypto
internal import FoundationEssentials

/// The public half of a note key, in the text form of https://c2sp.org/signed-note: `NAME+ID+BASE64`.
public struct VerifierKey: Sendable, Hashable {
    public let name: String
    /// The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key).
    public let keyID: UInt32
    /// 32 bytes, RFC 8032.
    public let publicKey: [UInt8]

    /// - Throws: `invalid` for a name or key that notes cannot carry.
    public init(name: String, publicKey: [UInt8]) throws(GatehouseError) {
        guard VerifierKey.isValidName(name) else {
            throw GatehouseError(
                "ledger", .invalid, "a key name must not be empty nor hold spaces, plus signs or control characters")
        }
        guard publicKey.count == 32 else {
            throw GatehouseError("ledger", .invalid, "an Ed25519 public key has 32 bytes, not \(publicKey.count)")
        }
        self.name = name
        self.publicKey = publicKey
        keyID = VerifierKey.keyID(name: name, publicKey: publicKey)
    }

    /// Reads the text form; white space around it is not part of it.
    /// - Throws: `invalid` when it is malformed or its id is not that of the key; `unsupported` for a key that is not
    ///   Ed25519.
    public init(parsing text: String) throws(GatehouseError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.utf8.count <= 1024, parts.count == 3, parts[1].utf8.count == 8, let id = Hex.decode(parts[1]),
            let key = Base64.decode(parts[2]), key.count > 1
        else {
            throw GatehouseError("ledger", .invalid, "malformed verifier key", hint: "its form is NAME+ID+BASE64")
        }
        guard key[0] == VerifierKey.ed25519 else {
            throw GatehouseError("ledger", .unsupported, "verifier key of type \(key[0]); only Ed25519 (1) is known")
        }
        try self.init(name: String(parts[0]), publicKey: Array(key.dropFirst()))
        guard keyID == UInt32(bigEndian: id[...]) else {
            throw GatehouseError("ledger", .invalid, "the verifier key's id does not belong to its name and key")
        }
    }

    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return false
        }
        return key.isValidSignature(signature, for: message)
    }

    static let ed25519: UInt8 = 1

    /// Not empty, no Unicode spaces, no plus; no control characters either, since a note may not hold them.
    static func isValidName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 256
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace }
    }

    private static func keyID(name: String, publicKey: [UInt8]) -> UInt32 {
        var hasher = SHA256()
        hasher.update(data: Array(name.utf8) + [0x0A, ed25519] + publicKey)
        return UInt32(bigEndian: Array(hasher.finalize())[..<4])
    }
}

extension VerifierKey: CustomStringConvertible {
    public var description: String {
        var id: [UInt8] = []
        id.append(bigEndian: keyID)
        return "\(name)+\(Hex.encode(id))+\(Base64.encode([VerifierKey.ed25519] + publicKey))"
    }
}

/// The private half of a note key. Its text form, `PRIVATE+KEY+NAME+ID+BASE64`, is that of Go's `sumdb/note`.
public struct SigningKey: Sendable {
    public let verifierKey: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    public var name: String { verifierKey.name }

    /// - Parameter seed: the 32 bytes of RFC 8032's private key.
    public init(name: String, seed: [UInt8]) throws(GatehouseError) {
        do {
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        } catch {
            throw GatehouseError("ledger", .invalid, "an Ed25519 seed has 32 bytes, not \(seed.count)")
        }
        verifierKey = try VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// A new random key.
    public init(generating name: String) throws(GatehouseError) {
        try self.init(name: name, seed: Array(Curve25519.Signing.PrivateKey().rawRepresentation))
    }

    /// - Throws: `invalid`; the message never holds the key.
    public init(parsing text: Secret) throws(GatehouseError) {
        let parts = text.expose().split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "PRIVATE", parts[1] == "KEY", let id = Hex.decode(parts[3]), id.count == 4,
            let decoded = Base64.decode(parts[4]), decoded.first == VerifierKey.ed25519
        else {
            throw GatehouseError(
                "ledger", .invalid, "malformed signing key", hint: "its form is PRIVATE+KEY+NAME+ID+BASE64")
        }
        try self.init(name: String(parts[2]), seed: Array(decoded.dropFirst()))
        guard verifierKey.keyID == UInt32(bigEndian: id[...]) else {
            throw GatehouseError("ledger", .invalid, "the signing key's id does not belong to its name and key")
        }
    }

    public var text: Secret {
        var id: [UInt8] = []
        id.append(bigEndian: verifierKey.keyID)
        let encoded = Base64.encode([VerifierKey.ed25519] + Array(key.rawRepresentation))
        return Secret("PRIVATE+KEY+\(name)+\(Hex.encode(id))+\(encoded)")
    }

    func sign(_ message: [UInt8]) throws(GatehouseError) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            throw GatehouseError("ledger", .internal, "signing failed", from: error)
        }
    }
}

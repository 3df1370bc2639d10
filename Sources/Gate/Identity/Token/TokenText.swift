import Core
import JSON

/// A JSON Web Token in the compact form of RFC 7515, taken apart and not yet believed.
struct TokenText: Sendable {
    static let greatestLength = 16 << 10
    private static let limits = JSON.Limits(bytes: greatestLength, depth: 12, values: 2000)

    let algorithm: String
    let keyID: String?
    let claims: JSON
    /// What the signature is over.
    let signed: [UInt8]
    let signature: [UInt8]

    /// - Throws: `unauthenticated` when it is too long, malformed, of another type, or demands an extension (`crit`).
    init(_ text: [UInt8]) throws {
        guard text.count <= Self.greatestLength else {
            throw Self.refused("it is longer than \(Self.greatestLength) bytes")
        }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64.decode(String(decoding: parts[2], as: UTF8.self), .url)
        else { throw Self.refused("it is malformed") }
        guard let algorithm = header["alg"]?.string else { throw Self.refused("it names no algorithm") }
        guard header["crit"] == nil, header["b64"] == nil else { throw Self.refused("it demands an extension") }
        guard Self.isTokenType(header["typ"]) else { throw Self.refused("it is of another type") }
        self.algorithm = algorithm
        keyID = header["kid"]?.string
        self.claims = .object(claims)
        signed = Array(text[..<parts[1].endIndex])
        self.signature = signature
    }

    static func refused(_ why: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("gate", .unauthenticated, "the token is refused: \(why)", hint: hint)
    }

    private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? {
        guard let bytes = Base64.decode(String(decoding: part, as: UTF8.self), .url) else { return nil }
        return try? JSON.parse(bytes, limits: limits).object
    }

    /// RFC 8725, section 3.11: a signed thing of another kind by the same issuer is no access token.
    private static func isTokenType(_ type: JSON?) -> Bool {
        guard let type else { return true }
        guard let name = type.string?.lowercased() else { return false }
        return ["jwt", "at+jwt", "application/at+jwt", "application/jwt"].contains(name)
    }
}

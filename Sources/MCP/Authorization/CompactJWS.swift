import Core
import JSON

/// JSON Web Signatures in their compact form (RFC 7515, section 7.1), written.
enum CompactJWS {
    static func make(header: JSON, claims: JSON, _ sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
        let signed = [header, claims].map { Base64.encode($0.bytes(), .url) }.joined(separator: ".")
        return try "\(signed).\(Base64.encode(sign(Array(signed.utf8)), .url))"
    }
}

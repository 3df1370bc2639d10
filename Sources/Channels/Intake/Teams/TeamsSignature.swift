import Core
import Crypto

/// How an outgoing webhook of Teams signs a request (learn.microsoft.com, "Create an Outgoing Webhook"): `Authorization:
/// HMAC BASE64`, HMAC-SHA256 over the body with the key that the security token spells in base64.
enum TeamsSignature {
    static let header = "Authorization"

    /// - Throws: `unauthenticated`, always in the same words.
    static func check(_ header: String?, body: [UInt8], token: Secret) throws(GatehouseError) {
        guard let header, header.utf8.count <= 100, header.hasPrefix("HMAC "),
            let given = Base64.decode(header.dropFirst(5)), let code = code(of: body, token: token),
            ConstantTime.equal(given, code)
        else { throw .unsigned }
    }

    /// Nil for a token that is no base64.
    static func code(of body: [UInt8], token: Secret) -> [UInt8]? {
        guard let key = Base64.decode(token.expose()), !key.isEmpty else { return nil }
        return Array(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: key)))
    }
}

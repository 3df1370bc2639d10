import Core
import Crypto
import Web

/// How Slack signs a request (api.slack.com, "Verifying requests from Slack"): HMAC-SHA256 with the app's signing secret
/// over `v0:TIMESTAMP:BODY`, as `v0=HEX`.
enum SlackSignature {
    static let header = "X-Slack-Signature"
    static let timeHeader = "X-Slack-Request-Timestamp"

    /// - Throws: `unauthenticated`, always in the same words.
    static func check(
        _ signature: String?, seconds: String?, body: [UInt8], secret: Secret, at now: Timestamp
    ) throws(GatehouseError) {
        guard let signature, signature.utf8.count == 67, signature.hasPrefix("v0="),
            let given = Hex.decode(signature.dropFirst(3)), let seconds, SignedTime.isNear(seconds, to: now),
            ConstantTime.equal(given, code(of: body, secret: secret, seconds: seconds))
        else { throw .unsigned }
    }

    static func code(of body: [UInt8], secret: Secret, seconds: String) -> [UInt8] {
        let key = SymmetricKey(data: Array(secret.expose().utf8))
        return Array(HMAC<SHA256>.authenticationCode(for: Array("v0:\(seconds):".utf8) + body, using: key))
    }
}

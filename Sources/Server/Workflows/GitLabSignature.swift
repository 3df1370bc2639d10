import Core
import Crypto
import HTTPTypes
import Web

/// How GitLab says that a request is its own (docs.gitlab.com, "Webhooks"): by a signing token (`whsec_BASE64`) as
/// standardwebhooks.com has it, or by a secret token that it sends along.
enum GitLabSignature {
    private static let signing = "whsec_"
    /// A sender that changes its key signs with both for a while.
    private static let mostSignatures = 8

    /// What stands for the request: the same one has it again, also when it is sent anew with a later time. Nil for one
    /// that is not GitLab's.
    static func code(_ call: Call, _ secret: Secret, at now: Timestamp) -> [UInt8]? {
        let text = secret.expose()
        guard text.hasPrefix(signing) else { return token(call, text) }
        guard let key = Base64.decode(text.dropFirst(signing.utf8.count)), !key.isEmpty else { return nil }
        return signed(call, SymmetricKey(data: key), at: now)
    }

    /// `webhook-signature: v1,BASE64 …`, each HMAC-SHA256 over `ID.SECONDS.BODY`.
    private static func signed(_ call: Call, _ key: SymmetricKey, at now: Timestamp) -> [UInt8]? {
        guard let id = call["webhook-id"], (1...200).contains(id.utf8.count), let seconds = call["webhook-timestamp"],
            SignedTime.isNear(seconds, to: now), let header = call["webhook-signature"], header.utf8.count <= 1000
        else { return nil }
        let code = Array(
            HMAC<SHA256>.authenticationCode(for: Array("\(id).\(seconds).".utf8) + call.body, using: key))
        let given = header.split(separator: " ").prefix(mostSignatures).filter { $0.hasPrefix("v1,") }
        guard given.contains(where: { ConstantTime.equal(Base64.decode($0.dropFirst(3)) ?? [], code) }) else {
            return nil
        }
        return Array(HMAC<SHA256>.authenticationCode(for: Array(id.utf8), using: key))
    }

    private static func token(_ call: Call, _ secret: String) -> [UInt8]? {
        guard let given = call["X-Gitlab-Token"], ConstantTime.equal(Array(given.utf8), Array(secret.utf8)) else {
            return nil
        }
        return Array(
            HMAC<SHA256>.authenticationCode(for: call.body, using: SymmetricKey(data: Array(secret.utf8))))
    }
}

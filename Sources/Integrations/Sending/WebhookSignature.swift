package import Core
import Crypto
import Web

/// How the receiver of a webhook knows that it is from who shares the key, and not an old one: `t=SECONDS,v1=HEX`, where HEX
/// is HMAC-SHA256 with that key over `SECONDS.BODY`, the body as it came. The house signs so, and asks for it.
package enum WebhookSignature {
    package static let header = "x-gatehouse-signature"

    static func value(of body: [UInt8], key: Secret, at time: Timestamp) -> String {
        let seconds = "\(time.seconds)"
        return "t=\(seconds),v1=\(Hex.encode(code(of: body, key: key, seconds: seconds)))"
    }

    /// - Parameter seconds: since 1970, as the header spells them.
    package static func code(of body: [UInt8], key: Secret, seconds: String) -> [UInt8] {
        let key = SymmetricKey(data: Array(key.expose().utf8))
        return Array(HMAC<SHA256>.authenticationCode(for: Array("\(seconds).".utf8) + body, using: key))
    }

    /// The code that a header has for a body; nil where it is another's, or too old or too new.
    package static func code(in header: String?, of body: [UInt8], key: Secret, at now: Timestamp) -> [UInt8]? {
        guard let (seconds, given) = SignatureParts.read(header), SignedTime.isNear(seconds, to: now),
            ConstantTime.equal(given, code(of: body, key: key, seconds: seconds))
        else { return nil }
        return given
    }
}

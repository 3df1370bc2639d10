import Core
import Crypto

/// How Twilio signs a request (twilio.com, "Security", "Validating requests are coming from Twilio"): HMAC-SHA1 in base64,
/// with the account's auth token over the whole address and the posted parameters.
///
/// There is no time in it: what comes again is known by the state of its call.
enum TwilioSignature {
    static let header = "X-Twilio-Signature"

    /// - Parameter url: as it was given to Twilio.
    /// - Returns: the signature over that address, by which the same request is known when it comes again. It tells nothing of
    ///   what was posted to who does not have the token.
    /// - Throws: `unauthenticated`, always in the same words.
    static func check(
        _ header: String?, url: String, form: TwilioForm, token: Secret
    ) throws(GatehouseError) -> String {
        guard let header, header.utf8.count == 28, let given = Base64.decode(header) else { throw .unsigned }
        let own = code(of: url, form, token)
        let other = code(of: otherSpelling(of: url), form, token)
        // Both are looked at, so that the time does not tell which one it was.
        let matches = (ConstantTime.equal(given, own), ConstantTime.equal(given, other))
        guard matches.0 || matches.1 else { throw .unsigned }
        return Base64.encode(own)
    }

    static func code(of url: String, _ form: TwilioForm, _ token: Secret) -> [UInt8] {
        let key = SymmetricKey(data: Array(token.expose().utf8))
        return Array(HMAC<Insecure.SHA1>.authenticationCode(for: Array(url.utf8) + form.signed, using: key))
    }

    /// Twilio leaves a port out or names the usual one, depending on where the call comes in.
    private static func otherSpelling(of url: String) -> String {
        let (scheme, port) = url.hasPrefix("https://") ? ("https://", 443) : ("http://", 80)
        let authority = url.dropFirst(scheme.count).prefix { $0 != "/" }
        let path = url[authority.endIndex...]
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            return "\(scheme)\(authority[..<colon])\(path)"
        }
        return "\(scheme)\(authority):\(port)\(path)"
    }
}

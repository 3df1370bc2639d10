import Core
import Crypto

/// Tokens that only a page of ours can know: a keyed hash over the cookie of the sign-in they belong to.
struct CSRF: Sendable {
    private let key: SymmetricKey

    /// - Parameter secretKey: 32 random bytes; a key of its own is derived from them.
    init(secretKey: [UInt8]) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secretKey), info: Array("gatehouse console csrf v1".utf8),
            outputByteCount: 32)
    }

    func token(for cookie: Secret) -> String {
        Base64.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(cookie.expose().utf8), using: key)), .url)
    }

    func isValid(_ token: String, for cookie: Secret) -> Bool {
        ConstantTime.equal(token.utf8, self.token(for: cookie).utf8)
    }
}

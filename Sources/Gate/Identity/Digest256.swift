import Crypto

/// 256 bits in four words: compared in the same time whatever they are, and cheap as the key of a table.
struct Digest256: Sendable, Hashable {
    private let a, b, c, d: UInt64

    /// Nil unless there are exactly 32 bytes.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        (a, b, c, d) = bytes.withUnsafeBytes { raw in
            (
                raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
            )
        }
    }

    fileprivate init(raw: UnsafeRawBufferPointer) {
        a = raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        b = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        c = raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        d = raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    /// SHA-256, for what needs no key.
    init(hashing bytes: [UInt8]) { self = SHA256.hash(data: bytes).withUnsafeBytes { Digest256(raw: $0) } }

    var bytes: [UInt8] {
        [a, b, c, d].flatMap { word in withUnsafeBytes(of: word) { [UInt8]($0) } }
    }

    static func == (left: Digest256, right: Digest256) -> Bool {
        (left.a ^ right.a) | (left.b ^ right.b) | (left.c ^ right.c) | (left.d ^ right.d) == 0
    }
}

/// HMAC-SHA256 under the house's secret key, so that a stolen database yields no credential.
struct KeyedHash: Sendable {
    /// Keeps the hash of one kind of credential from serving as another's.
    enum Purpose: UInt8, Sendable {
        case apiKey = 1
        case signInLink = 2
        case consoleCookie = 3
    }

    private let key: SymmetricKey

    /// - Parameter secret: 32 bytes.
    init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    func digest(_ text: String, for purpose: Purpose) -> Digest256 {
        var message = [purpose.rawValue]
        message.reserveCapacity(text.utf8.count + 1)
        message.append(contentsOf: text.utf8)
        return HMAC<SHA256>.authenticationCode(for: message, using: key).withUnsafeBytes { Digest256(raw: $0) }
    }
}

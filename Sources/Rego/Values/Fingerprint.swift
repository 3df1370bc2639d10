/// 64-bit fingerprints of values, kept in them so that equality mostly ends at the first comparison.
///
/// A folded multiplication under a seed drawn at start: nobody outside can choose keys that collide.
enum Fingerprint {
    private static let seed = UInt64.random(in: 1...UInt64.max) | 1
    private static let secret = UInt64.random(in: 1...UInt64.max) | 1

    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// One word, told apart from the same word in another role by `role`.
    @inline(__always)
    static func of(_ word: UInt64, role: UInt64) -> UInt64 {
        mix(word ^ seed, (role &* 0x9E37_79B9_7F4A_7C15) ^ secret)
    }

    static func of(bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        let secret = secret
        var state = seed ^ UInt64(truncatingIfNeeded: raw.count)
        var at = 0
        while at + 8 <= raw.count {
            state = mix(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self), secret)
            at += 8
        }
        var rest: UInt64 = 0
        while at < raw.count {
            rest = rest << 8 | UInt64(raw[at])
            at += 1
        }
        return mix(mix(state ^ rest, secret), seed)
    }
}

import Core
import Crypto

/// Short hashes for telling findings apart.
enum Digest {
    /// 16 bits of SHA-256 over the bytes without white space (a key that was wrapped otherwise is the same key).
    ///
    /// Few on purpose: enough to tell apart the secrets of one file, far too few to confirm a guess at a password
    /// from a baseline or report that was published.
    static func tag(_ secret: some Sequence<UInt8>) -> UInt16 {
        let bytes = Array(SHA256.hash(data: secret.filter { !isSpace($0) }))
        return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }

    static func context(_ line: [UInt8]) -> UInt64 {
        SHA256.hash(data: line.filter { !isSpace($0) }).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The first 128 bits of SHA-256 over the parts, each with its length before it, in hexadecimal.
    static func hex(_ parts: [[UInt8]]) -> String {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: part)
        }
        return Hex.encode(hash.finalize().prefix(16))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

import Core
import Crypto

/// Hashes, as texts.
enum Digest {
    static func of(_ bytes: some Sequence<UInt8>) -> String {
        Hex.encode(SHA256.hash(data: Array(bytes)))
    }

    static func tooLarge(_ bytes: [UInt8]) -> String {
        "the answer of \(bytes.count) bytes (sha256:\(of(bytes))) is too large to be kept"
    }
}

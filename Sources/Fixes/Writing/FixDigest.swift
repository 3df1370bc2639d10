import Core
import Crypto

/// What identifies a change of files: their paths, and the hashes of what they held and are to hold.
enum FixDigest {
    static func of(_ bytes: [UInt8]) -> String { Hex.encode(SHA256.hash(data: bytes)) }

    static func of(_ changes: [FileChange]) -> String {
        var hash = SHA256()
        for change in changes.sorted(by: { $0.path < $1.path }) {
            hash.update(data: Array("\(change.path)\0\(of(change.before))\0\(of(change.after))\n".utf8))
        }
        return Hex.encode(hash.finalize())
    }
}

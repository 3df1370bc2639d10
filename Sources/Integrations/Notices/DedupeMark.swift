import Core
import Crypto

/// What a dedupe key looks like where a whole one does not fit, such as in a label.
enum DedupeMark {
    /// `gatehouse-` and 16 hexadecimal digits of the key's SHA-256: letters, digits and a dash only.
    static func label(_ key: String) -> String {
        "gatehouse-" + Hex.encode(SHA256.hash(data: Array(key.utf8)).prefix(8))
    }
}

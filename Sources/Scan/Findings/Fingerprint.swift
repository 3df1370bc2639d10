/// What makes a finding the same finding in the next assessment.
///
/// *Fingerprint*: rule, path, 16 bits of a hash of the secret without its white space, and which of equal ones in the
/// file it is (from 0, top to bottom). Lines, columns and the code around do not enter, so that it survives edits;
/// another secret in its place is another finding. The hash is cut short so that a fingerprint which is published
/// (in a baseline, in SARIF) confirms no guess at a weak password; what collides is told apart by the count.
///
/// *Content fingerprint*: the same without the path but with the rest of the line: it finds a moved file's findings.
///
/// Both are the first 128 bits of SHA-256 in hexadecimal, over the parts with their lengths; the first part is a
/// version.
enum Fingerprint {
    static func make(_ hit: Hit, ordinal: Int) -> String {
        Digest.hex([
            Array("gatehouse/1".utf8), Array(hit.rule.id.utf8), hit.path, bytes(hit.secretTag), bytes(UInt32(ordinal)),
        ])
    }

    static func content(_ hit: Hit) -> String {
        Digest.hex([
            Array("gatehouse-content/1".utf8), Array(hit.rule.id.utf8), bytes(hit.secretTag), bytes(hit.contextTag),
        ])
    }

    /// The fingerprints of one file's hits, given from top to bottom.
    static func all(_ hits: [Hit]) -> [String] {
        struct Key: Hashable {
            var rule: String
            var tag: UInt16
        }
        var seen: [Key: Int] = [:]
        return hits.map { hit in
            let ordinal = seen[Key(rule: hit.rule.id, tag: hit.secretTag), default: 0]
            seen[Key(rule: hit.rule.id, tag: hit.secretTag)] = ordinal + 1
            return make(hit, ordinal: ordinal)
        }
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

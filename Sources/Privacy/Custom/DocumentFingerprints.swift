public import Core

/// Passages of confidential documents, found again wherever they are quoted.
///
/// Of each run of ``shingle`` words a keyed hash is made, and of each ``window`` of these the least is kept (winnowing;
/// Schleimer, Wilkerson and Aiken 2003). A quotation of `shingle + window - 1` words is always found; one of fewer than
/// `shingle` words never is. The text cannot be had back from the hashes.
public struct DocumentFingerprints: Sendable {
    public static let shingle = 8
    public static let window = 4

    /// What is to be stored.
    public let hashes: Set<UInt64>
    private let hasher: SipHash

    /// - Parameter key: 16 bytes, kept apart from the hashes.
    /// - Throws: `invalid` for a key of another length.
    public init(of documents: some Sequence<[UInt8]>, key: [UInt8]) throws(GatehouseError) {
        try ExactDictionary.check(key)
        let hasher = SipHash(key: key)
        var hashes: Set<UInt64> = []
        for document in documents {
            let row = document.withUnsafeBytes { WordRow($0) }
            guard row.count >= DocumentFingerprints.shingle else { continue }
            let all = (0...(row.count - DocumentFingerprints.shingle)).map {
                row.hash($0, DocumentFingerprints.shingle, hasher)
            }
            let size = min(DocumentFingerprints.window, all.count)
            for start in 0...(all.count - size) {
                if let least = all[start..<(start + size)].min() { hashes.insert(least) }
            }
        }
        try self.init(hashes: hashes, key: key)
    }

    /// Fingerprints that were stored.
    public init(hashes: Set<UInt64>, key: [UInt8]) throws(GatehouseError) {
        try ExactDictionary.check(key)
        self.hashes = hashes
        hasher = SipHash(key: key)
    }

    /// Passages: shingles that are found and overlap are one.
    func find(in row: WordRow, _ body: (Range<Int>) -> Void) {
        guard row.count >= DocumentFingerprints.shingle else { return }
        var passage: Range<Int>?
        for first in 0...(row.count - DocumentFingerprints.shingle) {
            guard hashes.contains(row.hash(first, DocumentFingerprints.shingle, hasher)) else { continue }
            let range = row.range(first, DocumentFingerprints.shingle)
            if let open = passage, open.upperBound > range.lowerBound {
                passage = open.lowerBound..<range.upperBound
            } else {
                if let passage { body(passage) }
                passage = range
            }
        }
        if let passage { body(passage) }
    }
}

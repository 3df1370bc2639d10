public import Core

/// Words and phrases to be found exactly: names of customers, project names, account numbers.
///
/// It holds hashes under a key and not the entries, so that a list of customers is no leak itself. Entries are compared
/// word by word in small letters; what stands between words (blanks, hyphens, points) does not matter.
public struct ExactDictionary: Sendable {
    public static let longestEntry = 8

    /// SipHash-2-4 of each entry. With ``wordCounts``, what is to be stored.
    public let hashes: Set<UInt64>
    /// How many words entries have.
    public let wordCounts: Set<Int>
    let hasher: SipHash
    let lengths: [Int]

    /// - Parameter key: 16 bytes, kept apart from the hashes.
    /// - Throws: `invalid` for a key of another length, or an entry without words or with more than ``longestEntry``.
    public init(_ entries: some Sequence<String>, key: [UInt8]) throws(GatehouseError) {
        try ExactDictionary.check(key)
        let hasher = SipHash(key: key)
        var hashes: Set<UInt64> = []
        var counts: Set<Int> = []
        for (index, entry) in entries.enumerated() {
            let row = Array(entry.utf8).withUnsafeBytes { WordRow($0) }
            guard (1...ExactDictionary.longestEntry).contains(row.count) else {
                throw GatehouseError(
                    "privacy", .invalid, "entry \(index + 1) of a dictionary has \(row.count) words",
                    hint: "entries have 1 to \(ExactDictionary.longestEntry) words")
            }
            hashes.insert(row.hash(0, row.count, hasher))
            counts.insert(row.count)
        }
        try self.init(hashes: hashes, wordCounts: counts, key: key)
    }

    /// A dictionary that was stored.
    public init(hashes: Set<UInt64>, wordCounts: Set<Int>, key: [UInt8]) throws(GatehouseError) {
        try ExactDictionary.check(key)
        guard wordCounts.allSatisfy({ (1...ExactDictionary.longestEntry).contains($0) }) else {
            throw GatehouseError("privacy", .invalid, "a dictionary's entries have too many words")
        }
        self.hashes = hashes
        self.wordCounts = wordCounts
        lengths = wordCounts.sorted(by: >)
        hasher = SipHash(key: key)
    }

    static func check(_ key: [UInt8]) throws(GatehouseError) {
        guard key.count == 16 else {
            throw GatehouseError("privacy", .invalid, "a dictionary's key has \(key.count) bytes; it must have 16")
        }
    }

    /// The longest entry at each place.
    func find(in row: WordRow, _ body: (Range<Int>) -> Void) {
        var first = 0
        while first < row.count {
            let reach = row.reach(first, lengths.first ?? 0)
            let length = lengths.first { $0 <= reach && hashes.contains(row.hash(first, $0, hasher)) }
            if let length { body(row.range(first, length)) }
            first += length ?? 1
        }
    }
}

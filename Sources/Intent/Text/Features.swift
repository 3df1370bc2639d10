/// The n-grams of a text: words alone and with the word behind them, two words that stand near each other in either
/// order, and 2 to 5 characters of a word with its edges. Each is known by a 64-bit key; the words are kept nowhere.
enum Features {
    /// What an n-gram is made of. It is in the upper two bits of its key, so that keys sort by it.
    enum Kind: UInt64, Sendable, Hashable, CaseIterable { case words, pairs, characters }

    struct Feature {
        var key: UInt64
        /// Bytes of ``Words/bytes``. Of characters: the part inside the word, without the edges.
        var range: Range<Int>
        /// Of a pair: its second word. Of characters: not empty where the word's end belongs to it.
        var other: Range<Int>
        /// Of characters: whether the word's start belongs to it.
        var startsAtEdge = false
    }

    static let characterLengths = 2...5
    /// How far behind a word the other one of a pair may stand; the next word's is a 2-gram already.
    static let pairDistances = 2...6

    static func kind(of key: UInt64) -> Kind { Kind(rawValue: key >> 62) ?? .characters }

    /// As often as they occur.
    static func sortedKeys(of words: Words) -> [UInt64] {
        var keys: [UInt64] = []
        keys.reserveCapacity(words.bytes.count * 6)
        each(of: words) { keys.append($0.key) }
        keys.sort()
        return keys
    }

    /// Hands over each n-gram as often as it occurs.
    @inline(__always)
    static func each(of words: Words, _ body: (Feature) -> Void) {
        words.bytes.withUnsafeBufferPointer { bytes in
            let hashes = words.ranges.map { hashed(bytes[$0], from: seed) }
            var before = hashed(byte: 0x5E, from: seed)
            for (index, range) in words.ranges.enumerated() {
                let start = index == 0 ? range.lowerBound : words.ranges[index - 1].lowerBound
                let both = start..<range.upperBound
                body(Feature(key: key(.words, hashes[index]), range: range, other: range))
                body(Feature(key: key(.words, joined(before, hashes[index])), range: both, other: range))
                before = hashes[index]
                pairs(words, hashes, index, body)
                characters(bytes, range, body)
            }
            guard let last = words.ranges.last else { return }
            let end = hashed(byte: 0x24, from: seed)
            body(Feature(key: key(.words, joined(before, end)), range: last, other: last.upperBound..<last.upperBound))
        }
    }

    @inline(__always)
    private static func pairs(_ words: Words, _ hashes: [UInt64], _ index: Int, _ body: (Feature) -> Void) {
        for distance in pairDistances where distance <= index {
            let first = index - distance
            let (low, high) = (min(hashes[first], hashes[index]), max(hashes[first], hashes[index]))
            body(Feature(key: key(.pairs, joined(low, high)), range: words.ranges[first], other: words.ranges[index]))
        }
    }

    /// The n-grams of one word with a space before and behind it.
    @inline(__always)
    private static func characters(
        _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, _ body: (Feature) -> Void
    ) {
        var start = word.lowerBound - 1
        while start < word.upperBound {
            var hash = seed
            var position = start
            var length = 0
            while position <= word.upperBound, length < characterLengths.upperBound {
                let isEdge = position < word.lowerBound || position == word.upperBound
                let next = isEdge ? position + 1 : scalarEnd(bytes, position, word.upperBound)
                if isEdge {
                    hash = hashed(byte: 0x20, from: hash)
                } else {
                    for index in position..<next { hash = hashed(byte: bytes[index], from: hash) }
                }
                position = next
                length += 1
                guard length >= characterLengths.lowerBound else { continue }
                let inside = max(start, word.lowerBound)..<min(position, word.upperBound)
                body(
                    Feature(
                        key: key(.characters, hash), range: inside, other: min(position, word.upperBound)..<position,
                        startsAtEdge: start < word.lowerBound))
            }
            start = start < word.lowerBound ? word.lowerBound : scalarEnd(bytes, start, word.upperBound)
        }
    }

    /// Where the character (UTF-8) that begins at `position` ends.
    @inline(__always)
    private static func scalarEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, _ limit: Int) -> Int {
        var end = position + 1
        while end < limit, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    // MARK: - Keys: FNV-1a, then mixed so that the bits are spread evenly

    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    private static func hashed(byte: UInt8, from hash: UInt64) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

    @inline(__always)
    private static func hashed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, from hash: UInt64) -> UInt64 {
        var hash = hash
        for byte in bytes { hash = hashed(byte: byte, from: hash) }
        return hash
    }

    @inline(__always)
    private static func joined(_ first: UInt64, _ second: UInt64) -> UInt64 {
        (mixed(first) ^ second) &* 0x9E37_79B9_7F4A_7C15
    }

    @inline(__always)
    private static func mixed(_ hash: UInt64) -> UInt64 {
        let word = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        return word ^ word >> 32
    }

    @inline(__always)
    private static func key(_ kind: Kind, _ hash: UInt64) -> UInt64 { mixed(hash) >> 2 | kind.rawValue << 62 }
}

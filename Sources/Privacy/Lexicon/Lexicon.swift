/// What a word may be. A word can be several things: *Paris* is a given name, a surname and a place.
struct WordKinds: OptionSet, Sendable {
    let rawValue: UInt32

    static let given = WordKinds(rawValue: 1)
    static let surname = WordKinds(rawValue: 2)
    /// Also an everyday word: alone it says nothing.
    static let ambiguous = WordKinds(rawValue: 4)
    /// Begins sentences, or names something that is no person.
    static let common = WordKinds(rawValue: 8)
    static let title = WordKinds(rawValue: 16)
    static let particle = WordKinds(rawValue: 32)
    static let organisation = WordKinds(rawValue: 64)
    static let streetAfter = WordKinds(rawValue: 128)
    static let streetBefore = WordKinds(rawValue: 256)
    static let month = WordKinds(rawValue: 512)
    static let weekday = WordKinds(rawValue: 1024)
    /// Lower-case words after which a name stands.
    static let cue = WordKinds(rawValue: 2048)
    /// Words before a year.
    static let yearCue = WordKinds(rawValue: 4096)
    static let unit = WordKinds(rawValue: 8192)
}

/// An open-addressed table from the hash of a folded word to its kinds.
///
/// Words are folded to lower-case ASCII without accents, so that `Zoë` and `Zoe` are one. Only hashes are kept: two
/// words of one 64-bit hash are a risk of one in billions, and would cost one wrong guess.
struct Lexicon: Sendable {
    private var hashes: [UInt64]
    private var kinds: [WordKinds]
    private var months: [UInt64: Int] = [:]
    private let mask: Int

    static let shared = Lexicon()

    private init() {
        let size = 1 << 14
        mask = size - 1
        hashes = [UInt64](repeating: 0, count: size)
        kinds = [WordKinds](repeating: [], count: size)
        for (words, kind) in Lexicon.lists {
            for word in words.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
                insert(Lexicon.hash(String(word)), kind)
            }
        }
        for (index, words) in Lexicon.monthNames.enumerated() {
            for word in words.split(separator: " ") {
                let hash = Lexicon.hash(String(word))
                insert(hash, .month)
                months[hash] = index + 1
            }
        }
    }

    private static let lists: [(String, WordKinds)] =
        [
            (commonWords, .common), (places, .common), (titles, .title), (particles, .particle),
            (organisations, .organisation), (streetsAfter, .streetAfter), (streetsBefore, .streetBefore),
            (weekdays, .weekday), (cues, .cue), (yearCues, .yearCue),
            (ambiguousNames, WordKinds([.given, .ambiguous])),
            (units, .unit), (surnames, .surname), (ambiguousSurnames, WordKinds([.surname, .ambiguous])),
        ] + givenNames.map { ($0, WordKinds.given) }

    private mutating func insert(_ hash: UInt64, _ kind: WordKinds) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & mask }
        hashes[slot] = hash
        kinds[slot].formUnion(kind)
    }

    func lookUp(_ hash: UInt64) -> WordKinds {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while hashes[slot] != 0 {
            if hashes[slot] == hash { return kinds[slot] }
            slot = (slot + 1) & mask
        }
        return []
    }

    /// 1 to 12.
    func month(_ hash: UInt64) -> Int? { months[hash] }

    static func hash(_ word: String) -> UInt64 {
        var word = word
        return word.withUTF8 { hash(UnsafeRawBufferPointer($0), 0..<$0.count) }
    }

    /// FNV-1a over the folded bytes, mixed once more; never 0.
    static func hash(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var index = range.lowerBound
        while index < range.upperBound {
            var byte = bytes[index]
            index += 1
            if byte >= 0xc3, byte <= 0xc5, index < range.upperBound {
                byte = folded(byte, bytes[index])
                index += 1
            } else if byte &- 0x41 < 26 {
                byte |= 0x20
            }
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        hash ^= hash >> 29
        return hash | 1
    }

    /// The base letter of a Latin-1 or Latin Extended-A letter in UTF-8 (lead byte, continuation byte).
    private static func folded(_ lead: UInt8, _ trail: UInt8) -> UInt8 {
        let table = lead == 0xc3 ? latin1 : lead == 0xc4 ? extendedA1 : extendedA2
        let index = Int(trail & 0x3f)
        return index < table.count ? table[index] : trail
    }

    private static let latin1 = [UInt8]("aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo*ouuuuypy".utf8)
    private static let extendedA1 = [UInt8]("aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll".utf8)
    private static let extendedA2 = [UInt8]("lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs".utf8)
}

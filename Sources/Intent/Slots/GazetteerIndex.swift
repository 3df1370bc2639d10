/// Finds the names of gazetteers by their letters and digits alone: `payment-api`, `Payment API` and `paymentApi` are one.
///
/// Names stand in flat arrays and are looked up by hash, so that a key that is no name (most are none) costs a few steps and
/// no memory of its own.
struct GazetteerIndex: Sendable {
    struct Meaning: Sendable, Hashable {
        var gazetteer: Int
        var value: String
    }

    struct Limits: Sendable, Hashable {
        /// Names and aliases over all gazetteers; those after are left out.
        var names = 100_000
        /// Words of a name; bytes of its letters and digits.
        var words = 8
        var bytes = 64
        /// Letters and digits that a name needs for a slip to be forgiven.
        var fuzzy = 6
    }

    /// All names' keys, one behind the other in lexicographic order.
    private let letters: [UInt8]
    /// By name: where its key stands in `letters`.
    private let keys: [Range<Int>]
    /// By name.
    private let meanings: [[Meaning]]
    private let whole: HashTable
    /// Keys with one letter left out, to those they were made from (symmetric deletes): two keys that differ by one letter
    /// have one such form in common, or one is such a form of the other.
    private let shortened: HashTable
    private let hash: KeyHash
    /// Words of a text that may be one name.
    let longest: Int
    /// Bytes of the longest key.
    private let longestKey: Int
    private let limits: Limits

    init(_ gazetteers: [Gazetteer], limits: Limits = Limits()) {
        let list = NameList(gazetteers, limits)
        let hash = KeyHash(longest: limits.bytes)
        var letters: [UInt8] = []
        var keys: [Range<Int>] = []
        var (whole, shortened): ([HashTable.Entry], [HashTable.Entry]) = ([], [])
        let sorted = list.meanings.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (number, name) in sorted.enumerated() {
            keys.append(letters.count..<letters.count + name.key.count)
            letters += name.key
            whole.append(HashTable.Entry(hash: hash.of(name.key[...]), number: number))
            guard name.key.count >= limits.fuzzy else { continue }
            hash.eachShortened(name.key[...]) { shortened.append(HashTable.Entry(hash: $0, number: number)) }
        }
        (self.letters, self.keys, meanings) = (letters, keys, sorted.map(\.value))
        (self.whole, self.shortened) = (HashTable(whole), HashTable(shortened))
        // A name of one word may be written as two or three.
        longest = min(limits.words, list.longest + 2)
        longestKey = keys.map(\.count).max() ?? 0
        self.hash = hash
        self.limits = limits
    }

    var isEmpty: Bool { keys.isEmpty }

    func exact(_ key: ArraySlice<UInt8>) -> [Meaning] {
        guard key.count <= longestKey else { return [] }
        var found: [Meaning] = []
        whole.each(hash.of(key)) { if letters[keys[$0]] == key { found = meanings[$0] } }
        return found
    }

    /// Names that differ from the key by one letter: another one, one more or one less, or two neighbours swapped.
    func fuzzy(_ key: ArraySlice<UInt8>) -> [Meaning] {
        guard key.count >= limits.fuzzy, key.count <= min(limits.bytes, longestKey + 1) else { return [] }
        var found: [Int] = []
        shortened.each(hash.of(key)) { found.append($0) }
        hash.eachShortened(key) { shorter in
            shortened.each(shorter) { found.append($0) }
            if key.count > limits.fuzzy { whole.each(shorter) { found.append($0) } }
        }
        guard !found.isEmpty else { return [] }
        var result: [Meaning] = []
        for number in Set(found).sorted() where Self.isOneSlip(key, letters[keys[number]]) {
            for meaning in meanings[number] where !result.contains(meaning) { result.append(meaning) }
        }
        return result
    }

    private static func isOneSlip(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
        guard abs(a.count - b.count) <= 1, a != b else { return false }
        let front = zip(a, b).prefix { $0 == $1 }.count
        let (restA, restB) = (a.dropFirst(front), b.dropFirst(front))
        if a.count == b.count {
            if restA.dropFirst() == restB.dropFirst() { return true }
            return restA.dropFirst(2) == restB.dropFirst(2) && restA.prefix(2).elementsEqual(restB.prefix(2).reversed())
        }
        return a.count > b.count ? restA.dropFirst() == restB : restA == restB.dropFirst()
    }
}

/// What the names of gazetteers mean, by key, and of how many words the longest is.
private struct NameList {
    private(set) var meanings: [[UInt8]: [GazetteerIndex.Meaning]] = [:]
    private(set) var longest = 1
    private var names = 0

    init(_ gazetteers: [Gazetteer], _ limits: GazetteerIndex.Limits) {
        for (number, gazetteer) in gazetteers.enumerated() {
            for entry in gazetteer.entries {
                let meaning = GazetteerIndex.Meaning(gazetteer: number, value: entry.value)
                for name in [entry.value] + entry.aliases { add(name, meaning, limits) }
            }
        }
    }

    private mutating func add(_ name: String, _ meaning: GazetteerIndex.Meaning, _ limits: GazetteerIndex.Limits) {
        guard names < limits.names else { return }
        names += 1
        let text = SlotText(name, limit: 512)
        let key = text.letters
        guard !key.isEmpty, key.count <= limits.bytes, text.words.count <= limits.words else { return }
        longest = max(longest, text.words.count)
        if meanings[key]?.contains(meaning) != true { meanings[key, default: []].append(meaning) }
    }
}

/// Finds the names of gazetteers by their letters and digits alone: `payment-api`, `Payment API` and `paymentApi` are one.
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

    private var meanings: [[UInt8]: [Meaning]] = [:]
    /// Keys with one letter left out, to those they were made from (symmetric deletes): two keys that differ by one letter
    /// have one such form in common, or one is such a form of the other.
    private var shortened: [UInt64: [[UInt8]]] = [:]
    let longest: Int
    private let limits: Limits

    init(_ gazetteers: [Gazetteer], limits: Limits = Limits()) {
        self.limits = limits
        var longest = 1
        var names = 0
        for (number, gazetteer) in gazetteers.enumerated() {
            for entry in gazetteer.entries {
                for name in [entry.value] + entry.aliases where names < limits.names {
                    names += 1
                    let words = SlotText(name, limit: 512).words
                    let key = words.flatMap { Array($0.text.utf8) }
                    guard !key.isEmpty, key.count <= limits.bytes, words.count <= limits.words else { continue }
                    longest = max(longest, words.count)
                    let meaning = Meaning(gazetteer: number, value: entry.value)
                    if meanings[key]?.contains(meaning) != true { meanings[key, default: []].append(meaning) }
                }
            }
        }
        // A name of one word may be written as two or three.
        self.longest = min(limits.words, longest + 2)
        for key in meanings.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) where key.count >= limits.fuzzy {
            for left in key.indices { shortened[Self.hash(key, without: left), default: []].append(key) }
        }
    }

    var isEmpty: Bool { meanings.isEmpty }

    func exact(_ key: [UInt8]) -> [Meaning] { key.count <= limits.bytes ? meanings[key] ?? [] : [] }

    /// Names that differ from the key by one letter: another one, one more or one less, or two neighbours swapped.
    func fuzzy(_ key: [UInt8]) -> [Meaning] {
        guard key.count >= limits.fuzzy, key.count <= limits.bytes, !shortened.isEmpty else { return [] }
        var found: [[UInt8]] = shortened[Self.hash(key, without: nil)] ?? []
        for left in key.indices {
            found += shortened[Self.hash(key, without: left)] ?? []
            var shorter = key
            shorter.remove(at: left)
            if shorter.count >= limits.fuzzy, meanings[shorter] != nil { found.append(shorter) }
        }
        var result: [Meaning] = []
        for other in Set(found).sorted(by: { $0.lexicographicallyPrecedes($1) }) where Self.isOneSlip(key, other) {
            for meaning in meanings[other] ?? [] where !result.contains(meaning) { result.append(meaning) }
        }
        return result
    }

    private static func hash(_ key: [UInt8], without left: Int?) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for (index, byte) in key.enumerated() where index != left {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash
    }

    static func isOneSlip(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard abs(a.count - b.count) <= 1, a != b else { return false }
        let front = zip(a, b).prefix { $0 == $1 }.count
        let (restA, restB) = (a[front...], b[front...])
        if a.count == b.count {
            if restA.dropFirst() == restB.dropFirst() { return true }
            return restA.dropFirst(2) == restB.dropFirst(2) && restA.prefix(2).reversed() == Array(restB.prefix(2))
        }
        return a.count > b.count ? restA.dropFirst() == restB : restA == restB.dropFirst()
    }
}

/// Finds names of gazetteers in a text, and decides by the words beside a name where it is of several.
struct GazetteerMatcher: Sendable {
    private let names: [String]
    private let cues: [Set<String>]
    private let index: GazetteerIndex
    private let certain: [Bool]

    /// - Parameter needsCue: names of gazetteers whose entries are everyday words, which count only beside a word that says so.
    init(_ gazetteers: [Gazetteer], needsCue: Set<String>) {
        names = gazetteers.map(\.name)
        cues = gazetteers.map { Set(Cues.words(for: $0)) }
        certain = gazetteers.map { !needsCue.contains($0.name) }
        index = GazetteerIndex(gazetteers)
    }

    func slots(in text: SlotText) -> [Slot] {
        guard !index.isEmpty else { return [] }
        var slots: [Slot] = []
        var first = 0
        while first < text.words.count {
            let match = match(from: first, text)
            if let slot = match?.slot { slots.append(slot) }
            first = match.map { $0.last + 1 } ?? first + 1
        }
        return slots
    }

    /// The longest name that begins with a word; one that is written as it is before one with a slip.
    private func match(from first: Int, _ text: SlotText) -> (slot: Slot, last: Int)? {
        let last = reach(from: first, text)
        for isFuzzy in [false, true] {
            for end in stride(from: last, through: first, by: -1) {
                let key = text.letters(of: first...end)
                let meanings = isFuzzy ? index.fuzzy(key) : index.exact(key)
                guard let slot = slot(meanings, first...end, isFuzzy, text) else { continue }
                return (slot, end)
            }
        }
        return nil
    }

    /// The last word that may belong to a name: between its words stand spaces, or one separator.
    private func reach(from first: Int, _ text: SlotText) -> Int {
        var last = first
        while last + 1 < text.words.count, last - first + 1 < index.longest {
            let between = text.bytes[text.words[last].range.upperBound..<text.words[last + 1].range.lowerBound]
            let isSeparator = between.count == 1 && "-_./:".utf8.contains(between[between.startIndex])
            guard isSeparator || between.allSatisfy({ $0 == 0x20 }) else { break }
            last += 1
        }
        return last
    }

    private func slot(
        _ meanings: [GazetteerIndex.Meaning], _ words: ClosedRange<Int>, _ isFuzzy: Bool, _ text: SlotText
    ) -> Slot? {
        let cued = meanings.filter { isCued($0.gazetteer, words, text) }
        let open = cued.isEmpty ? meanings.filter { certain[$0.gazetteer] || isPlaced(words, text) } : cued
        guard let chosen = open.first else { return nil }
        let certainty = (isFuzzy ? 0.75 : 1) * (cued.isEmpty ? 0.9 : 1) / Double(open.count)
        return Slot(
            name: names[chosen.gazetteer], value: .text(chosen.value),
            range: text.words[words.lowerBound].range.lowerBound..<text.words[words.upperBound].range.upperBound,
            source: isFuzzy ? .fuzzy : .gazetteer, confidence: certainty,
            alternatives: open.dropFirst().map { Slot.Alternative(name: names[$0.gazetteer], value: $0.value) })
    }

    /// Whether a word for this kind of thing stands right before the name or right behind it.
    private func isCued(_ gazetteer: Int, _ words: ClosedRange<Int>, _ text: SlotText) -> Bool {
        var before = words.lowerBound - 1
        if let word = text[before], ["named", "called", "the", "is"].contains(word) { before -= 1 }
        return [text[before], text[words.upperBound + 1]].contains { $0.map(cues[gazetteer].contains) ?? false }
    }

    private func isPlaced(_ words: ClosedRange<Int>, _ text: SlotText) -> Bool {
        var before = words.lowerBound - 1
        if text[before] == "the" { before -= 1 }
        guard let word = text[before] else { return false }
        // «deploy to test», but not «I want to test».
        if word == "to", let verb = text[before - 1] {
            return !["want", "need", "like", "try", "have", "how"].contains(verb)
        }
        return ["in", "on", "to", "from", "into", "onto", "for"].contains(word)
    }
}

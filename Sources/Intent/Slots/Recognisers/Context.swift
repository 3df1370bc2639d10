/// Names that no gazetteer has, beside a word that says what they are: `namespace payments`, `the checkout service`.
struct Context {
    let text: SlotText
    /// What a word says that its neighbour is.
    let cues: [String: String]

    /// Words that are no names.
    static let stopWords: Set<String> = [
        "the", "a", "an", "this", "that", "these", "those", "all", "each", "every", "any", "some", "my", "our", "your",
        "its",
        "their", "in", "of", "for", "to", "on", "and", "or", "is", "are", "was", "were", "with", "without", "by", "at",
        "from",
        "new", "same", "other", "another", "what", "which", "who", "how", "why", "when", "where", "it", "be", "been",
        "has",
        "have", "had", "does", "do", "did", "can", "could", "should", "will", "would", "not", "no", "please", "now",
        "today",
        "as", "if", "then", "so", "up", "down", "out", "over", "into", "onto", "after", "before", "since", "until",
        "failed",
        "fails", "failing", "crashed", "crashes", "crashing", "keeps", "went", "goes", "running", "restarting",
        "that's", "s",
        "named", "called", "whole", "me", "i", "we", "you", "they", "list", "show", "get", "restart", "scale", "delete",
        "named",
        "one", "two", "three", "mesh", "account", "level", "broken", "slow", "only", "there", "here", "still", "again",
    ]

    func slots() -> [Slot] {
        text.words.indices.flatMap { index -> [Slot] in
            guard let name = cues[text.words[index].text] else { return [] }
            return [behind(index, name) ?? before(index, name)].compactMap { $0 }
        }
    }

    private func behind(_ index: Int, _ name: String) -> Slot? {
        var next = index + 1
        if let word = text[next], ["named", "called"].contains(word) { next += 1 }
        guard next < text.words.count, isJoined(next), let range = nameRange(next) else { return nil }
        return slot(name, range, next > index + 1 ? 0.9 : isTelling(range) ? 0.75 : 0.6)
    }

    private func before(_ index: Int, _ name: String) -> Slot? {
        guard index > 0, text.areNeighbours(index - 1), let word = text[index - 1], !Self.stopWords.contains(word),
            cues[word] == nil
        else { return nil }
        let range = text.words[index - 1].range
        let start = text.chunk(at: range.lowerBound)?.lowerBound ?? range.lowerBound
        return slot(name, start..<range.upperBound, 0.5)
    }

    /// Spaces, a colon or an equals sign between a cue and the name.
    private func isJoined(_ index: Int) -> Bool {
        text.bytes[text.words[index - 1].range.upperBound..<text.words[index].range.lowerBound]
            .allSatisfy { " :='\"`".utf8.contains($0) }
    }

    private func nameRange(_ index: Int) -> Range<Int>? {
        let word = text.words[index]
        guard !Self.stopWords.contains(word.text), cues[word.text] == nil else { return nil }
        let chunk = text.chunk(at: word.range.lowerBound)
        return word.range.lowerBound..<(chunk?.upperBound ?? word.range.upperBound)
    }

    private func isTelling(_ range: Range<Int>) -> Bool {
        text.bytes[range].contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 &- 0x30 < 10 }
    }

    private func slot(_ name: String, _ range: Range<Int>, _ confidence: Double) -> Slot {
        Slot(name: name, value: .text(text.text(range)), range: range, source: .context, confidence: confidence)
    }
}

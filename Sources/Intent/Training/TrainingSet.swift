/// Rows as they are trained on: each text once, with one intent.
struct TrainingSet {
    /// In the order of the file.
    private(set) var rows: [LabelledText] = []
    /// Names of intents in alphabetical order, the one of what is out of scope among them.
    let intents: [String]
    /// Each row's number in `intents`.
    let classes: [Int]
    let words: [Words]
    private(set) var notes = Notes()

    struct Notes: Sendable, Hashable {
        var empty = 0
        var duplicates = 0
        var contradictions: [Contradiction] = []
    }

    init(_ all: [LabelledText], wordLimit: Int) {
        var byText: [[UInt8]: [Int]] = [:]
        var order: [[UInt8]] = []
        var allWords: [Words] = []
        for (index, row) in all.enumerated() {
            let words = Words(row.text, limit: wordLimit)
            allWords.append(words)
            let key = Array(words.ranges.map { words.bytes[$0] }.joined(separator: [0x20]))
            if key.isEmpty {
                notes.empty += 1
            } else if byText[key]?.append(index) == nil {
                byText[key] = [index]
                order.append(key)
            }
        }
        var kept: [Int] = []
        for key in order {
            guard let same = byText[key], let first = same.first else { continue }
            kept.append(Self.choice(of: same, all, &notes) ?? first)
        }
        rows = kept.map { all[$0] }
        words = kept.map { allWords[$0] }
        intents = Set(rows.map(\.intent)).sorted()
        var numbers: [String: Int] = [:]
        for (number, intent) in intents.enumerated() { numbers[intent] = number }
        classes = rows.map { numbers[$0.intent] ?? 0 }
    }

    /// Of rows with one text: the first of the intent that most have, of the first such intent.
    private static func choice(of same: [Int], _ all: [LabelledText], _ notes: inout Notes) -> Int? {
        guard same.count > 1 else { return same.first }
        var votes: [String: Int] = [:]
        for index in same { votes[all[index].intent, default: 0] += 1 }
        let most = votes.values.max() ?? 0
        let chosen = same.first { votes[all[$0].intent] == most }
        if votes.count > 1, let chosen {
            let others = same.filter { all[$0].intent != all[chosen].intent }
            notes.contradictions.append(Contradiction(kept: all[chosen], left: others.map { all[$0] }))
        }
        notes.duplicates += same.count - votes.count
        return chosen
    }
}

/// A text that was given several intents.
public struct Contradiction: Sendable, Hashable {
    /// What is trained on: the intent that most rows give the text, or else the first.
    public var kept: LabelledText
    public var left: [LabelledText]
}

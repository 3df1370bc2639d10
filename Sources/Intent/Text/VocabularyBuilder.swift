/// Counts in how many texts each n-gram occurs, and keeps those worth a place in the model.
struct VocabularyBuilder {
    private var texts = 0
    private var counts: [UInt64: Int32] = [:]

    mutating func add(_ words: Words) {
        texts += 1
        var last: UInt64?
        for key in Features.sortedKeys(of: words) where key != last {
            counts[key, default: 0] += 1
            last = key
        }
    }

    /// - Parameter limit: n-grams; where there are more, those in few texts are left out.
    func vocabulary(limit: Int) -> Vocabulary {
        // A pair of words that stood together once says nothing about another text.
        var kept = counts.filter { Features.kind(of: $0.key) != .pairs || $0.value > 1 }.map { ($0.key, $0.value) }
        if kept.count > limit {
            kept.sort { ($1.1, $0.0) < ($0.1, $1.0) }
            kept.removeSubrange(limit...)
        }
        kept.sort { $0.0 < $1.0 }
        return Vocabulary(
            keys: kept.map(\.0), weights: kept.map { weight(Int($0.1)) }, unknownWeight: weight(0))
    }

    /// The square root of the inverse document frequency: whole, it makes too much of what is rare in short texts.
    private func weight(_ count: Int) -> Float {
        Float((Logarithm.of(Double(1 + texts) / Double(1 + count)) + 1).squareRoot())
    }
}

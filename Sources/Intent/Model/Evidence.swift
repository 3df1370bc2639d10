/// A part of a text that speaks for an intent, or against it.
public struct Evidence: Sendable, Hashable {
    /// As it stands in the text in lower case: `refund`, `cancel … order`, `·refu` where `·` is a word's edge.
    public var text: String
    /// What it adds to the intent's score. A score above zero speaks for the intent; near one is clear.
    public var weight: Double
}

extension IntentModel {
    /// The parts of the text that say most about an intent, the strongest first.
    ///
    /// - Parameter intent: of ``intents``; empty for another.
    public func evidence(for intent: String, in text: some StringProtocol, limit: Int = 10) -> [Evidence] {
        guard let index = intents.firstIndex(of: intent) else { return [] }
        let words = Words(text, limit: Self.wordLimit)
        let vector = SparseVector(words, vocabulary)
        var values: [Int: Float] = [:]
        for (number, value) in zip(vector.numbers, vector.values) { values[Int(number)] = value }
        var found: [Evidence] = []
        Features.each(of: words) { feature in
            guard let number = vocabulary.number(of: feature.key), let value = values.removeValue(forKey: number)
            else { return }
            let weight = Double(value * weights.weight(number, index))
            found.append(Evidence(text: Self.name(feature, words), weight: weight))
        }
        found.sort { abs($0.weight) == abs($1.weight) ? $0.text < $1.text : abs($0.weight) > abs($1.weight) }
        return Array(found.prefix(max(0, limit)))
    }

    private static func name(_ feature: Features.Feature, _ words: Words) -> String {
        switch Features.kind(of: feature.key) {
        case .words: words.text(feature.range)
        case .pairs: "\(words.text(feature.range)) … \(words.text(feature.other))"
        case .characters:
            (feature.startsAtEdge ? "·" : "") + words.text(feature.range)
                + (feature.other.isEmpty ? "" : "·")
        }
    }
}

/// Tells which of the intents that it was trained on a text is of, or that it is of none.
public struct IntentModel: Sendable, Hashable {
    /// The name of the intent of texts that are of none.
    public static let outOfScope = "oos"

    /// Of a text; what comes after is not looked at.
    static let wordLimit = 256

    /// In alphabetical order, with ``outOfScope`` where it was trained on examples of it.
    public let intents: [String]
    let vocabulary: Vocabulary
    let weights: QuantisedWeights
    let calibration: Calibration
    private let outOfScopeIndex: Int?

    init(intents: [String], vocabulary: Vocabulary, weights: QuantisedWeights, calibration: Calibration) {
        self.intents = intents
        self.vocabulary = vocabulary
        self.weights = weights
        self.calibration = calibration
        outOfScopeIndex = intents.firstIndex(of: Self.outOfScope)
    }

    /// The probability of being in scope below which a text is out of it.
    public var threshold: Double { calibration.threshold }
    /// Of n-grams.
    public var featureCount: Int { vocabulary.keys.count }

    public func classify(_ text: some StringProtocol) -> Classification {
        let vector = SparseVector(Words(text, limit: Self.wordLimit), vocabulary)
        return classification(weights.scores(vector), vector.known)
    }

    private func classification(_ scores: [Float], _ known: KnownShare) -> Classification {
        let inside = scores.indices.filter { $0 != outOfScopeIndex }
        let signs = ScopeSigns(
            best: inside.lazy.map { scores[$0] }.max() ?? -1, outOfScope: outOfScopeIndex.map { scores[$0] } ?? -1,
            known: known)
        let inScope = calibration.inScope(signs)
        let shares = calibration.softmax(inside.map { scores[$0] })
        var ranked = zip(inside, shares).map { ($0, $1) }
        ranked.sort { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
        return Classification(
            ranked: ranked.map { Classification.Ranked(intent: intents[$0.0], probability: $0.1 * inScope) },
            outOfScope: 1 - inScope,
            isOutOfScope: inScope < calibration.threshold || known.words + known.characters == 0)
    }
}

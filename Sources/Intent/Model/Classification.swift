/// What a text is taken for.
public struct Classification: Sendable, Hashable {
    public struct Ranked: Sendable, Hashable {
        public var intent: String
        /// From 0 to 1; all intents' and ``Classification/outOfScope`` add up to 1.
        public var probability: Double
    }

    /// Intents, the likeliest first; without the one of what is out of scope.
    public var ranked: [Ranked]
    /// The probability that the text is of no intent. It is measured for texts of which one in ten is.
    public var outOfScope: Double
    /// Whether the text is to be taken for one of no intent: by the model's threshold, chosen in training, and not by
    /// which probability is the largest.
    public var isOutOfScope: Bool

    /// The answer: an intent, or ``IntentModel/outOfScope``.
    public var intent: String { isOutOfScope ? IntentModel.outOfScope : ranked.first?.intent ?? IntentModel.outOfScope }
    /// Of the answer.
    public var confidence: Double { isOutOfScope ? outOfScope : ranked.first?.probability ?? 0 }
}

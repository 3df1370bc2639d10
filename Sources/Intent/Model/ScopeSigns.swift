/// What tells whether a text is of any intent at all.
struct ScopeSigns: Sendable, Hashable {
    static let count = 4

    /// The score of the best intent: above zero speaks for it.
    var best: Float
    /// The score of being out of scope; -1 where no example of it was there.
    var outOfScope: Float
    var known: KnownShare

    /// With a 1 in front, for the intercept.
    var values: [Double] { [1, Double(best), Double(outOfScope), Double(known.words), Double(known.characters)] }
}

/// How scores become probabilities, and which are too low.
struct Calibration: Sendable, Hashable {
    /// Scores times this, then softmax.
    var sharpness: Double
    /// Of a logistic regression on ``ScopeSigns/values``.
    var scopeWeights: [Double]
    /// A text whose probability of being in scope is lower is out of scope.
    var threshold: Double

    func inScope(_ signs: ScopeSigns) -> Double {
        Exponential.logistic(zip(scopeWeights, signs.values).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// Probabilities from scores; they add up to 1.
    func softmax(_ scores: [Float]) -> [Double] {
        guard let highest = scores.max() else { return [] }
        let powers = scores.map { Exponential.of(sharpness * Double($0 - highest)) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

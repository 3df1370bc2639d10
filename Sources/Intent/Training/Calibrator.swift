/// Makes probabilities and the threshold of what was judged by machines that had not seen it.
struct Calibrator {
    let heldOut: HeldOut
    /// How many of a hundred texts that are answered rightly may be turned away for the sake of those out of scope.
    let maximumLoss: Double
    /// Of all texts that come, how many are taken to be out of scope.
    static let foreignShare = 0.1
    /// How many texts out of scope must be told for each one that is turned away in error, both as shares.
    static let gainPerLoss = 10.0

    func calibration() -> Calibration {
        var calibration = Calibration(sharpness: sharpness(), scopeWeights: scopeWeights(), threshold: 0)
        calibration.threshold = threshold(calibration)
        return calibration
    }

    /// The one under which the true intents are likeliest: its logarithm, by golden section.
    private func sharpness() -> Double {
        guard !heldOut.scores.isEmpty else { return 1 }
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (Logarithm.of(0.25), Logarithm.of(40.0))
        for _ in 0..<24 {
            let (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
            if surprise(Exponential.of(a)) < surprise(Exponential.of(b)) { high = b } else { low = a }
        }
        return Exponential.of((low + high) / 2)
    }

    private func surprise(_ sharpness: Double) -> Double {
        let calibration = Calibration(sharpness: sharpness, scopeWeights: [], threshold: 0)
        return heldOut.scores.reduce(0) { sum, row in
            sum - Logarithm.of(max(1e-12, calibration.softmax(row.scores)[row.own]))
        }
    }

    private func scopeWeights() -> [Double] {
        let right = heldOut.inScope.filter(\.isRight)
        let share = Self.foreignShare / (1 - Self.foreignShare)
        let weight = share * Double(right.count) / Double(max(1, heldOut.foreign.count))
        let samples =
            right.map { LogisticRegression.Sample(values: $0.signs.values, isPositive: true, weight: 1) }
            + heldOut.foreign.map { LogisticRegression.Sample(values: $0.values, isPositive: false, weight: weight) }
        return LogisticRegression.fit(samples, count: ScopeSigns.count + 1)
    }

    /// Where most is gained, within what may be lost: above what is told by it, and nearer to that than to the answers that
    /// stay, since new texts score lower than those that a file has much alike of.
    private func threshold(_ calibration: Calibration) -> Double {
        let right = heldOut.inScope.filter(\.isRight).map { calibration.inScope($0.signs) }.sorted()
        let foreign = heldOut.foreign.map { calibration.inScope($0) }.sorted()
        guard !right.isEmpty, !foreign.isEmpty else { return 0 }
        var best = (gain: -Double.infinity, threshold: 0.0)
        var told = 0
        for lost in 0...min(right.count - 1, Int(maximumLoss / 100 * Double(heldOut.inScope.count))) {
            while told < foreign.count, foreign[told] < right[lost] { told += 1 }
            let gain =
                Double(told) / Double(foreign.count)
                - Self.gainPerLoss * Double(lost) / Double(heldOut.inScope.count)
            guard gain > best.gain else { continue }
            let below = max(told > 0 ? foreign[told - 1] : 0, lost > 0 ? right[lost - 1] : 0)
            best = (gain, below + (right[lost] - below) / 4)
        }
        return best.threshold
    }
}

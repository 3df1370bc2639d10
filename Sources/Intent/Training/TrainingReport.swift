/// What was trained on, and how well it did on texts that were held back (five-fold cross-validation).
public struct TrainingReport: Sendable, Hashable {
    public var rows: Int
    public var intents: Int
    /// Of n-grams.
    public var features: Int
    /// Rows that were left out since their text is empty.
    public var emptyRows: Int
    /// Rows that say again what another says.
    public var duplicateRows: Int
    public var contradictions: [Contradiction]
    /// The share of held-back texts of an intent for which it was the best, whatever the threshold.
    public var heldOutAccuracy: Double
    /// The same, with those turned away by the threshold counted as wrong.
    public var heldOutAccuracyWithThreshold: Double
    /// The share of texts of none that the threshold turns away. Where the file has few of them, texts of intents that
    /// were left out of training stand in for them, which are harder.
    public var heldOutRecall: Double?
    /// Whether they do.
    public var standsIn: Bool
    public var threshold: Double

    init(_ set: TrainingSet, _ heldOut: HeldOut, _ calibration: Calibration, features: Int) {
        rows = set.rows.count
        intents = set.intents.count
        self.features = features
        emptyRows = set.notes.empty
        duplicateRows = set.notes.duplicates
        contradictions = set.notes.contradictions
        threshold = calibration.threshold
        standsIn = heldOut.hasStandIns
        let right = heldOut.inScope.filter(\.isRight)
        let kept = right.count { calibration.inScope($0.signs) >= calibration.threshold }
        let all = Double(max(1, heldOut.inScope.count))
        heldOutAccuracy = Double(right.count) / all
        heldOutAccuracyWithThreshold = Double(kept) / all
        let told = heldOut.foreign.count { calibration.inScope($0) < calibration.threshold }
        heldOutRecall = heldOut.foreign.isEmpty ? nil : Double(told) / Double(heldOut.foreign.count)
    }
}

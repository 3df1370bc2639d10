import Core

/// Makes a model from labelled texts. The same texts in the same order give the same model, to the byte.
public struct IntentTrainer: Sendable {
    public struct Options: Sendable, Hashable {
        /// Of a hundred texts that would be answered rightly, how many at most may be turned away as out of scope.
        public var maximumLoss = 1.5
        /// The same where the texts have few out of scope among them, and the threshold is set by what stands in for such.
        public var maximumLossUnexampled = 0.5
        public var limits = Limits()

        public init() {}
    }

    public struct Limits: Sendable, Hashable {
        public var intents = 1000
        /// Texts times intents: what training holds in memory grows with it.
        public var cells = 60_000_000
        /// N-grams.
        public var features = 200_000
        /// Bytes of weights: with many intents, fewer n-grams are kept.
        public var weightBytes = 17_000_000

        public init() {}
    }

    /// What training does at the moment, and how far it is.
    public enum Stage: String, Sendable, Hashable {
        case reading, training, calibrating
    }

    public var options: Options

    public init(_ options: Options = Options()) { self.options = options }

    private static let passes = 8
    private static let cost: Float = 1

    /// - Throws: `invalid` for fewer than two intents, `tooLarge` beyond the limits.
    @concurrent
    public func train(
        _ rows: [LabelledText], progress: @Sendable (Stage, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws -> (model: IntentModel, report: TrainingReport) {
        progress(.reading, 0, 1)
        let set = TrainingSet(rows, wordLimit: IntentModel.wordLimit)
        try check(set)
        let vocabulary = vocabulary(of: set)
        var vectors = Vectors()
        for words in set.words { vectors.append(SparseVector(words, vocabulary)) }
        var machine = DualDescent(
            vectors, features: vocabulary.keys.count, classes: set.classes, classCount: set.intents.count,
            cost: Self.cost, seed: 1)
        for pass in 0..<Self.passes {
            progress(.training, pass, Self.passes)
            machine.pass(over: Array(set.rows.indices))
            try Task.checkCancellation()
        }
        let outOfScope = set.intents.firstIndex(of: IntentModel.outOfScope)
        let heldOut = HeldOut(machine, classCount: set.intents.count, outOfScope: outOfScope) {
            progress(.calibrating, $0, $1)
        }
        let loss = heldOut.hasStandIns ? options.maximumLossUnexampled : options.maximumLoss
        let calibration = Calibrator(heldOut: heldOut, maximumLoss: loss).calibration()
        let weights = QuantisedWeights(machine.weightsByFeature(), classCount: set.intents.count)
        let model = IntentModel(
            intents: set.intents, vocabulary: vocabulary, weights: weights, calibration: calibration)
        return (model, TrainingReport(set, heldOut, calibration, features: vocabulary.keys.count))
    }

    private func check(_ set: TrainingSet) throws {
        guard let only = set.intents.first else {
            throw GatehouseError(
                "intent", .invalid, "no row has a text", hint: "write a text and its intent on each line: text,intent")
        }
        guard set.intents.count > 1 else {
            throw GatehouseError(
                "intent", .invalid, "all rows are of the intent \(only): there is nothing to tell apart",
                hint: "add rows of a second intent, or texts of none under the intent \(IntentModel.outOfScope)")
        }
        guard set.intents.count <= options.limits.intents else {
            throw GatehouseError(
                "intent", .tooLarge, "\(set.intents.count) intents; \(options.limits.intents) are allowed",
                hint: "is the column of intents one of texts?")
        }
        let cells = set.rows.count.multipliedReportingOverflow(by: set.intents.count)
        guard !cells.overflow, cells.partialValue <= options.limits.cells else {
            throw GatehouseError(
                "intent", .tooLarge,
                "\(set.rows.count) texts of \(set.intents.count) intents; their product may be \(options.limits.cells)",
                hint: "leave out rows of the intents that have most")
        }
    }

    private func vocabulary(of set: TrainingSet) -> Vocabulary {
        var builder = VocabularyBuilder()
        for words in set.words { builder.add(words) }
        let limit = min(options.limits.features, options.limits.weightBytes / set.intents.count)
        return builder.vocabulary(limit: limit)
    }
}

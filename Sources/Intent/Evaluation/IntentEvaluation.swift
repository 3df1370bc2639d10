/// How a model does on texts whose intents are known.
public struct IntentEvaluation: Sendable, Hashable {
    /// How the texts of one intent fared.
    public struct Row: Sendable, Hashable {
        public var intent: String
        public var texts = 0
        /// Answered with this intent, rightly.
        public var right = 0
        /// Answered with this intent, rightly or not.
        public var answers = 0
        /// What its other texts were taken for, and how often.
        public var mistakes: [String: Int] = [:]

        /// Of the texts of this intent, the share that was answered with it; nil without texts.
        public var recall: Double? { texts > 0 ? Double(right) / Double(texts) : nil }
        /// Of the answers with this intent, the share that was right; nil without answers.
        public var precision: Double? { answers > 0 ? Double(right) / Double(answers) : nil }

        init(_ intent: String) { self.intent = intent }
    }

    /// By intent, in alphabetical order.
    public private(set) var rows: [Row] = []
    /// Of the texts that are of an intent: answered with it whatever the threshold.
    public private(set) var rightWithoutThreshold = 0
    /// Of the texts that are of an intent: turned away as out of scope.
    public private(set) var turnedAway = 0
    /// How far confidence is from how often answers are right: the mean over ten steps of confidence, weighted by the
    /// answers in them (expected calibration error).
    public private(set) var calibrationError = 0.0
    /// Intents of texts that the model was not trained on; their texts count as answered wrongly.
    public let unknownIntents: [String]

    /// - Parameter progress: texts that are done; called every thousand.
    public init(_ model: IntentModel, on texts: [LabelledText], progress: (Int) -> Void = { _ in }) {
        var byIntent: [String: Row] = [:]
        var steps = [CalibrationStep](repeating: CalibrationStep(), count: 10)
        for (index, text) in texts.enumerated() {
            if index % 1000 == 0 { progress(index) }
            let answer = model.classify(text.text)
            byIntent[text.intent, default: Row(text.intent)].texts += 1
            byIntent[answer.intent, default: Row(answer.intent)].answers += 1
            let isRight = answer.intent == text.intent
            if isRight {
                byIntent[text.intent]?.right += 1
            } else {
                byIntent[text.intent]?.mistakes[answer.intent, default: 0] += 1
            }
            steps[min(9, Int(answer.confidence * 10))].count(answer.confidence, isRight)
            guard text.intent != IntentModel.outOfScope else { continue }
            if answer.ranked.first?.intent == text.intent { rightWithoutThreshold += 1 }
            if answer.isOutOfScope { turnedAway += 1 }
        }
        rows = byIntent.values.sorted { $0.intent < $1.intent }
        calibrationError = texts.isEmpty ? 0 : steps.reduce(0) { $0 + $1.distance } / Double(texts.count)
        let known = Set(model.intents + [IntentModel.outOfScope])
        unknownIntents = rows.filter { $0.texts > 0 && !known.contains($0.intent) }.map(\.intent)
    }

    private struct CalibrationStep {
        private var confidence = 0.0
        private var right = 0.0

        mutating func count(_ confidence: Double, _ isRight: Bool) {
            self.confidence += confidence
            right += isRight ? 1 : 0
        }

        var distance: Double { abs(confidence - right) }
    }
}

extension IntentEvaluation {
    private var inside: [Row] { rows.filter { $0.intent != IntentModel.outOfScope } }
    private var outside: Row? { rows.first { $0.intent == IntentModel.outOfScope } }

    public var texts: Int { rows.reduce(0) { $0 + $1.texts } }
    public var textsInScope: Int { inside.reduce(0) { $0 + $1.texts } }
    public var textsOutOfScope: Int { outside?.texts ?? 0 }

    /// Of the texts that are of an intent, the share that was answered with it, those turned away counted as wrong.
    public var accuracyInScope: Double? { share(inside.reduce(0) { $0 + $1.right }, textsInScope) }
    /// The same had nothing been turned away.
    public var accuracyWithoutThreshold: Double? { share(rightWithoutThreshold, textsInScope) }
    /// Of all texts, those out of scope counted as right where they were turned away.
    public var accuracy: Double? { share(rows.reduce(0) { $0 + $1.right }, texts) }
    /// Of the texts out of scope, the share that was turned away.
    public var recallOutOfScope: Double? { outside?.recall }
    /// Of what was turned away, the share that is out of scope.
    public var precisionOutOfScope: Double? { outside?.precision }
    /// The mean over the intents of the harmonic mean of precision and recall.
    public var macroF1: Double? {
        let judged = inside.filter { $0.texts > 0 }
        let sum = judged.reduce(0.0) { $0 + 2 * Double($1.right) / Double(max(1, $1.texts + $1.answers)) }
        return judged.isEmpty ? nil : sum / Double(judged.count)
    }

    /// Intents that have mistakes, the worst first: by the share of texts that was missed, then by how many.
    public var worst: [Row] {
        rows.filter { $0.right < $0.texts }.sorted { a, b in
            let (left, right) = (a.recall ?? 1, b.recall ?? 1)
            if left != right { return left < right }
            return a.texts != b.texts ? a.texts > b.texts : a.intent < b.intent
        }
    }

    private func share(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}

extension IntentEvaluation.Row {
    /// What its texts were taken for, the most frequent first.
    public var takenFor: [(intent: String, count: Int)] {
        mistakes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map { ($0.key, $0.value) }
    }
}

import Core
import Intent

/// Phrases word for word first, and then a classifier that was trained on them.
struct TrainedUnderstander: Understander {
    let catalogue: Catalogue
    private let phrasebook: Phrasebook
    private let model: IntentModel
    private let clock: any WallClock

    /// Trains: a matter of a second.
    init(_ catalogue: Catalogue, clock: any WallClock) async throws {
        self.catalogue = catalogue
        self.clock = clock
        phrasebook = Phrasebook(catalogue)
        model = try await LearnedModels.shared.model(of: ModelText.examples(catalogue))
    }

    /// Below this no intent stands out, whatever the model's threshold says of the text as a whole.
    private static let leastConfidence = 0.25
    /// How many intents are offered where nothing was understood.
    private static let offered = 3

    func understand(_ text: String, knowing gazetteers: [Gazetteer]) async throws -> Understanding {
        understand(text, Names(gazetteers, now: clock.now()))
    }

    func understand(_ text: String, _ names: Names) -> Understanding {
        let wording = Wording(text)
        let matches = phrasebook.matches(wording, names)
        if let sure = Phrasebook.sure(matches) {
            return Understanding(
                intent: sure.intent, slots: mentioned(in: text, sure.intent, names, beside: sure.match.slots),
                confidence: 1)
        }
        let answer = model.classify(ModelText(names).normalised(text))
        let nearest = answer.ranked.prefix(Self.offered).map(\.intent)
        guard !answer.isOutOfScope, answer.confidence >= Self.leastConfidence, let best = answer.ranked.first?.intent
        else {
            return Understanding(intent: nil, confidence: answer.confidence, nearest: Array(nearest))
        }
        let own = matches.first { $0.intent == best }?.match.slots ?? [:]
        return Understanding(
            intent: best, slots: mentioned(in: wording.written, best, names, beside: own),
            confidence: min(answer.confidence, 0.99), nearest: Array(nearest))
    }

    private func mentioned(
        in text: String, _ intent: String, _ names: Names, beside known: [String: String]
    ) -> [String: String] {
        var slots = known
        for need in catalogue[intent]?.slots ?? [] where slots[need.name] == nil {
            slots[need.name] = names.mention(of: need, in: text)
        }
        return slots
    }
}

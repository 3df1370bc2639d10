import Intent

/// Telling 150 intents apart and finding slots in a sentence, and training on 15,000 texts: made ones, as many and as long
/// as those of public sets.
enum IntentBenchmark {
    static func run() async throws -> [Figure] {
        let rows = texts()
        var model: IntentModel?
        let training = try await Spent.measure { model = try await IntentTrainer().train(rows).model }
        guard let model else { return [] }
        let tagger = SlotTagger([
            Gazetteer("service", values: services), Gazetteer("namespace", values: ["payments", "web"]),
        ])
        let sentences = rows.prefix(500).map { "\($0.text) in namespace payments for 2 hours" }
        let both = Spent.median(repetitions: 1) {
            for sentence in sentences {
                keep(model.classify(sentence))
                keep(tagger.slots(in: sentence))
            }
        }
        let alone = Spent.median(repetitions: 1) { for row in rows.prefix(500) { keep(model.classify(row.text)) } }
        return [
            Figure(
                name: "intent: intent of a sentence, 150 intents", value: alone.cpu / 500 * 1000, unit: "ms CPU",
                goal: .atMost(0.1)),
            Figure(
                name: "intent: intent and slots, 2,000 names", value: both.cpu / 500 * 1000, unit: "ms CPU",
                goal: .atMost(0.3)),
            Figure(
                name: "intent: training, 15,000 texts of 150 intents", value: training.cpu, unit: "s CPU",
                goal: .atMost(60)),
            Figure(
                name: "intent: the model's file", value: Double(model.encode().count) / 1e6, unit: "MB",
                goal: .atMost(20)),
        ]
    }

    private static let services = (0..<2000).map { "\(word($0 % 90))-\(word($0 / 7))-\($0 % 13)" }

    /// Three words of an intent's own twelve, and five of the language's four hundred.
    private static func texts() -> [LabelledText] {
        var state: UInt64 = 1
        func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        return (0..<15_000).map { row in
            let intent = row % 150
            let own = (0..<3).map { _ in word(400 + intent * 12 + next(below: 12)) }
            let common = (0..<5).map { _ in word(next(below: 400)) }
            return LabelledText(
                (common.prefix(2) + own + common.suffix(3)).joined(separator: " "), intent: "intent-\(intent)")
        }
    }

    /// Syllables instead of digits: words that look like words.
    private static func word(_ number: Int) -> String {
        let syllables = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu"]
        var rest = number
        var text = ""
        repeat {
            text += syllables[rest % 15]
            rest /= 15
        } while rest > 0
        return text + syllables[number % 7]
    }
}

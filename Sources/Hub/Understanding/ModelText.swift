import Core
import Intent

/// A text as the model is trained on it and asked about it: without politeness, and with the kind of thing in the place of
/// each thing that is named, so that a name says nothing about what is wanted.
struct ModelText: Sendable {
    private let names: Names

    init(_ names: Names) { self.names = names }

    private static let kinds: [String: String] = [
        "repository": "repository", "path": "repository", "url": "repository", "workflow": "workflow",
        "destination": "destination", "tool": "tool", "rule": "rule", "severity": "severity",
        "environment": "environment", "number": "number", "quantity": "number", "percentage": "number",
        "time": "time", "duration": "time", "run": "run", "action": "action", "finding": "finding",
        "approval": "approval", "cve": "cve", "git_ref": "revision",
    ]

    func normalised(_ text: String) -> String {
        let written = Wording(text).written
        let bytes = Array(written.utf8)
        var out: [UInt8] = []
        var position = 0
        for slot in names.slots(in: written) {
            guard let kind = Self.kinds[slot.name], slot.confidence >= 0.7, slot.range.lowerBound >= position else {
                continue
            }
            out += bytes[position..<slot.range.lowerBound]
            out += Array(kind.utf8)
            position = slot.range.upperBound
        }
        return String(decoding: out + bytes[position...], as: UTF8.self)
    }

    /// What a model is trained on: each phrase with the names of kinds in its places, and with names that no tagger knows
    /// where such may stand there.
    static func examples(_ catalogue: Catalogue) -> [LabelledText] {
        let text = ModelText(Names(now: Timestamp(seconds: 0)))
        var rows: [LabelledText] = []
        for intent in catalogue.intents {
            for (number, phrase) in (intent.phrases + [intent.title]).enumerated() {
                for form in forms(of: phrase, intent, number) {
                    rows.append(LabelledText(text.normalised(form), intent: intent.name))
                }
            }
        }
        return rows + catalogue.outOfScope.map { LabelledText(text.normalised($0), intent: IntentModel.outOfScope) }
    }

    private static func forms(of phrase: String, _ intent: ConversationIntent, _ number: Int) -> [String] {
        var kinds: [String: String] = [:]
        var samples: [String: String] = [:]
        for slot in intent.slots {
            kinds[slot.name] = slot.kind.rawValue
            let own = slot.kind.samples
            samples[slot.name] = own.isEmpty ? slot.kind.rawValue : own[number % own.count]
        }
        let (first, second) = (ArgumentTemplate.filled(phrase, kinds), ArgumentTemplate.filled(phrase, samples))
        return first == second ? [first] : [first, second]
    }
}

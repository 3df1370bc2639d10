/// All phrases of a catalogue.
struct Phrasebook: Sendable {
    private let templates: [PhraseTemplate]
    private let needs: [String: [SlotNeed]]

    init(_ catalogue: Catalogue) {
        templates = catalogue.intents.flatMap { intent in
            intent.phrases.compactMap { PhraseTemplate($0, of: intent.name) }
        }
        needs = Dictionary(catalogue.intents.map { ($0.name, $0.slots) }) { first, _ in first }
    }

    struct Found: Sendable, Hashable {
        var intent: String
        var literals: Int
        var match: PhraseTemplate.Match
    }

    /// Phrases that a text fits, those with most words of their own first.
    func matches(_ text: Wording, _ names: Names) -> [Found] {
        let found = templates.compactMap { template in
            template.match(text, needs[template.intent] ?? [], names).map {
                Found(intent: template.intent, literals: template.literals, match: $0)
            }
        }
        return found.enumerated().sorted { a, b in
            a.element.literals == b.element.literals ? a.offset < b.offset : a.element.literals > b.element.literals
        }.map(\.element)
    }

    /// The one intent that the text is a phrase of, without doubt; nil where there are several.
    static func sure(_ found: [Found]) -> Found? {
        let sure = found.filter(\.match.isSure)
        guard let best = sure.first else { return nil }
        let rivals = sure.prefix { $0.literals == best.literals }
        return rivals.allSatisfy { $0.intent == best.intent } ? best : nil
    }
}

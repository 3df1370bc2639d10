/// A phrase with places for slots, and how a text fits it word for word.
struct PhraseTemplate: Sendable, Hashable {
    enum Token: Sendable, Hashable {
        case word(String)
        case slot(String)
    }

    struct Match: Sendable, Hashable {
        var slots: [String: String]
        /// Whether each value is one without doubt.
        var isSure: Bool
    }

    let intent: String
    let tokens: [Token]

    /// Words that stand for themselves.
    var literals: Int { tokens.count { if case .word = $0 { true } else { false } } }

    /// Words that a slot takes at the most.
    private static let longest = 8
    private static let longestText = 60

    /// Nil for a phrase that any text would fit.
    init?(_ phrase: String, of intent: String) {
        self.intent = intent
        tokens = Wording(phrase).words.map { word in
            word.plain.hasPrefix("{") && word.plain.hasSuffix("}")
                ? .slot(String(word.written.dropFirst().dropLast())) : .word(word.plain)
        }
        guard literals > 0 else { return nil }
    }

    /// - Parameters:
    ///   - needs: the intent's slots.
    func match(_ text: Wording, _ needs: [SlotNeed], _ names: Names) -> Match? {
        guard text.words.count >= tokens.count else { return nil }
        let present = Set(text.words.map(\.plain))
        for case .word(let word) in tokens where !present.contains(word) { return nil }
        return match(tokens[...], text, from: 0, needs, names)
    }

    /// No phrase has more than a few slots, each of which takes few words: that bounds the work.
    private func match(
        _ tokens: ArraySlice<Token>, _ text: Wording, from position: Int, _ needs: [SlotNeed], _ names: Names
    ) -> Match? {
        guard let token = tokens.first else {
            return position == text.words.count ? Match(slots: [:], isSure: true) : nil
        }
        let rest = tokens.dropFirst()
        guard position < text.words.count, text.words.count - position >= tokens.count else { return nil }
        switch token {
        case .word(let word):
            return text.words[position].plain == word ? match(rest, text, from: position + 1, needs, names) : nil
        case .slot(let name):
            guard let need = needs.first(where: { $0.name == name }) else { return nil }
            let most = min(
                need.kind == .text ? Self.longestText : Self.longest, text.words.count - position - rest.count)
            guard most > 0 else { return nil }
            for count in 1...most {
                let end = position + count
                guard var match = match(rest, text, from: end, needs, names),
                    let reading = names.reading(text.written(position..<end), as: need)
                else { continue }
                match.slots[name] = reading.value
                match.isSure = match.isSure && reading.isSure
                return match
            }
            return nil
        }
    }
}

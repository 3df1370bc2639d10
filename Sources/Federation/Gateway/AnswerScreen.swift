import Core
import JSON
import Privacy

/// What becomes of answers that read like an attack on the model that asked.
public enum PoisonedAnswers: String, Sendable, Hashable, CaseIterable {
    /// They do not reach the client; that the call was made stays true, and on record.
    case withhold
    /// They pass, labelled as untrusted like all answers of tools.
    case label
}

/// Looks for instructions and hidden text in what tools answer.
struct AnswerScreen: Sendable {
    /// Above the score from which a text is suspicious: answers quote pages and files that people write about attacks.
    static let threshold = 0.7

    let scanner: InjectionScanner

    /// The kinds of what was found; empty for an answer that is fit to pass.
    /// - Throws: `too_large`: what was not looked at does not pass.
    func poison(in result: JSON) throws -> Set<String> {
        var kinds: Set<String> = []
        try visit(result) { text in
            guard text.utf8.count > 3 else { return }
            let assessment = try scanner.assess(Array(text.utf8))
            if assessment.score >= Self.threshold { kinds.formUnion(assessment.reasons.map(\.kind.rawValue)) }
        }
        return kinds
    }

    /// Sounds and pictures are no texts.
    private func visit(_ value: JSON, _ look: (String) throws -> Void) rethrows {
        switch value {
        case .string(let text): try look(text)
        case .array(let elements): for element in elements { try visit(element, look) }
        case .object(let members):
            let isBinary = ["image", "audio"].contains(members["type"]?.string)
            for (key, member) in members where !(key == "blob" || isBinary && key == "data") {
                try look(key)
                try visit(member, look)
            }
        default: break
        }
    }

    /// In the place of an answer that does not pass.
    static func withheld(_ kinds: Set<String>) -> JSON {
        let text = """
            The call was made, and its answer is withheld: it reads like an attack on whoever reads it \
            (\(kinds.sorted().joined(separator: ", "))). A person can look at what the tool does.
            """
        return [
            "content": [["type": "text", "text": .string(text)]], "isError": true,
            "_meta": ["gatehouse/withheld": .array(kinds.sorted().map { .string($0) })],
        ]
    }
}

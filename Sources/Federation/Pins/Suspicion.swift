import Core
import JSON
public import Privacy

/// What makes a definition suspicious: who agrees to it is shown that, and until then it is not on offer.
public struct Suspicion: Sendable, Hashable {
    /// Where, as a JSON pointer into what the server sent.
    public let place: String
    /// `instruction`, `hidden_text`, `role_marker`, …
    public let kind: String
    public let score: Double
}

/// Looks for instructions and hidden text in what servers say of their tools.
public struct DefinitionScanner: Sendable {
    /// From here on a text deserves suspicion; see ``InjectionAssessment/score``.
    static let threshold = 0.5
    /// Beyond these, a definition is suspicious for its size alone.
    static let mostTexts = 4096

    private let scanner: InjectionScanner

    public init(_ scanner: InjectionScanner) { self.scanner = scanner }

    /// - Throws: `too_large`: what was not looked at is not offered.
    func suspicions(in tool: JSON) throws(GatehouseError) -> [Suspicion] {
        var walk = Walk(scanner: scanner)
        try walk.visit(tool, at: "")
        return walk.found
    }

    private struct Walk {
        let scanner: InjectionScanner
        var found: [Suspicion] = []
        var texts = 0

        mutating func visit(_ value: JSON, at place: String) throws(GatehouseError) {
            switch value {
            case .string(let text): try look(at: text, place)
            case .array(let elements):
                for (index, element) in elements.enumerated() { try visit(element, at: "\(place)/\(index)") }
            case .object(let members):
                for (key, member) in members {
                    let below = "\(place)/\(key)"
                    try look(at: key, below)
                    try visit(member, at: below)
                }
            default: break
            }
        }

        private mutating func look(at text: String, _ place: String) throws(GatehouseError) {
            texts += 1
            guard texts <= DefinitionScanner.mostTexts else {
                throw GatehouseError("mcp", .tooLarge, "a definition of more than \(DefinitionScanner.mostTexts) texts")
            }
            guard text.utf8.count > 3 else { return }
            let assessment = try scanner.assess(Array(text.utf8))
            guard assessment.score >= DefinitionScanner.threshold else { return }
            let strongest = assessment.reasons.max { $0.weight < $1.weight }
            found.append(
                Suspicion(place: place, kind: strongest?.kind.rawValue ?? "instruction", score: assessment.score))
        }
    }
}

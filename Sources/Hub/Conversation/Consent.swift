/// A clear yes, or a clear no: a text that says that and nothing else.
enum Consent: Sendable, Hashable {
    case yes, no

    private static let yeses: Set<String> = [
        "yes", "y", "yes please", "yep", "yeah", "yes do it", "yes go ahead", "go ahead", "do it", "please do",
        "confirm",
        "confirmed", "i confirm", "ok", "okay", "sure", "agreed", "proceed",
    ]
    private static let noes: Set<String> = [
        "no", "n", "nope", "no thanks", "no thank you", "don't", "do not", "don't do it", "do not do it", "stop",
        "cancel",
        "never mind", "nevermind", "forget it", "forget that", "leave it", "abort", "rather not", "not now",
    ]

    /// Nil for all that is neither.
    init?(_ text: String) {
        guard text.utf8.count <= 40 else { return nil }
        let marks: Set<Character> = [".", ",", "!"]
        let said = text.lowercased().filter { !marks.contains($0) }.map { $0 == "’" ? "'" : $0 }
        let words = String(said).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if Self.yeses.contains(words) {
            self = .yes
        } else if Self.noes.contains(words) {
            self = .no
        } else {
            return nil
        }
    }
}

/// How much a text reads like an attack on a model, and why. A hint: what follows from it is policy's to say.
public struct InjectionAssessment: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// It tells a model what to do: to forget its instructions, to be another, to keep something from its user.
        case instruction
        /// It pretends that another speaks: marks of chat templates, `system:`.
        case roleMarker = "role_marker"
        /// Characters that nobody sees: tags, rows of zero-width characters, overrides of the writing direction.
        case hiddenText = "hidden_text"
        /// One of these behind an encoding or disguise.
        case encoded
        /// A link or picture whose address carries data to elsewhere.
        case dataLink = "data_link"
        /// Passages of the system prompt.
        case promptLeak = "prompt_leak"
    }

    public struct Reason: Sendable, Hashable {
        public var kind: Kind
        /// Bytes of the text as it came.
        public var range: Range<Int>
        /// From 0 to 1: how much it would say alone.
        public var weight: Double
    }

    /// From 0 to 1; independent reasons add up. From 0.5 on a text deserves suspicion.
    public var score: Double
    /// By position.
    public var reasons: [Reason]

    /// One reason of a kind with one weight counts once, however often it is there.
    init(_ reasons: [Reason]) {
        self.reasons = reasons.sorted {
            ($0.range.lowerBound, $0.kind.rawValue) < ($1.range.lowerBound, $1.kind.rawValue)
        }
        var counted: Set<String> = []
        let rest = reasons.reduce(1.0) { rest, reason in
            counted.insert("\(reason.kind.rawValue) \(reason.weight)").inserted ? rest * (1 - reason.weight) : rest
        }
        score = 1 - rest
    }
}

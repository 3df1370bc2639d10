/// What a fixer would change, before it is proven.
struct Proposal: Sendable {
    var kind: Fix.Kind
    var title: String
    /// By path, as assessments name it.
    var edits: [String: [TextEdit]]
    /// What is left for a person to do, in order.
    var steps: [String] = []
    /// What it could break.
    var risks: [String] = []
    var isMajor = false
    var proof = Fix.Proof.assessed
    /// Rules whose findings of the same package stay.
    var leaves: Set<String> = []
}

/// Why a finding is not fixed, in words for a person.
struct NoFix: Error, Sendable, Hashable {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}

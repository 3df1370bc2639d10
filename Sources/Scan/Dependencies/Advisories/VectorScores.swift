import Formats

/// CVSS of vectors, each scored once: a few hundred spellings stand for most advisories.
struct VectorScores {
    private var known: [String: CVSS?] = [:]

    /// Nil for a vector that cannot be read.
    subscript(vector: String) -> CVSS? {
        mutating get {
            if let scored = known[vector] { return scored }
            let scored = try? CVSS(vector)
            known[vector] = .some(scored)
            return scored
        }
    }
}

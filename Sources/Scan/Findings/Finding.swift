public import Core
public import JSON
public import Privacy

/// One flaw in one place, as every report, the store and the console have it. Never holds a secret.
public struct Finding: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        case open
        /// Known before: by a baseline, or to somebody.
        case known
        /// Does no harm here: so says a comment in the code, a VEX statement or somebody, with a reason.
        case suppressed
        /// Does harm, which somebody has taken on for a time.
        case accepted
        /// Was there once; an assessment that looked in its place found it no more.
        case fixed
    }

    /// `fnd_…`; the same for the same fingerprint in the same repository, once it is in the store.
    public var id: String
    /// See ``Fingerprint``.
    public var fingerprint: String
    /// Without the path: what a renamed file is recognised by.
    public var contentFingerprint: String
    public var rule: ScanRule
    public var confidence: Confidence
    /// Proven by a checksum or inner structure.
    public var isVerified: Bool
    /// What its issuer said of it; nil where nobody was asked.
    public var validity: Validity?
    /// Relative to the root, made printable.
    public var path: String
    public var start: Place
    /// Just past the last character.
    public var end: Place
    public var snippet: String
    /// The scanner: `scan.secrets`.
    public var source: String
    public var state: State
    /// Why it is known, suppressed or accepted.
    public var stateReason: String?
    /// The oldest commit that holds it, where history was looked through.
    public var commit: Commit?
    /// Gone from the tree, but not from the history.
    public var isOnlyInHistory: Bool
    public var priority: Priority
    public var firstSeen: Timestamp
    public var lastSeen: Timestamp
    /// What else is known of it, in members of the scanner's own; nil for most.
    public var details: JSONObject?
    /// What somebody decided; nil where nobody did.
    public var triage: Triage?
    /// When it is to be gone; nil for what is not open, and for what nobody waits for.
    public var due: Timestamp?
    /// Who saw it, the first of them the one whose words it bears; empty where one scanner of our own did.
    public var sources: [FindingSource] = []

    public struct Commit: Sendable, Hashable {
        public var id: String
        public var authored: Timestamp?
    }

    public var severity: Severity { rule.severity }

    public func isOverdue(at time: Timestamp) -> Bool { due.map { $0 < time } ?? false }
}

extension Confidence {
    public var word: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        }
    }

    init?(word: String) {
        guard let match = Confidence.allCases.first(where: { $0.word == word }) else { return nil }
        self = match
    }
}

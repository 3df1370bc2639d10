/// What becomes of a finding.
public enum PrivacyAction: String, Sendable, Hashable, CaseIterable {
    /// It stays.
    case allow
    /// All but the last four characters are covered; separators stay.
    case mask
    /// `[EMAIL]`.
    case redact
    /// An invented value of the same kind and form, the same each time within a session.
    case standIn = "stand_in"
    /// `<EMAIL_1>`: reversible, the same each time within a session.
    case token
    /// The whole text does not pass.
    case block

    /// By how little of the value passes: all of it, its end, that it is the same one and can come back, that it is the
    /// same one, its kind, nothing.
    var strictness: Int {
        switch self {
        case .allow: 0
        case .mask: 1
        case .token: 2
        case .standIn: 3
        case .redact: 4
        case .block: 5
        }
    }
}

/// From the laxest to the strictest: allow, mask, token, stand-in, redact, block.
extension PrivacyAction: Comparable {
    public static func < (a: PrivacyAction, b: PrivacyAction) -> Bool { a.strictness < b.strictness }
}

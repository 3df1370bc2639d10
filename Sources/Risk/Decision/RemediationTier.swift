/// By when a flaw is to be gone: the timelines of CISA's Binding Operational Directive 26-04.
public enum RemediationTier: Int, Sendable, Hashable, Comparable, CaseIterable {
    case threeDaysAndForensics, threeDays, fourteenDays, sixtyDays, nextUpgrade

    public static func < (a: RemediationTier, b: RemediationTier) -> Bool { a.rawValue < b.rawValue }

    public var words: String {
        switch self {
        case .threeDaysAndForensics: "within 3 days, with a forensic investigation"
        case .threeDays: "within 3 days"
        case .fourteenDays: "within 14 days"
        case .sixtyDays: "within 60 days"
        case .nextUpgrade: "with the next upgrade"
        }
    }

    /// - Parameters: among the known exploited (K), exposed (E), automatable (A), total impact (T).
    public init(known: Bool, exposed: Bool, automatable: Bool, total: Bool) {
        switch (known, exposed, automatable, total) {
        case (true, true, _, true), (true, _, true, true): self = .threeDaysAndForensics
        case (true, true, true, false), (false, true, true, true): self = .threeDays
        case (true, _, _, _), (_, true, true, _), (_, true, _, true): self = .fourteenDays
        case (_, true, _, _), (_, _, true, _): self = .sixtyDays
        default: self = .nextUpgrade
        }
    }
}

/// How bad a finding, alert or incident is, in the field's usual five steps.
public enum Severity: String, Sendable, Hashable, CaseIterable, Codable {
    case info, low, medium, high, critical
}

extension Severity: Comparable {
    private var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
}

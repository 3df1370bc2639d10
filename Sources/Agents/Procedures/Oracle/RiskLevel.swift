/// How much is at stake, of one thing or of all together. The steps of threat models, with one for nothing at all.
enum RiskLevel: String, CaseIterable, Comparable, Sendable {
    case nothing = "none"
    case low, medium, high, critical

    static func < (a: RiskLevel, b: RiskLevel) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What it adds to the score, on the scale of threat models.
    var points: Int {
        switch self {
        case .nothing: 0
        case .low: 1
        case .medium: 3
        case .high: 6
        case .critical: 9
        }
    }

    var raised: RiskLevel { self == .high ? .critical : self == .medium ? .high : self }
}

/// What an asset is worth to whom it belongs; as the configuration of dependencies has it.
enum AssetCriticality: String, CaseIterable, Sendable {
    case low, medium, high, critical
}

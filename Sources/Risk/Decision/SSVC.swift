/// CERT/CC's Stakeholder-Specific Vulnerability Categorization for who deploys (patch application priority, 1.0.0).
public enum SSVC: Int, Sendable, Hashable, Comparable, CaseIterable {
    case immediate, outOfCycle, scheduled, `defer`

    public static func < (a: SSVC, b: SSVC) -> Bool { a.rawValue < b.rawValue }

    public var words: String {
        switch self {
        case .immediate: "immediate"
        case .outOfCycle: "out-of-cycle"
        case .scheduled: "scheduled"
        case .defer: "defer"
        }
    }

    public init(
        _ exploitation: RiskFacts.Exploitation, _ exposure: RiskFacts.Exposure, automatable: Bool,
        impact: RiskFacts.Criticality
    ) {
        let row = Self.table[Self.place(exploitation)][Self.place(exposure) * 2 + (automatable ? 1 : 0)]
        switch row.utf8.dropFirst(Self.place(impact)).first {
        case UInt8(ascii: "i"): self = .immediate
        case UInt8(ascii: "o"): self = .outOfCycle
        case UInt8(ascii: "s"): self = .scheduled
        default: self = .defer
        }
    }

    private static func place<Value: CaseIterable & Equatable>(_ value: Value) -> Int {
        Array(Value.allCases).firstIndex(of: value) ?? 0
    }

    /// For no exploitation, a public proof of concept and active exploitation: small, controlled and open exposure, each
    /// not automatable and automatable; in each text by impact from low to very high.
    private static let table: [[String]] = [
        ["ddss", "dsss", "dsss", "ssss", "dsss", "ssso"],
        ["dsss", "ssss", "dsss", "ssso", "ssso", "ssoo"],
        ["ssoo", "sooo", "ssoo", "oooo", "sooi", "ooii"],
    ]
}
